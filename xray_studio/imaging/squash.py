"""Pictures as networks take them: one size whatever their shape, stretched to their own range."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import InputSpec, Normalised, Squashed


def network_input(picture: npt.NDArray[np.uint8], spec: InputSpec) -> Normalised:
    """Return a displayed picture as a network takes it: float32 (spec.rows, spec.columns).

    What is trained and what is asked later both go this way; training merely changes pictures
    between its two halves.
    """
    return spec.normalised(squashed(picture, spec))


def squashed(picture: npt.NDArray[np.uint8], spec: InputSpec) -> Squashed:
    """Return a picture (rows, columns), or RGB, as grey at the size and range of `spec`, uint8.

    Sides shrink and grow apart from each other: films of different shape become one. A picture of
    one grey becomes black.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    small = grey.shape[0] >= spec.rows and grey.shape[1] >= spec.columns
    how = cv2.INTER_AREA if small else cv2.INTER_LINEAR
    values = cv2.resize(grey.astype(np.float32), (spec.columns, spec.rows), interpolation=how)
    low, high = np.percentile(values, (spec.low, spec.high))
    if not high > low:
        return np.zeros((spec.rows, spec.columns), np.uint8)
    stretched = (values - np.float32(low)) * np.float32(255.0 / (high - low))
    return np.asarray(np.clip(np.rint(stretched), 0, 255).astype(np.uint8))
