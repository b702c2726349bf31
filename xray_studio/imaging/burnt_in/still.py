"""What stays the same while a clip plays: drawn text does, anatomy and noise do not."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

LEAST_FRAMES: Final = 4  # fewer do not tell what moves
_ROWS: Final = 64  # that are worked out at once, since a whole stack takes many times its memory


def still_of(
    frames: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32] | None]:
    """Return the median of uint8 frames (frames, rows, columns[, 3]) and its unrest.

    Unrest is the standard deviation of each pixel over time in grey levels, that of the brightest
    channel for colours; None, with the first frame, where frames are too few to tell.
    """
    if len(frames) < LEAST_FRAMES:
        return frames[0], None
    median = np.empty(frames.shape[1:], np.uint8)
    unrest = np.empty(frames.shape[1:3], np.float32)
    for first in range(0, frames.shape[1], _ROWS):
        strip: npt.NDArray[Any] = frames[:, first : first + _ROWS]
        median[first : first + _ROWS] = np.median(strip, axis=0)
        grey = strip if strip.ndim == 3 else strip.max(axis=3)
        unrest[first : first + _ROWS] = grey.std(axis=0, dtype=np.float32)
    return median, unrest
