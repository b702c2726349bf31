"""Means of places that look alike: non-local means (Buades, Coll and Morel, CVPR 2005).

How much two places look alike falls with the mean difference of the patches around them. Whole
frames are compared at one shift after the other, so that a box filter gives the differences of all
patches at once (Darbon et al., "Fast nonlocal filtering applied to electron cryomicroscopy", ISBI
2008). Within a frame a place looks like another as much as that looks like it: half of the shifts
tell of both.

Differences are taken in twentieths of the strength, up to where nothing is alike any more; what the
mean is taken of are the values themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image
from xray_studio.imaging.bands import at_once

_STEPS: Final = 20.0  # of the strength; differences end at 255
_COARSEST: Final = 4.0  # for one deviation of the noise: fewer would be as large as it
_TOP: Final = 65_535.0
_LEAST: Final = 0.001  # what is less alike than this does not count
_ROWS: Final = 64  # of a band, which stays in the cache
Numbers: TypeAlias = npt.NDArray[np.uint16]
S = TypeVar("S", bound=np.generic)
Shift: TypeAlias = tuple[int, int]  # down and right, in pixels


def mean_of_alike(frames: Image, here: int, strength: float, patch: int, search: int) -> Image:
    """Return frame `here` of which every pixel is the mean of those that look alike in all frames.

    `frames` are float32 (frames, rows, columns) with noise of deviation 1; `strength` is the mean
    difference, in the same unit, at which a place counts by 1 / e. `patch` and `search` are the odd
    widths of what is compared and of where is looked. Where noise is so weak beside the range that
    differences cannot resolve it, there is nothing to take away, and the frame is as it was.
    """
    low, high = float(frames.min()), float(frames.max())
    most = _TOP / max(high - low, 1e-12)
    if most < _COARSEST:
        return np.array(frames[here])
    scale = min(_STEPS / strength, most)
    beyond = search // 2 + patch // 2
    values = [_bordered(frame, beyond) for frame in frames]
    numbers = [
        np.asarray(cv2.addWeighted(one, scale, one, 0.0, -low * scale, dtype=cv2.CV_16U), np.uint16)
        for one in values
    ]
    comparing = _Comparing(values, numbers, here, patch // 2, search // 2, _table(strength * scale))
    return np.concatenate(at_once(comparing.band, range(0, frames.shape[1], _ROWS)))


@dataclass(frozen=True, slots=True, eq=False)
class _Comparing:
    """Frames that go on beyond their borders, as values and as numbers to compare.

    `table` holds how much a difference of 0 to 255 counts.
    """

    values: list[Image]
    numbers: list[Numbers]
    here: int
    patch: int  # pixels on each side of the middle, as for `search`
    search: int
    table: Image

    @property
    def beyond(self) -> int:
        """How many pixels frames go on beyond each border."""
        return self.patch + self.search

    def band(self, first: int) -> Image:
        """Return some rows of the frame, from the `first` on."""
        rows, columns = (side - 2 * self.beyond for side in self.values[0].shape)
        band = range(first, min(first + _ROWS, rows)), range(columns)
        total = np.array(self._part(self.values[self.here], *band))
        weight = np.ones_like(total)
        for alike, values in self._pairs(*band):
            cv2.accumulateProduct(alike, values, total)
            cv2.accumulate(alike, weight)
        return np.asarray(np.divide(total, weight, out=total), np.float32)

    def _pairs(self, rows: range, columns: range) -> Iterator[tuple[Image, Image]]:
        """Yield how much each place of a band looks like another, and the value there."""
        for other in range(len(self.values)):
            if other == self.here:
                yield from self._within(rows, columns)
                continue
            for shift in _shifts(self.search):
                moved = _moved(rows, shift[0]), _moved(columns, shift[1])
                yield (
                    self._alike(other, rows, columns, shift),
                    self._part(self.values[other], *moved),
                )

    def _within(self, rows: range, columns: range) -> Iterator[tuple[Image, Image]]:
        """Yield the pairs within the frame: from one comparison those that way and back."""
        values, high, wide = self.values[self.here], len(rows), len(columns)
        for down, right in _shifts(self.search):
            if (down, right) <= (0, 0):
                continue
            left = max(right, 0)
            all_rows = range(rows.start - down, rows.stop)
            all_columns = range(columns.start - left, columns.stop + left - right)
            alike = self._alike(self.here, all_rows, all_columns, (down, right))
            there = self._part(values, _moved(rows, down), _moved(columns, right))
            yield alike[down:, left : left + wide], there
            back = self._part(values, _moved(rows, -down), _moved(columns, -right))
            yield alike[:high, left - right : left - right + wide], back

    def _alike(self, other: int, rows: range, columns: range, shift: Shift) -> Image:
        """Return how much places of the frame look like those of another one, a shift away."""
        moved = _moved(rows, shift[0]), _moved(columns, shift[1])
        here = self._part(self.numbers[self.here], rows, columns, self.patch)
        there = self._part(self.numbers[other], *moved, self.patch)
        apart = cv2.convertScaleAbs(cv2.absdiff(here, there))
        mean = cv2.boxFilter(apart, -1, (2 * self.patch + 1,) * 2)
        inner = mean[self.patch : -self.patch, self.patch : -self.patch]
        return np.asarray(cv2.LUT(inner, self.table), np.float32)

    def _part(
        self, frame: npt.NDArray[S], rows: range, columns: range, more: int = 0
    ) -> npt.NDArray[S]:
        """Return a part of a frame, and `more` pixels on each side of it."""
        away = self.beyond
        return frame[
            rows.start + away - more : rows.stop + away + more,
            columns.start + away - more : columns.stop + away + more,
        ]


def _bordered(frame: Image, beyond: int) -> Image:
    return np.asarray(cv2.copyMakeBorder(frame, *(beyond,) * 4, cv2.BORDER_REFLECT_101), np.float32)


def _table(strength: float) -> Image:
    """Return how much differences of 0 to 255 count."""
    counts = np.exp(-((np.arange(256) / strength) ** 2))
    return np.where(counts < _LEAST, 0.0, counts).astype(np.float32)


def _shifts(search: int) -> Iterator[Shift]:
    sides = range(-search, search + 1)
    return ((down, right) for down in sides for right in sides)


def _moved(places: range, by: int) -> range:
    return range(places.start + by, places.stop + by)
