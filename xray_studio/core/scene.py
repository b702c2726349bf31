"""Scene: what a step knows of the clip beside its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from xray_studio.core.mask import FileMask


@dataclass(frozen=True, slots=True)
class Noise:
    """Variance of the noise as a straight line over the value: `gain` * value + `ground`.

    `gain` is 0 where noise does not depend on the value; X-ray noise is Poisson (`gain`) plus Gauss
    (`ground`), which also holds what the zero of the values is shifted by. Both are in squared
    units of the values.
    """

    gain: float = 0.0
    ground: float = 0.0

    def variance(self, value: float) -> float:
        """Return the variance at a value, at least 0."""
        return max(0.0, self.gain * value + self.ground)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a step keeps of frames (from 0) that it needs for every other one: see `Step.needs`.

    `image` is float32 (rows, columns).
    """

    frames: tuple[int, ...]
    image: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is common to all frames of a clip.

    `low` and `high` bound the modality values. `noise` is that of the frames as they come in.
    `frames` is how many the clip has, `rate` how many it shows a second, `spacing` the size of a
    pixel in millimetres (row, column), None where it is not known. `seen` are the values between
    which nearly all pixels lie, None where nobody has looked. `intensity` is Pixel Intensity
    Relationship, "" where it is not known, `mask` what the file says of its mask. `kept` is what
    the step that works in this scene keeps of the frames it needs.
    """

    low: float
    high: float
    noise: Noise = Noise()
    frames: int = 1
    rate: float = 10.0
    modality: str = ""
    spacing: tuple[float, float] | None = None
    seen: tuple[float, float] | None = None
    colour: bool = False
    intensity: str = ""
    mask: FileMask | None = None
    kept: Kept | None = field(default=None, compare=False)

    @property
    def usual(self) -> tuple[float, float]:
        """The values between which nearly all pixels lie, the first below the second."""
        low, high = self.seen or (self.low, self.high)
        return (low, high) if high - low > 1e-6 * self.span else (self.low, self.low + self.span)

    @property
    def span(self) -> float:
        """The distance from the lowest to the highest value, above 0."""
        return max(self.high - self.low, 1e-12)
