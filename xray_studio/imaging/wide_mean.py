"""The wide mean of a picture: what it looks like at distances at which noise has no power."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from xray_studio.core.step import Image

_CELL: Final = 8  # pixels
_WIDE: Final = 2.0  # deviation in cells of the Gaussian that takes the mean: 16 pixels


def wide_mean(image: Image) -> Image:
    """Return the mean over about 16 pixels around each pixel, float32 (rows, columns)."""
    rows, columns = image.shape
    cells = max(1, columns // _CELL), max(1, rows // _CELL)
    small = cv2.resize(image, cells, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), _WIDE, borderType=cv2.BORDER_REFLECT)
    wide = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, np.float32)
