"""Sharpness at a straight edge: how far it takes to rise, and the modulation transfer function.

A slightly slanted edge is seen at many distances from its pixels; brought onto its normal they give
the edge spread function finer than the pixels (ISO 12233; IEC 62220-1 for X-ray detectors).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_FINER: Final = 4  # places in a pixel
_REACH: Final = 16  # pixels on either side of the edge, at most
_LEAST: Final = 12  # rows and columns that a region has, at least
_Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EdgeSpread:
    """Values across an edge: `distances` (n,) in pixels from it, rising, and `values` (n,)."""

    distances: _Line
    values: _Line

    @property
    def rise(self) -> float:
        """Distance in pixels over which the edge goes from 10 to 90 % of its height."""
        values = self._scaled()
        return self._crossing(values, 0.9) - self._crossing(values, 0.1)

    def mtf(self) -> tuple[_Line, _Line]:
        """Return frequencies in cycles a pixel, up to 0.5, and the contrast left there, 1 at 0."""
        spread = np.diff(self._scaled())
        spread *= np.minimum(2.0 * np.hanning(len(spread) + 2)[1:-1], 1.0)
        step = float(self.distances[1] - self.distances[0])
        power = np.abs(np.fft.rfft(spread, 8 * len(spread)))
        frequencies = np.fft.rfftfreq(8 * len(spread), step)
        # A difference of two places is itself a filter, which is taken out.
        power /= np.maximum(np.sinc(frequencies * step), 1e-6) * power[0]
        seen = frequencies <= 0.5
        return np.asarray(frequencies[seen], np.float64), np.asarray(power[seen], np.float64)

    def _scaled(self) -> _Line:
        """Return the values from 0 before to 1 behind the edge."""
        ends = max(2, len(self.values) // 6)
        low, high = float(self.values[:ends].mean()), float(self.values[-ends:].mean())
        made: _Line = (self.values - low) / (high - low)
        return made

    def _crossing(self, values: _Line, height: float) -> float:
        """Return the distance nearest to the edge at which a height is crossed."""
        above = values >= height
        places = np.flatnonzero(above[1:] != above[:-1])
        crossed = [self._between(values, int(place), height) for place in places]
        return min(crossed, key=abs)

    def _between(self, values: _Line, place: int, height: float) -> float:
        part = (height - values[place]) / (values[place + 1] - values[place])
        step = self.distances[place + 1] - self.distances[place]
        return float(self.distances[place] + part * step)


def edge_spread(region: Image) -> EdgeSpread:
    """Return the edge spread function of a region (rows, columns) with one straight edge.

    The edge crosses it from side to side or from top to bottom, and is not along the pixels.
    Raises ValueError for regions below 12 pixels across and those without an edge.
    """
    if min(region.shape) < _LEAST:
        raise ValueError(f"an edge needs {_LEAST} x {_LEAST} pixels around it")
    image = region.astype(np.float64)
    down, across = np.gradient(image)
    if np.abs(down).sum() > np.abs(across).sum():
        image, across = image.T, down.T
    slope, start = _straight(np.asarray(across, np.float64))
    rows, columns = np.indices(image.shape)
    distances = (columns - slope * rows - start) / np.hypot(1.0, slope)
    return _gathered(distances.ravel(), image.ravel())


def _straight(across: _Line) -> tuple[float, float]:
    """Return slope and start of the line through the middle of the edge in every row."""
    strength = across**2
    if strength.sum() <= 0.0:
        raise ValueError("there is no edge in this region")
    columns = np.arange(across.shape[1])
    rows = np.arange(across.shape[0])
    weights = strength.sum(axis=1)
    middles = (strength * columns).sum(axis=1) / np.maximum(weights, 1e-300)
    slope, start = np.polyfit(rows, middles, 1, w=np.sqrt(weights))
    near = strength * (np.abs(columns - (slope * rows + start)[:, None]) < 4.0)
    weights = near.sum(axis=1)
    middles = (near * columns).sum(axis=1) / np.maximum(weights, 1e-300)
    slope, start = np.polyfit(rows, middles, 1, w=np.sqrt(weights))
    return float(slope), float(start)


def _gathered(distances: _Line, values: _Line) -> EdgeSpread:
    """Return the mean value at each fraction of a pixel from the edge, rising across it."""
    reach = min(_REACH, int(min(-distances.min(), distances.max())))
    places = np.rint(distances * _FINER).astype(np.int64) + reach * _FINER
    inside = (places >= 0) & (places <= 2 * reach * _FINER)
    counts = np.bincount(places[inside], minlength=2 * reach * _FINER + 1)
    sums = np.bincount(places[inside], values[inside], minlength=len(counts))
    means = np.interp(
        np.arange(len(counts)), np.flatnonzero(counts), (sums / np.maximum(counts, 1))[counts > 0]
    )
    if means[-1] < means[0]:
        means = means[::-1]
    return EdgeSpread(np.arange(len(counts)) / _FINER - reach, means)
