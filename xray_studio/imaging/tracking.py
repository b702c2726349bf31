"""Where a region of one frame lies in another, to a fraction of a pixel.

Dense flow from frame to frame foresees the place; there the region as it was first is laid on the
frame by the enhanced correlation coefficient (Evangelidis and Psarakis, "Parametric image alignment
using enhanced correlation coefficient maximization", IEEE PAMI 30(10), 2008). So nothing adds up
over the frames, and brightness and contrast may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.region import Region
from xray_studio.core.step import Image
from xray_studio.imaging.optical_flow import Flow

_ROOM: Final = 12  # pixels around the place that was foreseen
_FAR: Final = 8.0  # pixels from it: there lies something else
_LIKE: Final = 0.2  # correlation from which on the region is believed to be found
_FINE, _WIDE = 0.5, 2.0  # pixels: deviations of the Gaussians between which detail is compared
_AS_IT_IS: Final = 1  # pixels across the Gaussian of the search itself: none
_STOP: Final = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-4)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a region lies, right and down of where it was first, in pixels.

    `likeness` is the correlation with the region as it was; 0 where only flow tells the place.
    """

    x: float
    y: float
    likeness: float


class Tracker:
    """Follows a region of the first frame of a clip; frames are float32 (rows, columns)."""

    def __init__(self, first: Image, region: Region, preset: str) -> None:
        self._region, self._before = region, first
        self._template = _detail(first)[region.y : region.bottom, region.x : region.right].copy()
        self._flow = Flow(preset, first)
        self._here = Place(0.0, 0.0, 1.0)

    def next(self, frame: Image) -> Place:
        """Return the place of the region in the next frame of the clip."""
        foreseen = self._foreseen(frame)
        self._before = frame
        self._here = self._refined(frame, foreseen) or Place(*foreseen, 0.0)
        return self._here

    def _foreseen(self, frame: Image) -> tuple[float, float]:
        """Return the place by what the pixels of the region did since the frame before."""
        right, down = self._flow.between(self._before, frame).field()
        rows, columns = frame.shape
        left, top = self._region.x + round(self._here.x), self._region.y + round(self._here.y)
        part = (
            slice(max(0, min(top, rows - 1)), max(1, top + self._region.height)),
            slice(max(0, min(left, columns - 1)), max(1, left + self._region.width)),
        )
        moved = float(np.median(right[part])), float(np.median(down[part]))
        return self._here.x + moved[0], self._here.y + moved[1]

    def _refined(self, frame: Image, foreseen: tuple[float, float]) -> Place | None:
        """Return the place by the correlation with the region as it was, None where none is."""
        region = self._region
        template = self._template
        rows, columns = frame.shape
        left = max(0, region.x + round(foreseen[0]) - _ROOM)
        top = max(0, region.y + round(foreseen[1]) - _ROOM)
        right = min(columns, region.right + round(foreseen[0]) + _ROOM)
        bottom = min(rows, region.bottom + round(foreseen[1]) + _ROOM)
        if right - left < region.width or bottom - top < region.height:
            return None
        part = _detail(frame)[top:bottom, left:right].copy()
        whole = np.ones(part.shape, np.uint8)
        start = region.x + foreseen[0] - left, region.y + foreseen[1] - top
        warp: npt.NDArray[Any] = np.array([[1, 0, start[0]], [0, 1, start[1]]], np.float32)
        try:
            like, found = cv2.findTransformECC(
                template, part, warp, cv2.MOTION_TRANSLATION, _STOP, whole,
                _AS_IT_IS,
            )  # fmt: skip
        except cv2.error:  # it found no place at all
            return None
        warp = np.asarray(found)
        x, y = float(warp[0, 2]) + left - region.x, float(warp[1, 2]) + top - region.y
        near = np.hypot(x - foreseen[0], y - foreseen[1]) <= _FAR
        return Place(x, y, float(like)) if near and like >= _LIKE else None


def _detail(frame: Image) -> Image:
    """Return the detail of a whole frame: a part would have other borders.

    Detectors blur, so noise is strongest in what is wide; fine detail tells the place best.
    """
    fine, wide = (cv2.GaussianBlur(frame, (0, 0), sigma) for sigma in (_FINE, _WIDE))
    return np.asarray(fine - wide, np.float32)
