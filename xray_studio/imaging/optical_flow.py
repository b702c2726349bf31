"""Optical flow between frames by dense inverse search (Kroeger et al., ECCV 2016; DIS)."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

PRESETS: Final = {
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}
_SIDE: Final = 384  # pixels of the shorter side on which motion is looked for, at most
_LEAST: Final = 32  # pixels of a side below which there is no motion to find
_SOFT: Final = 1.5  # pixels there: deviation of the Gaussian that takes the noise away
Field = npt.NDArray[np.float32]


class Flow:
    """Motion between frames of one clip, which share one range of grey."""

    def __init__(self, preset: str, first: Image) -> None:
        self._search: Any = cv2.DISOpticalFlow.create(PRESETS[preset])
        scale = min(1.0, _SIDE / min(first.shape))
        rows, columns = (max(1, round(side * scale)) for side in first.shape)
        self._size = columns, rows
        low, high = np.percentile(self._small(first), (1.0, 99.5))
        self._low, self._scale = np.float32(low), np.float32(255.0 / max(high - low, 1e-12))

    def field(self, frame: Image, other: Image) -> Field:
        """Return where in `other` each pixel of `frame` is found, in pixels away from it.

        float32 (rows, columns, 2): right and down. Pictures too small to tell do not move.
        """
        rows, columns = frame.shape
        if min(self._size) < _LEAST:
            return np.zeros((rows, columns, 2), np.float32)
        found = self._search.calc(self._grey(frame), self._grey(other), None)
        found *= np.array([columns / self._size[0], rows / self._size[1]], np.float32)
        return np.asarray(
            cv2.resize(found, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32
        )

    def _small(self, image: Image) -> Image:
        small = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(small, (0, 0), _SOFT), np.float32)

    def _grey(self, image: Image) -> npt.NDArray[np.uint8]:
        grey = (self._small(image) - self._low) * self._scale
        return np.asarray(np.clip(grey, 0.0, 255.0), np.uint8)


def moved(image: Image, field: Field) -> Image:
    """Return a picture sampled where a field (rows, columns, 2: right, down) points to."""
    rows, columns = image.shape
    across = field[..., 0] + np.arange(columns, dtype=np.float32)
    down = field[..., 1] + np.arange(rows, dtype=np.float32)[:, None]
    made = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.float32)
