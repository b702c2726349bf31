"""Segments drawn over displayed pictures: filled, with lines round them."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.presentation import Presentation
from xray_studio.core.segments import Levels, SegmentLayer, unpack_levels

Image = npt.NDArray[np.uint8]
MARKED = 128  # of 255: what is marked at least so much lies within the line
LINE = 1 / 640  # of the longer side of a picture


def draw_segments(
    picture: Image, segments: tuple[SegmentLayer, ...], index: int, presentation: Presentation
) -> Image:
    """Return RGB of a displayed picture, grey or RGB, with those segments that are shown."""
    drawn = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    shown = np.asarray(drawn, np.uint8)
    for layer in segments:
        packed = layer.levels[index]
        if packed and layer.segment.number not in presentation.hidden_segments:
            levels = _levels(packed, layer.size, shown.shape[:2])
            _fill(shown, levels, layer, presentation.opacity)
            if presentation.outlines:
                _line(shown, levels, layer)
    return shown


@lru_cache(maxsize=64)
def _levels(packed: bytes, size: tuple[int, int], shape: tuple[int, ...]) -> Levels:
    levels = unpack_levels(packed, size)
    if size == shape:
        return levels
    resized = cv2.resize(levels, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.uint8)


def _fill(picture: Image, levels: Levels, layer: SegmentLayer, opacity: float) -> None:
    places = np.flatnonzero(levels)
    if opacity <= 0.0 or not places.size:
        return
    flat = picture.reshape(-1, 3)
    cover = (levels.reshape(-1)[places].astype(np.float32) * (opacity / 255.0))[:, None]
    colour = np.array(layer.segment.colour, np.float32)
    flat[places] = (flat[places] * (1.0 - cover) + cover * colour + 0.5).astype(np.uint8)


def _line(picture: Image, levels: Levels, layer: SegmentLayer) -> None:
    marked = (levels >= MARKED).astype(np.uint8)
    found, _ = cv2.findContours(marked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    width = max(1, round(max(picture.shape[:2]) * LINE))
    cv2.drawContours(picture, found, -1, layer.segment.colour, width)
