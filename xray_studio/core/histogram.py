"""Histogram of one frame, in modality values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xray_studio.core.clip import Clip, Frame

BINS = 128
SAMPLED = 1 << 17  # pixels looked at: enough for a curve, quick enough for every frame


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often modality values occur; `counts` are of equal bins from `low` to `high`."""

    low: float
    high: float
    counts: tuple[int, ...]

    @property
    def span(self) -> float:
        """Distance from the lowest to the highest value, more than 0."""
        return max(self.high - self.low, 1e-9)


def histogram(clip: Clip, index: int, stored: Frame) -> Histogram | None:
    """Return the histogram of stored frame `index`, None for colour and for a frame of padding.

    Large frames are sampled evenly over rows and columns.
    """
    if clip.is_colour:
        return None
    step = max(1, int(np.sqrt(stored.size / SAMPLED)))
    values = clip.modality_at(index).apply(_without_padding(clip, stored[::step, ::step]))
    if values.size == 0:
        return None
    low, high = float(values.min()), float(values.max())
    counts, _ = np.histogram(values, bins=BINS, range=(low, high if high > low else low + 1.0))
    return Histogram(low, high, tuple(int(count) for count in counts))


def _without_padding(clip: Clip, stored: Frame) -> Frame:
    if clip.pixels.padding is None:
        return stored.ravel()
    low, high = clip.pixels.padding
    return stored[(stored < low) | (stored > high)]
