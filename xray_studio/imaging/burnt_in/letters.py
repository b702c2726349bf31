"""Pieces of a picture that could be letters: narrow, crisp, of one brightness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Grey: TypeAlias = npt.NDArray[np.uint8]
Numbers: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[np.int32]

WIDEST_STROKE: Final = 8  # pixels; larger letters are found in a smaller copy of the picture
LOWEST, HIGHEST = 5, 40  # pixels, the height of a letter
_SQUARE: Final = np.ones((3, 3), np.uint8)
_LONGEST: Final = 15  # times its height; letters that touch are one piece
_LEAST_AREA: Final = 6
_LEAST_FILL: Final = 0.12  # of its box; below, it is a thin line that runs across
_SOLID: Final = (0.92, 0.6)  # fuller and wider than this it is a block, not a bar of a letter
_MOST: Final = 20_000  # pieces; a picture with more is noise at this level


@dataclass(frozen=True, slots=True)
class Letters:
    """Pieces as arrays of one length; piece n is where `labels` (rows, columns) is n + 1.

    Places and sizes are in pixels. `stroke` is the mean width of its lines, `contrast` the mean
    difference from what surrounds it in grey levels, `sharpness` the steepness of its edges in
    grey levels a pixel and `unrest` the standard deviation over time in grey levels (None: still).
    """

    x: Numbers
    y: Numbers
    width: Numbers
    height: Numbers
    area: Numbers
    stroke: Numbers
    contrast: Numbers
    sharpness: Numbers
    unrest: Numbers | None
    labels: Labels

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.x)


def relief(picture: Grey, *, bright: bool) -> Grey:
    """Return how far narrow strokes stand out from the ground they lie on, in grey levels."""
    size = WIDEST_STROKE + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (size, size))
    kind = cv2.MORPH_TOPHAT if bright else cv2.MORPH_BLACKHAT
    return np.asarray(cv2.morphologyEx(picture, kind, kernel), np.uint8)


def slopes(picture: Grey) -> Grey:
    """Return the difference of the brightest and darkest pixel of each 3 x 3."""
    return np.asarray(cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, _SQUARE), np.uint8)


def letters(
    raised: Grey, steep: Grey, unrest: npt.NDArray[np.float32] | None, level: int
) -> Letters | None:
    """Return the pieces of a relief above a level that could be letters, None without any."""
    mask = (raised >= level).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return None
    x, y, width, height, area = np.asarray(boxes, np.float64).T
    edge = (mask > 0) & (cv2.erode(mask, _SQUARE) == 0)
    stroke = 2.0 * area / np.maximum(np.bincount(labels[edge], minlength=count), 1)
    kept = np.flatnonzero(_could_be(width, height, area, stroke))
    if not 0 < len(kept) <= _MOST:
        return None
    labels = _renumbered(np.asarray(labels), kept, count)
    return Letters(
        x=x[kept],
        y=y[kept],
        width=width[kept],
        height=height[kept],
        area=area[kept],
        stroke=stroke[kept],
        contrast=_mean(raised, labels, len(kept)),
        sharpness=_mean(steep, np.where(edge, labels, 0), len(kept)),
        unrest=None if unrest is None else _mean(unrest, labels, len(kept)),
        labels=labels,
    )


def _could_be(
    width: Numbers, height: Numbers, area: Numbers, stroke: Numbers
) -> npt.NDArray[np.bool_]:
    fill = area / (width * height)
    size = (height >= LOWEST) & (height <= HIGHEST) & (width <= _LONGEST * height)
    drawn = (
        (area >= _LEAST_AREA) & (stroke <= np.maximum(0.5 * height, 2.2)) & (fill >= _LEAST_FILL)
    )
    block = (fill > _SOLID[0]) & (width > _SOLID[1] * height)
    found = size & drawn & ~block
    found[0] = False  # the ground
    return found


def _renumbered(labels: Labels, kept: npt.NDArray[np.intp], count: int) -> Labels:
    numbers = np.zeros(count, np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    return np.asarray(numbers[labels], np.int32)


def _mean(values: npt.NDArray[Any], labels: Labels, pieces: int) -> Numbers:
    """Return the mean of a picture over each piece."""
    inside = labels > 0
    where = labels[inside]
    counts = np.maximum(np.bincount(where, minlength=pieces + 1), 1)
    sums = np.bincount(where, weights=values[inside], minlength=pieces + 1)
    return np.asarray((sums / counts)[1:], np.float64)
