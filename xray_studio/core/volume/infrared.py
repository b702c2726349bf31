"""Temperatures from what an infrared camera counts. Pure.

A camera counts S = R1 / (R2 (exp(B / T) - F)) - O of a black body at T kelvin: Planck's law for one
band, with constants of its calibration. Of a real scene it sees the object, which emits a part and
mirrors the rest of what surrounds it, through air and, where there is one, a window, which take
some of it away and shine themselves (FLIR, Thermal measurement formula; transmission of the air by
its water and the distance).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError

ZERO: Final = 273.15  # kelvin at 0 degrees Celsius
CELSIUS: Final = "°C"
_WATER: Final = (1.5587, 0.06939, -2.7816e-4, 6.8455e-7)  # of saturated air, by powers of °C
_NONE: Final = (
    "The camera's calibration is missing or damaged, so that no temperatures can be told."
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants of Planck's law for one camera, as its files name them."""

    r1: float
    r2: float
    b: float
    f: float
    o: float

    def counts(self, kelvin: float) -> float:
        """Return what the camera counts of a black body."""
        return self.r1 / (self.r2 * (math.exp(self.b / kelvin) - self.f)) - self.o

    def kelvin(self, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return temperatures of black bodies, NaN for counts that none gives."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.b / np.log(self.r1 / (self.r2 * (counts + self.o)) + self.f)
        return np.asarray(np.where(found > 0.0, found, np.nan))


@dataclass(frozen=True, slots=True)
class Air:
    """How air takes radiation away: constants as files of FLIR name them (alpha, beta, X)."""

    alpha: tuple[float, float] = (0.006569, 0.01262)
    beta: tuple[float, float] = (-0.002276, -0.00667)
    x: float = 1.9

    def transmission(self, metres: float, celsius: float, humidity: float) -> float:
        """Return which part comes through; `humidity` is relative, 0 to 1."""
        powers = sum(factor * celsius**power for power, factor in enumerate(_WATER))
        water = math.sqrt(max(0.0, humidity) * math.exp(powers))
        way = math.sqrt(max(0.0, metres))
        one, other = (
            math.exp(-way * (alpha + beta * water))
            for alpha, beta in zip(self.alpha, self.beta, strict=True)
        )
        return self.x * one + (1.0 - self.x) * other


@dataclass(frozen=True, slots=True)
class Scene:
    """What a camera was told of the scene: temperatures in kelvin, the distance in metres.

    `emissivity`, `window` (its transmission) and `humidity` are 0 to 1.
    """

    emissivity: float = 1.0
    distance: float = 0.0
    reflected: float = ZERO + 20.0
    air: float = ZERO + 20.0
    window_at: float = ZERO + 20.0
    window: float = 1.0
    humidity: float = 0.5

    @property
    def words(self) -> str:
        """What temperatures hold for."""
        told = f"emissivity {self.emissivity:.3g}, {self.distance:.3g} m"
        told += f", surroundings at {self.reflected - ZERO:.3g} {CELSIUS}"
        return told + (f", a window that lets {self.window:.0%} through" if self.window < 1 else "")


def celsius(
    counts: npt.NDArray[Any], calibration: Calibration, scene: Scene, air: Air
) -> npt.NDArray[np.float32]:
    """Return temperatures of what was seen, float32, NaN where counts give none.

    The window stands half-way, so that each half of the air takes its part. Raises UnreadableError
    for constants that no camera has.
    """
    try:
        half = air.transmission(scene.distance / 2.0, scene.air - ZERO, scene.humidity)
        lit, warm, pane = (
            calibration.counts(kelvin) for kelvin in (scene.reflected, scene.air, scene.window_at)
        )
        kept = scene.emissivity * half * scene.window * half
        other = (
            (1.0 - scene.emissivity) * lit * half * scene.window * half
            + (1.0 - half) * warm * scene.window * half
            + (1.0 - scene.window) * pane * half
            + (1.0 - half) * warm
        )
        if not (kept > 0.0 and math.isfinite(kept) and math.isfinite(other)):
            raise UnreadableError(_NONE)
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        raise UnreadableError(_NONE) from error
    kelvin = calibration.kelvin((counts.astype(np.float64) - other) / kept)
    return (kelvin - ZERO).astype(np.float32)
