"""Balance: what a denoiser takes away at wide distances is no noise, and is given back.

Noise has little power at wavelengths of many pixels, anatomy has most of its own there. What a
filter takes away there is bias: of the way back from stabilised values at edges, of the filter at
the border of the field, of a recursive one when the dose flickers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_CELL: Final = 16  # pixels
_WIDE: Final = 2.0  # deviation in cells of the Gaussian that takes the mean: 32 pixels


def balanced(made: Image, before: Image) -> Image:
    """Return a picture with the wide mean of the one before; both float32 (rows, columns).

    The mean of the whole picture becomes that of the one before.
    """
    rows, columns = made.shape
    cells = max(1, columns // _CELL), max(1, rows // _CELL)
    had, has = (cv2.resize(one, cells, interpolation=cv2.INTER_AREA) for one in (before, made))
    missing = np.asarray(had - has, np.float32)
    wide = np.asarray(
        cv2.GaussianBlur(missing, (0, 0), _WIDE, borderType=cv2.BORDER_REFLECT), np.float32
    )
    wide += np.float32(missing.mean(dtype=np.float64) - _mean_enlarged(wide, made.shape))
    back = cv2.resize(wide, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(back, made, dst=back), np.float32)


def _mean_enlarged(small: Image, shape: tuple[int, ...]) -> float:
    """Return the mean that a picture has once it is enlarged to a shape."""
    down, across = (_weights(*sides) for sides in zip(small.shape, shape, strict=True))
    return float((down[:, None] * across * small).sum())


@lru_cache(maxsize=32)
def _weights(few: int, many: int) -> npt.NDArray[np.float64]:
    """Return how much each of a few values counts in the mean of many made from them."""
    each = np.eye(few, dtype=np.float64)
    weights: npt.NDArray[np.float64] = cv2.resize(each, (few, many)).mean(axis=0)
    return weights
