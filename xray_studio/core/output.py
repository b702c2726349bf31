"""What an exported sequence shall be, and what was found when it was opened again."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Picture: TypeAlias = npt.NDArray[np.uint8]
DeepPicture: TypeAlias = npt.NDArray[np.unsignedinteger[Any]]  # uint8, or uint16 for 16 bits


class Quality(enum.Enum):
    """How much detail may be lost. The values are those of the command line."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    LOSSLESS = "lossless"


class Dither(enum.Enum):
    """How colours that a palette lacks are mixed from those it has.

    ORDERED uses one pattern for all frames, so that nothing moves that does not move in the
    pictures; DIFFUSED spreads the error of each pixel over its neighbours, finer but restless.
    """

    NONE = "none"
    ORDERED = "ordered"
    DIFFUSED = "diffused"


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """A sequence of pictures to write.

    `rows` and `columns` are the size of every picture. `rate` is in frames per second. `starts`
    are the moments of the frames in seconds when their distances differ (first 0, growing; empty
    at a constant rate) and `end` is then the moment at which the last frame ends. `bits` are 8, 16
    for grey levels as uint16, or 10 for HEVC of RGB as uint16. `codec` and `encoder` name those
    that were chosen ("": the usual codec of the kind of file, encoded on the processor), `dither`
    how missing colours are mixed.
    """

    rows: int
    columns: int
    colour: bool
    frames: int
    rate: Fraction
    quality: Quality = Quality.MEDIUM
    starts: tuple[Fraction, ...] = ()
    end: Fraction = Fraction(0)
    bits: int = 8
    codec: str = ""
    encoder: str = ""
    dither: Dither = Dither.ORDERED

    @property
    def duration(self) -> Fraction:
        """Seconds that the sequence lasts, the last frame included."""
        return self.end if self.starts else self.frames / self.rate

    @property
    def shortest(self) -> Fraction:
        """Seconds that the shortest frame stands."""
        moments = (*self.starts, self.end)
        return min((b - a for a, b in pairwise(moments)), default=1 / self.rate)


def ticks_of(spec: OutputSpec, per_second: int) -> list[int]:
    """Return the frames' moments and the end in ticks, growing; empty at a constant rate."""
    ticks: list[int] = []
    for moment in (*spec.starts, spec.end) if spec.starts else ():
        ticks.append(max(round(moment * per_second), ticks[-1] + 1 if ticks else 0))
    return ticks


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a picture is from another, in grey levels of 0 to 255.

    `mean` and `most` are over all pixels. `coarse` is the largest difference of the means of
    blocks of 16 x 16 pixels or a little more: compression hardly touches it, a wrong picture does.
    """

    mean: float
    most: float
    coarse: float


@dataclass(frozen=True, slots=True)
class Checked:
    """What a finished file held when it was opened again.

    `duration` is in seconds, None where the kind of file has none. `first` and `last` compare the
    first and last frame with what was asked. `astray` is by how many seconds the moment of a frame
    is at most from the one asked, None where the file does not tell moments; `unit` are the seconds
    to which the kind of file rounds them.
    """

    frames: int
    duration: float | None
    first: Difference
    last: Difference
    astray: float | None = None
    unit: float = 0.001


def astray(spec: OutputSpec, moments: Sequence[float]) -> float | None:
    """Return how far, in seconds, moments are at most from those asked; None when counts differ."""
    if len(moments) != spec.frames:
        return None
    wanted = spec.starts or [number / spec.rate for number in range(spec.frames)]
    return max(abs(a - float(b)) for a, b in zip(moments, wanted, strict=True))


_BLOCK = 16


def difference(found: DeepPicture, wanted: DeepPicture) -> Difference:
    """Compare two pictures (rows, columns) or RGB (rows, columns, 3) of the same shape and depth.

    Differences of 16-bit levels are told in levels of 8 bits.
    """
    if found.dtype != wanted.dtype:
        raise ValueError("pictures of different depth cannot be compared")
    unit = 257.0 if found.dtype == np.uint16 else 1.0
    rows, columns = (_edges(size) for size in found.shape[:2])
    total, most, coarse = 0, 0, 0.0
    signed = np.int32 if found.dtype == np.uint16 else np.int16
    # A strip of blocks at a time: the difference of a whole large picture takes much memory.
    for start, end in zip(rows, [*rows[1:], found.shape[0]], strict=True):
        apart = found[start:end].astype(signed) - wanted[start:end].astype(signed)
        sizes = np.abs(apart)
        total, most = total + int(sizes.sum(dtype=np.int64)), max(most, int(sizes.max()))
        coarse = max(coarse, _coarse(apart, columns))
    return Difference(total / found.size / unit, most / unit, coarse / unit)


def _edges(size: int) -> list[int]:
    """Return where blocks begin along a side."""
    return [int(at) for at in np.linspace(0, size, max(1, size // _BLOCK), endpoint=False)]


def _coarse(apart: npt.NDArray[np.signedinteger[Any]], columns: list[int]) -> float:
    """Return the largest mean of the blocks of a strip that begin at `columns`."""
    sums = np.add.reduceat(apart.sum(axis=0, dtype=np.int64), columns, axis=0)
    widths = np.diff([*columns, apart.shape[1]])
    counts = (apart.shape[0] * widths).reshape(-1, *(1,) * (sums.ndim - 1))
    return float(np.abs(sums / counts).max())


_NTSC = Fraction(1000, 1001)
_SAME = 1.5e-4


def exact_rate(rate: float) -> Fraction:
    """Return a rate in frames per second as the fraction that it stands for.

    Whole rates and their NTSC relatives (29.97 is 30000/1001) are often stored rounded, as a rate
    or as a frame time of 66.67 ms; within 0.015 % the exact one is meant. Others keep the six
    digits that containers can hold.
    """
    whole = Fraction(round(rate))
    for known in (whole, Fraction(math.ceil(rate)) * _NTSC, whole * _NTSC):
        if known > 0 and abs(rate / float(known) - 1.0) <= _SAME:
            return known
    return Fraction(rate).limit_denominator(10_000)
