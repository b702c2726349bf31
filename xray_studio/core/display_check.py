"""How far a grey-scale display is from the standard: 18 measured luminances, judged.

AAPM On-line Report 03 (TG18, 2005), 4.3 and 4.9, and IEC 62563-1: luminance is measured at 18
equally spaced P-values; the contrast of each step is compared with that of a display of the same
darkest and brightest luminance that follows the Grayscale Standard Display Function.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.gsdf import Values, jnd_index, seen_luminance

LEVELS: Final = tuple(range(0, 256, 15))  # the 18 P-values of 8 bits that are measured
AGAIN: Final = "Look at this value again."


@dataclass(frozen=True, slots=True)
class Measured:
    """Luminances in cd/m2 at LEVELS, in this order, and what the room adds to each of them.

    `ambient` is the luminance of the switched-off display in the light of the room; 0 when the
    meter stood away from the screen and saw that light already. Raises UsageError when these cannot
    be luminances of a display.
    """

    luminances: tuple[float, ...]
    ambient: float = 0.0

    def __post_init__(self) -> None:
        if len(self.luminances) != len(LEVELS):
            raise UsageError(
                f"{len(self.luminances)} luminances are given; measure one at each of the "
                f"{len(LEVELS)} levels 0, 15, 30 to 255."
            )
        for level, value in zip(LEVELS, self.luminances, strict=True):
            if not (math.isfinite(value) and value >= 0.0):
                raise UsageError(f"The luminance at level {level} is no luminance. {AGAIN}")
        if not (math.isfinite(self.ambient) and self.ambient >= 0.0):
            raise UsageError("The ambient light is no luminance. Enter cd/m², 0 for none.")
        if self.luminances[-1] <= self.luminances[0]:
            raise UsageError(
                "Level 255 is not brighter than level 0; enter the values from black to white."
            )

    @property
    def seen(self) -> tuple[float, ...]:
        """Luminances with the light of the room, in cd/m2."""
        return tuple(value + self.ambient for value in self.luminances)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a class of displays must keep: all of it, with the light of the room.

    `deviation` is in percent, `brightest` in cd/m2.
    """

    name: str
    deviation: float
    ratio: float
    brightest: float


# TG18, summary of acceptance criteria: displays for diagnosis, and those for all other viewing.
PRIMARY: Final = Limits("primary", 10.0, 250.0, 171.0)
SECONDARY: Final = Limits("secondary", 20.0, 100.0, 100.0)
CLASSES: Final = (PRIMARY, SECONDARY)


@dataclass(frozen=True, slots=True)
class Response:
    """What 18 luminances come to; all with the light of the room.

    `wanted` are the luminances in cd/m2 of a display that follows the function between the same
    ends, `jnd` the JND indices of the measured ones. `contrasts` are the relative differences of
    neighbouring levels, 2 (L' - L) / (L' + L), `wanted_contrasts` those of `wanted`, `deviations`
    how many percent the first differ from the second: 17 each.
    """

    measured: Measured
    wanted: tuple[float, ...]
    jnd: tuple[float, ...]
    contrasts: tuple[float, ...]
    wanted_contrasts: tuple[float, ...]
    deviations: tuple[float, ...]

    @property
    def worst(self) -> float:
        """Largest deviation in percent, without its sign."""
        return max(abs(value) for value in self.deviations)

    @property
    def worst_step(self) -> tuple[int, int]:
        """The levels between which the contrast deviates most."""
        sizes = [abs(value) for value in self.deviations]
        first = sizes.index(max(sizes))
        return LEVELS[first], LEVELS[first + 1]

    @property
    def ratio(self) -> float:
        """Luminance ratio, white to black."""
        return self.measured.seen[-1] / self.measured.seen[0]

    @property
    def brightest(self) -> float:
        """Luminance of white in cd/m2."""
        return self.measured.seen[-1]

    def failed(self, limits: Limits) -> tuple[str, ...]:
        """Return in words what is outside the limits of a class of displays; empty: it passes."""
        found = []
        if round(self.worst, 6) > limits.deviation:
            low, high = self.worst_step
            found.append(
                f"the contrast from level {low} to {high} differs by {self.worst:.0f} %, "
                f"more than {limits.deviation:.0f} %"
            )
        if round(self.ratio, 6) < limits.ratio:
            found.append(f"the luminance ratio is {self.ratio:.0f}, below {limits.ratio:.0f}")
        if round(self.brightest, 6) < limits.brightest:
            found.append(f"white has {self.brightest:.0f} cd/m², less than {limits.brightest:.0f}")
        return tuple(found)

    def verdict(self, limits: Limits) -> str:
        """Return in a sentence whether the display passes as a class, else why not."""
        failed = "; ".join(self.failed(limits))
        name = f"{limits.name.capitalize()} class"
        return f"{name}: not passed, {failed}." if failed else f"{name}: passed."

    @property
    def passes(self) -> str:
        """The strictest class that the display passes as: "primary", "secondary" or ""."""
        return next((limits.name for limits in CLASSES if not self.failed(limits)), "")


def respond(measured: Measured) -> Response:
    """Compare 18 measured luminances with the Grayscale Standard Display Function.

    Raises UsageError when a luminance with the light of the room lies outside the function.
    """
    seen = np.array(measured.seen)
    jnd = jnd_index(seen)
    parts = np.array(LEVELS) / LEVELS[-1]
    wanted = seen_luminance(parts, float(seen[0]), float(seen[-1]))
    contrasts, wanted_contrasts = _contrasts(seen), _contrasts(wanted)
    deviations = 100.0 * (contrasts / wanted_contrasts - 1.0)
    return Response(
        measured,
        tuple(wanted.tolist()),
        tuple(jnd.tolist()),
        tuple(contrasts.tolist()),
        tuple(wanted_contrasts.tolist()),
        tuple(deviations.tolist()),
    )


def _contrasts(luminances: Values) -> Values:
    """Return the relative difference of each two neighbours."""
    return 2.0 * np.diff(luminances) / (luminances[1:] + luminances[:-1])
