"""Transfer functions: which colour and opacity a value has in a rendering. Pure.

Opacity is that of one millimetre of the material, so that a picture does not depend on how finely
a volume is sampled (Drebin, Carpenter and Hanrahan, "Volume rendering", SIGGRAPH 1988).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError

Colour = tuple[float, float, float]
HOUNSFIELD: Final = "HU"
GAP: Final = 1e-3  # of the span between the ends, that lies between two points at least
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class TransferPoint:
    """What a value looks like: opacity of one millimetre and colour (sRGB), each 0 to 1."""

    value: float
    opacity: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer function, straight between its points and level beyond them.

    `unit` is the unit of the values; "" counts from the lowest value of a volume, 0, to the
    highest, 1. Shaded, surfaces are lit from the viewer's side.
    """

    points: tuple[TransferPoint, ...]
    unit: str = HOUNSFIELD
    shaded: bool = True

    def __post_init__(self) -> None:
        values = [point.value for point in self.points]
        if len(values) < _FEWEST or values != sorted(set(values)):
            raise UsageError("A transfer function needs two points or more, at rising values.")
        parts = [part for point in self.points for part in (point.opacity, *point.colour)]
        if not all(0.0 <= part <= 1.0 for part in parts):
            raise UsageError("Opacities and colours of a transfer function go from 0 to 1.")

    def with_point(self, number: int, point: TransferPoint) -> Transfer:
        """Return it with another point in place of one, which stays between its neighbours."""
        gap = GAP * (self.points[-1].value - self.points[0].value)
        value = point.value
        if number > 0:
            value = max(value, self.points[number - 1].value + gap)
        if number + 1 < len(self.points):
            value = min(value, self.points[number + 1].value - gap)
        moved = replace(point, value=value, opacity=max(0.0, min(1.0, point.opacity)))
        return replace(self, points=_put(self.points, number, (moved,)))

    def with_more(self, value: float, opacity: float | None = None) -> Transfer:
        """Return it with one more point, of the colour that the value has.

        Without an `opacity` nothing looks different. It comes back as it is where a point has the
        value already.
        """
        if any(point.value == value for point in self.points):
            return self
        at = self.look_of(value)
        fresh = at if opacity is None else replace(at, opacity=max(0.0, min(1.0, opacity)))
        points = sorted((*self.points, fresh), key=lambda point: point.value)
        return replace(self, points=tuple(points))

    def without(self, number: int) -> Transfer:
        """Return it without a point; the last two stay."""
        if len(self.points) <= _FEWEST:
            return self
        return replace(self, points=_put(self.points, number, ()))

    def look_of(self, value: float) -> TransferPoint:
        """Return what a value looks like."""
        known = [point.value for point in self.points]
        parts = [(point.opacity, *point.colour) for point in self.points]
        opacity, red, green, blue = (
            float(np.interp(value, known, part)) for part in zip(*parts, strict=True)
        )
        return TransferPoint(value, opacity, (red, green, blue))

    def shifted(self, by: float) -> Transfer:
        """Return it for values that are higher by as much, as when a window's level is moved."""
        moved = [replace(point, value=point.value + by) for point in self.points]
        return replace(self, points=tuple(moved))

    def spread(self, times: float) -> Transfer:
        """Return it stretched about its middle, as when a window's width is changed."""
        if times <= 0.0:
            raise UsageError("A transfer function is stretched by more than nothing.")
        middle = (self.points[0].value + self.points[-1].value) / 2.0
        wider = [
            replace(point, value=middle + times * (point.value - middle)) for point in self.points
        ]
        return replace(self, points=tuple(wider))

    def fainter(self, times: float) -> Transfer:
        """Return it with all opacities times a number, at most 1 each."""
        if times < 0.0:
            raise UsageError("Opacities are never below nothing.")
        changed = [replace(point, opacity=min(1.0, times * point.opacity)) for point in self.points]
        return replace(self, points=tuple(changed))

    def at(self, low: float, high: float) -> Transfer:
        """Return it in the values of a volume that go from `low` to `high`."""
        if self.unit:
            return self
        span = high - low if high > low else 1.0
        laid = [replace(point, value=low + span * point.value) for point in self.points]
        return replace(self, points=tuple(laid))


def _put(
    points: tuple[TransferPoint, ...], number: int, others: tuple[TransferPoint, ...]
) -> tuple[TransferPoint, ...]:
    return (*points[:number], *others, *points[number + 1 :])


def _transfer(unit: str, *points: tuple[float, float, Colour], shaded: bool = True) -> Transfer:
    return Transfer(tuple(TransferPoint(*point) for point in points), unit, shaded)


_BLACK: Final = (0.0, 0.0, 0.0)
_SKIN: Final = (0.88, 0.66, 0.54)
_IVORY: Final = (0.96, 0.92, 0.82)
_BLOOD: Final = (0.78, 0.17, 0.13)
_ROSE: Final = (0.86, 0.52, 0.47)
PRESETS: Final[dict[str, Transfer]] = {
    "bone": _transfer(
        HOUNSFIELD,
        (150.0, 0.0, _ROSE), (250.0, 0.06, (0.85, 0.62, 0.50)), (450.0, 0.35, _IVORY),
        (1500.0, 0.7, (1.0, 1.0, 1.0)),
    ),
    "vessels": _transfer(
        HOUNSFIELD,
        (120.0, 0.0, _BLACK), (180.0, 0.05, _BLOOD), (350.0, 0.35, (0.92, 0.36, 0.24)),
        (550.0, 0.25, _IVORY), (1500.0, 0.5, (1.0, 1.0, 1.0)),
    ),
    "lung": _transfer(
        HOUNSFIELD,
        (-950.0, 0.0, _BLACK), (-850.0, 0.004, (0.40, 0.52, 0.64)),
        (-600.0, 0.03, (0.72, 0.80, 0.86)), (-300.0, 0.12, (0.92, 0.72, 0.62)),
        (-100.0, 0.0, _ROSE), (100.0, 0.0, _ROSE),
    ),
    "skin": _transfer(
        HOUNSFIELD,
        (-500.0, 0.0, _SKIN), (-250.0, 0.4, _SKIN), (50.0, 0.6, (0.93, 0.74, 0.62)),
        (500.0, 0.8, _IVORY),
    ),
    "soft": _transfer(
        "",
        (0.10, 0.0, _BLACK), (0.25, 0.01, (0.42, 0.44, 0.50)), (0.60, 0.05, (0.84, 0.80, 0.76)),
        (1.0, 0.3, (1.0, 1.0, 1.0)),
    ),
    "surface": _transfer(
        "", (0.25, 0.0, _SKIN), (0.32, 0.5, _SKIN), (1.0, 0.8, _IVORY),
    ),
    "hot": _transfer(
        "",
        (0.05, 0.0, _BLACK), (0.3, 0.02, (0.6, 0.1, 0.05)), (0.7, 0.15, (0.98, 0.66, 0.10)),
        (1.0, 0.6, (1.0, 1.0, 0.9)), shaded=False,
    ),
}  # fmt: skip


def preset(name: str) -> Transfer:
    """Return a transfer function by its name. Raises UsageError where there is none."""
    try:
        return PRESETS[name]
    except KeyError:
        known = ", ".join(PRESETS)
        raise UsageError(f"There is no rendering {name!r}; choose one of: {known}.") from None


def suited(unit: str, modality: str) -> str:
    """Return the name of the transfer function that a volume is first seen with."""
    if unit == HOUNSFIELD:
        return "bone"
    return "hot" if modality in {"PT", "NM"} else "soft"
