"""Pictures as networks take them: one size whatever their shape, stretched to their own range."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import InputSpec, Squashed

_LONGEST: Final = 16  # times as long as wide; what is longer is cut off anyway


def squashed(picture: npt.NDArray[np.uint8], spec: InputSpec) -> Squashed:
    """Return a picture (rows, columns), or RGB, as grey at the size and range of `spec`, uint8.

    All pictures that networks are given, in training and afterwards, go this way and then through
    `InputSpec.normalised`; training changes them between the two.

    Sides shrink and grow apart from each other: films of different shape become one; with
    `shorter_side` they shrink together, and what is too long is cut off at both ends. A picture of
    one grey becomes black where it is stretched.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    values = _sized(grey.astype(np.float32), spec)
    if not spec.stretched:
        return np.asarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    low, high = np.percentile(values, (spec.low, spec.high))
    if not high > low:
        return np.zeros((spec.rows, spec.columns), np.uint8)
    stretched = (values - np.float32(low)) * np.float32(255.0 / (high - low))
    return np.asarray(np.clip(np.rint(stretched), 0, 255).astype(np.uint8))


def _sized(grey: npt.NDArray[np.float32], spec: InputSpec) -> npt.NDArray[np.float32]:
    if not spec.shorter_side:
        return _resized(grey, spec.rows, spec.columns)
    grey = _middle(grey, *(min(side, _LONGEST * min(grey.shape)) for side in grey.shape))
    scale = spec.shorter_side / min(grey.shape)
    rows, columns = (max(spec.shorter_side, round(scale * side)) for side in grey.shape)
    return _middle(_resized(grey, rows, columns), spec.rows, spec.columns)


def _middle(grey: npt.NDArray[np.float32], rows: int, columns: int) -> npt.NDArray[np.float32]:
    top, left = (grey.shape[0] - rows) // 2, (grey.shape[1] - columns) // 2
    return grey[top : top + rows, left : left + columns]


def _resized(grey: npt.NDArray[np.float32], rows: int, columns: int) -> npt.NDArray[np.float32]:
    small = grey.shape[0] >= rows and grey.shape[1] >= columns
    how = cv2.INTER_AREA if small else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (columns, rows), interpolation=how), np.float32)
