"""Optical flow between frames by dense inverse search (Kroeger et al., ECCV 2016; DIS)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image
from xray_studio.imaging.scratch import Scratch

PRESETS: Final = {
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}
_SIDE: Final = 320  # pixels of the shorter side on which motion is looked for, at most
_LEAST: Final = 32  # pixels of a side below which there is no motion to find
_SOFT: Final = 1.2  # pixels there: deviation of the Gaussian that takes the noise away
Field = npt.NDArray[np.float32]


class Flow:
    """Motion between frames of one clip, which share one range of grey."""

    def __init__(self, preset: str, first: Image) -> None:
        self._search: Any = cv2.DISOpticalFlow.create(PRESETS[preset])
        smaller = max(1.0, min(first.shape) / _SIDE)
        self._shape, self._scratch = first.shape, Scratch()
        rows, columns = (max(1, round(side / smaller)) for side in first.shape)
        self._size = columns, rows
        low, high = np.percentile(self._small(first), (1.0, 99.5))
        self._scale = 255.0 / max(float(high - low), 1e-12)
        self._shift = -float(low) * self._scale

    def between(self, frame: Image, other: Image) -> Motion:
        """Return where in `other` each place of `frame` is found.

        Pictures too small to tell do not move.
        """
        if min(self._size) < _LEAST:
            still = np.zeros((*self._size[::-1], 2), np.float32)
            return Motion(still, self._shape, self._scratch)
        found = self._search.calc(self._grey(frame), self._grey(other), None)
        return Motion(np.asarray(found, np.float32), self._shape, self._scratch)

    def _small(self, image: Image) -> Image:
        small = image
        while min(small.shape) >= 2 * min(self._size):  # halves are quick, other parts are not
            half = small.shape[1] // 2, small.shape[0] // 2
            small = np.asarray(cv2.resize(small, half, interpolation=cv2.INTER_AREA), np.float32)
        if small.shape != self._size[::-1]:
            small = np.asarray(cv2.resize(small, self._size), np.float32)
        return np.asarray(cv2.GaussianBlur(small, (0, 0), _SOFT), np.float32)

    def _grey(self, image: Image) -> npt.NDArray[np.uint8]:
        small = self._small(image)
        # Rounds and keeps within 0 and 255 at once.
        grey = cv2.addWeighted(small, self._scale, small, 0.0, self._shift, dtype=cv2.CV_8U)
        return np.asarray(grey, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Where places of a frame lie in another, as found on a grid.

    `found` float32 (rows, columns, 2) of the grid: right and down, in its pixels. `shape` is that
    of the frames.
    """

    found: Field
    shape: tuple[int, ...]
    scratch: Scratch = field(default_factory=Scratch)

    def field(self, shape: tuple[int, ...] | None = None) -> tuple[Image, Image]:
        """Return how far right and how far down each pixel lies there, float32 (rows, columns).

        In pixels of a picture of `shape`, which may be a smaller one of the same frame. Both hold
        until they are asked for again, of any motion of the clip.
        """
        rows, columns = shape or self.shape
        right = self._scaled(0, (rows, columns), columns / self.found.shape[1])
        down = self._scaled(1, (rows, columns), rows / self.found.shape[0])
        return right, down

    def _scaled(self, way: int, shape: tuple[int, int], ratio: float) -> Image:
        small = self.found[..., way] * np.float32(ratio)
        room = self.scratch.room("right" if way == 0 else "down", shape)
        made = cv2.resize(small, shape[::-1], dst=room, interpolation=cv2.INTER_LINEAR)
        return np.asarray(made, np.float32)

    def bring(self, image: Image, into: Image | None = None) -> Image:
        """Return the other frame, or a smaller picture of it, as it would be at this frame.

        Where there is a picture to write `into`, that one is returned.
        """
        right, down = self.field(image.shape)
        rows, columns = image.shape
        right += np.arange(columns, dtype=np.float32)
        down += np.arange(rows, dtype=np.float32)[:, None]
        # OpenCV is five times as fast with two maps as with one of two channels.
        made = cv2.remap(
            image, right, down, cv2.INTER_LINEAR, dst=into, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(made, np.float32)
