"""The contrast: injected at the ostium, carried along the arteries, seen in muscle and veins.

Blood in the middle of a vessel runs ahead of blood at the wall, so the front is drawn out as it
travels and the last of it lingers; flow is fast in diastole and almost stops in systole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.motion import Rhythm

IODINE = 0.18  # attenuation per mm of undiluted contrast
STEP = 0.01  # seconds
LONGEST = 320.0  # mm of artery
CAPILLARY_DISTANCE = 150.0  # mm from the ostium
DRAINAGE = 1.3  # seconds that blood stays in the muscle
SLOWNESS = np.array([0.62, 0.76, 0.92, 1.15, 1.55, 2.3])
SHARE = np.array([0.14, 0.26, 0.25, 0.18, 0.11, 0.06])


@dataclass(frozen=True)
class Bolus:
    """Injection from `start` for `length` seconds; `speed` of blood in mm per second."""

    rhythm: Rhythm
    start: float = 0.75
    length: float = 2.5
    speed: float = 165.0
    duration: float = 8.0

    @cached_property
    def clock(self) -> Array:
        """Times in seconds at which the tables below are kept."""
        return np.arange(0.0, self.duration + 1.0, STEP)

    @cached_property
    def travelled(self) -> Array:
        """Distance blood has come since the beginning, mm: slow in systole, fast in diastole."""
        systolic = self.rhythm.contraction(self.clock)
        return np.cumsum(self.speed * np.clip(1.35 - 1.1 * systolic, 0.15, None) * STEP)

    @cached_property
    def injected(self) -> Array:
        """Concentration (0 to 1) at the ostium."""
        since = self.clock - self.start
        rise = 1.0 - np.exp(-np.maximum(since, 0.0) / 0.09)
        over = np.maximum(since - self.length, 0.0)
        fall = 0.8 * np.exp(-over / 0.28) + 0.2 * np.exp(-over / 0.9)
        return np.where(since > 0.0, rise * fall, 0.0)

    def at_ostium(self, time: float) -> float:
        """Concentration (0 to 1) that enters the artery at a time in seconds."""
        return float(np.interp(time, self.clock, self.injected))

    def _entered(self, distance: Array) -> Array:
        """Concentration that entered when the blood now `distance` behind entered."""
        return np.interp(np.interp(distance, self.travelled, self.clock), self.clock, self.injected)

    def _arterial(self, time: Array | float, distance: Array | float) -> Array:
        here = np.interp(time, self.clock, self.travelled)
        parts = [
            share * self._entered(np.maximum(here - slowness * distance, 0.0))
            for slowness, share in zip(SLOWNESS, SHARE, strict=True)
        ]
        return np.asarray(sum(parts))

    def arterial(self, time: float, distance: Array) -> Array:
        """Concentration (n,) at path lengths (n,) in mm from the ostium."""
        grid = np.linspace(0.0, LONGEST, 161)
        return np.interp(distance, grid, self._arterial(time, grid))

    @cached_property
    def _capillary(self) -> Array:
        """Contrast held in the muscle over time: what arrived, drained at a steady rate."""
        arrived = self._arterial(self.clock, CAPILLARY_DISTANCE)
        decay = np.exp(-self.clock / DRAINAGE) * STEP / DRAINAGE
        return np.convolve(arrived, decay)[: len(arrived)]

    def muscle(self, time: float) -> float:
        """Concentration in the heart muscle's capillaries (0 to 1, not yet scaled by volume)."""
        return float(np.interp(time - 0.25, self.clock, self._capillary))

    def venous(self, time: float, distance: Array) -> Array:
        """Concentration (n,) in veins at path lengths (n,) from their beginning."""
        return 0.18 * np.interp(time - 0.9 - distance / 110.0, self.clock, self._capillary)
