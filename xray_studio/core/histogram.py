"""Histogram of one frame, in modality values."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import Rescale, is_padding

BINS = 128
SAMPLED = 1 << 16  # pixels looked at: enough for a curve, quick enough for every frame


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often modality values occur; `counts` are of equal bins from `low` to about `high`."""

    low: float
    high: float
    counts: tuple[int, ...]

    @property
    def span(self) -> float:
        """Distance from the lowest to the highest value, more than 0."""
        return max(self.high - self.low, 1e-9)


def histogram(clip: Clip, index: int, stored: Frame) -> Histogram | None:
    """Return the histogram of stored frame `index`, None for colour and for a frame of padding.

    Nor is there one of values whose distance no number tells.

    Large frames are sampled evenly over rows and columns.
    """
    if clip.is_colour:
        return None
    step = max(1, round(np.sqrt(stored.size / SAMPLED)))
    numbers, counts = _counted(_without_padding(clip, stored[::step, ::step]))
    if numbers.size == 0:
        return None
    values = clip.modality_at(index).apply(numbers)
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(high - low):  # farther apart than any number tells
        return None
    bins, end = _bins(low, high, _unit(clip, index, numbers))
    binned, _ = np.histogram(values, bins=bins, range=(low, end), weights=counts)
    return Histogram(low, high, tuple(int(count) for count in binned))


def _unit(clip: Clip, index: int, numbers: Frame) -> float:
    """Return the distance of two values that occur, 0 when they are continuous."""
    if numbers.dtype.kind == "f":
        return 0.0
    modality = clip.modality_at(index)
    if not isinstance(modality, Rescale):
        return 1.0
    return abs(modality.slope) * max(1, int(np.gcd.reduce(np.diff(numbers))))


def _bins(low: float, high: float, unit: float) -> tuple[int, float]:
    """Return number of bins and end of the last one.

    Each bin holds equally many of the values that can occur, or the curve would be a comb.
    """
    if unit == 0.0 or high <= low:
        least = 2 * BINS * math.ulp(max(abs(low), abs(high)))  # or bins would have no width
        return BINS, max(high if high > low else low + 1.0, low + least)
    values = round((high - low) / unit) + 1
    width = math.ceil(values / BINS)
    bins = math.ceil(values / width)
    return bins, low + bins * width * unit


def _counted(stored: Frame) -> tuple[Frame, Frame]:
    """Return the stored numbers that occur, and how often: few, so that the rest is quick."""
    if stored.dtype.kind in "iu" and stored.dtype.itemsize > 2:
        return np.unique(stored, return_counts=True)
    if stored.dtype.kind == "f":
        finite = stored[np.isfinite(stored)]
        return finite, np.ones(finite.shape, np.intp)
    lowest = int(stored.min()) if stored.size else 0
    counts = np.bincount(stored.ravel().astype(np.intp) - lowest)
    found = np.flatnonzero(counts)
    return found + lowest, counts[found]


def _without_padding(clip: Clip, stored: Frame) -> Frame:
    if clip.pixels.padding is None:
        return stored.ravel()
    return stored[~is_padding(stored, clip.pixels.padding)]
