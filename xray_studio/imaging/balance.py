"""Balance: what a denoiser takes away at wide distances is no noise, and is given back.

Noise has little power at wavelengths of many pixels, anatomy has most of its own there. What a
filter takes away there is bias: of the way back from stabilised values at edges, of the filter at
the border of the field, of a recursive one when the dose flickers.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from xray_studio.core.step import Image

_CELL: Final = 16  # pixels
_WIDE: Final = 2.0  # deviation in cells of the Gaussian that takes the mean: 32 pixels


def balanced(made: Image, before: Image) -> Image:
    """Return a picture with the wide mean of the one before; both float32 (rows, columns).

    The mean of the whole picture becomes that of the one before.
    """
    rows, columns = made.shape
    cells = max(1, columns // _CELL), max(1, rows // _CELL)
    small, had = (cv2.resize(one, cells, interpolation=cv2.INTER_AREA) for one in (made, before))
    wide = cv2.GaussianBlur(had - small, (0, 0), _WIDE, borderType=cv2.BORDER_REFLECT)
    back = np.asarray(cv2.resize(wide, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)
    back += np.float32(cv2.mean(before)[0] - cv2.mean(made)[0] - cv2.mean(back)[0])
    back += made
    return back
