"""Overlay planes and shutters drawn over displayed pictures."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.overlay_plane import Mask, OverlayPlane, placed, planes_at
from xray_studio.core.per_frame import at_frame
from xray_studio.core.shutter import Colour, Shutter

Image = npt.NDArray[np.uint8]
Shown = TypeVar("Shown", npt.NDArray[np.uint8], npt.NDArray[np.uint16])
Places = npt.NDArray[np.int32]

# Far from each other, from greys, and from what colours mean elsewhere: amber, green and red.
COLOURS: tuple[Colour, ...] = (
    (0x5E, 0xDC, 0xE9),
    (0xF4, 0x8F, 0xD0),
    (0xD3, 0xE9, 0x6A),
    (0xB5, 0xA2, 0xFF),
)
REGION = 0.4  # how much a region of interest covers of the picture under it


def colour_of(plane: OverlayPlane) -> Colour:
    """Return the colour that a plane is drawn in, sRGB."""
    return COLOURS[(plane.group - 0x6000) // 2 % len(COLOURS)]


def draw_planes(picture: Image, clip: Clip, index: int, planes: tuple[OverlayPlane, ...]) -> Image:
    """Return RGB of a displayed picture, grey or RGB, with those planes that lie on frame `index`.

    The picture may be smaller than the clip's frames. Raises what a plane's source raises.
    """
    drawn = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    flat = drawn.reshape(-1, 3)
    for plane in planes_at(planes, index):
        places = _places(plane, index, (clip.rows, clip.columns), picture.shape[:2])
        colour = np.array(colour_of(plane), np.float32)
        cover = REGION if plane.kind == "R" else 1.0
        if cover < 1.0:
            flat[places] = (flat[places] * (1.0 - cover) + cover * colour).astype(np.uint8)
        else:
            flat[places] = colour.astype(np.uint8)
    return np.asarray(drawn, dtype=np.uint8)


def _places(
    plane: OverlayPlane, index: int, whole: tuple[int, int], shown: tuple[int, ...]
) -> Places:
    """Return the pixels that a plane sets, as positions in the flattened picture."""
    if plane.source is not None:
        return _set_pixels(plane, index, whole, shown)
    return _known_places(plane, 0 if len(plane.packed) == 1 else index, whole, shown)


@lru_cache(maxsize=64)
def _known_places(
    plane: OverlayPlane, index: int, whole: tuple[int, int], shown: tuple[int, ...]
) -> Places:
    return _set_pixels(plane, index, whole, shown)


def _set_pixels(
    plane: OverlayPlane, index: int, whole: tuple[int, int], shown: tuple[int, ...]
) -> Places:
    mask = _resized(placed(plane, index, *whole), shown, cv2.INTER_AREA)
    return np.flatnonzero(mask).astype(np.int32)


def _resized(mask: Mask, shape: tuple[int, ...], method: int) -> Mask:
    """Return a mask at the size of a smaller picture; by area whatever is set in part stays set."""
    if mask.shape == shape:
        return mask
    rows, columns = shape
    levels = mask.astype(np.float32)
    return np.asarray(cv2.resize(levels, (columns, rows), interpolation=method) > 0)


def draw_shutter(picture: Shown, clip: Clip, index: int) -> Shown:
    """Return a displayed picture, grey or RGB, without what the shutter of frame `index` hides.

    Grey pictures can have 16 bits.
    """
    shutter = at_frame(clip.shutter, index)
    if shutter is None:
        return picture
    at = index if shutter.bitmap is not None else 0
    seen = _opening(shutter, at, (clip.rows, clip.columns), picture.shape[:2])
    value = shutter.colour or (shutter.grey,) * 3
    ground = np.empty_like(picture)
    grey = shutter.value if picture.dtype == np.uint16 else shutter.grey
    ground[...] = grey if picture.ndim == 2 else np.array(value, np.uint8)
    return np.asarray(cv2.copyTo(picture, seen, ground), dtype=picture.dtype)


@lru_cache(maxsize=8)
def _opening(shutter: Shutter, index: int, whole: tuple[int, int], shown: tuple[int, ...]) -> Image:
    seen = _resized(shutter.open(*whole, index), shown, cv2.INTER_NEAREST)
    return seen.astype(np.uint8)
