"""A picture moved by parts of a pixel.

Between pixels it is interpolated by cubic convolution (Keys, "Cubic convolution interpolation for
digital image processing", IEEE Trans. ASSP 29(6), 1981, a = -0.5), which keeps fine detail that a
linear interpolation would blur: an edge of bone then subtracts cleanly.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_KEYS: Final = -0.5


def moved(image: Image, right: float, down: float) -> Image:
    """Return a picture, float32 (rows, columns), moved by pixels; its edges go on beyond it."""
    (columns, across), (rows, along) = _parted(right), _parted(down)
    if rows or columns:
        height, width = image.shape
        image = image[_from(height, rows)[:, None], _from(width, columns)]
    if across or along:
        image = np.asarray(
            cv2.sepFilter2D(
                image, -1, _kernel(across), _kernel(along), borderType=cv2.BORDER_REPLICATE
            ),
            np.float32,
        )
    return image


def reached(shape: tuple[int, int], right: float, down: float) -> tuple[slice, slice]:
    """Return the rows and columns that a picture moved by pixels still lies over."""
    return _reached(shape[0], down), _reached(shape[1], right)


def _reached(length: int, by: float) -> slice:
    first, last = max(0, math.ceil(by)), length - max(0, math.ceil(-by))
    return slice(min(first, length), max(last, 0))


def _parted(by: float) -> tuple[int, float]:
    """Return a way as whole pixels, downwards, and the part that is left, 0 to 1."""
    whole = math.floor(by)
    return whole, by - whole


def _from(length: int, by: int) -> npt.NDArray[np.int64]:
    """Return the place that each pixel of a line is taken from."""
    return np.clip(np.arange(length) - by, 0, length - 1)


def _kernel(part: float) -> npt.NDArray[np.float32]:
    """Return the weights of the pixels 2 before to 2 after, for a way of 0 to 1 pixel onwards."""
    weights = np.array([_weight(abs(at + part)) for at in range(-2, 3)], np.float64)
    made: npt.NDArray[np.float32] = (weights / weights.sum()).astype(np.float32)
    return made


def _weight(far: float) -> float:
    if far < 1.0:
        return (_KEYS + 2.0) * far**3 - (_KEYS + 3.0) * far**2 + 1.0
    if far < 2.0:
        return _KEYS * (far**3 - 5.0 * far**2 + 8.0 * far - 4.0)
    return 0.0
