"""From a stored frame to the 8-bit picture that a view or an export shows.

Grey frames go through one cached table (core.lut.display_table); colour frames are shown as they
are, by their ICC profile, their windows being none of the viewer's business (PS3.3 C.7.6.3.1.2).
Shutter and overlay planes lie over both.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.colour_map import colour_table
from xray_studio.core.lut import Table, display_table
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation
from xray_studio.core.shown import has_palette, shown_planes, shown_segments, voi_of
from xray_studio.imaging.planes import draw_planes, draw_shutter
from xray_studio.imaging.segments import draw_segments
from xray_studio.imaging.wide import wide_picture

Image = npt.NDArray[np.uint8]


def render(clip: Clip, index: int, presentation: Presentation, frame: Frame | None = None) -> Image:
    """Return frame `index` (from 0) as shown: uint8 (rows, columns), or RGB where `in_colour`.

    `frame` are stored values that are at hand already; otherwise they are read from the clip.
    The result is contiguous; zoom, rotation and flips are left to the view (see `oriented`).
    Raises what the clip's source raises, UsageError when there is no such VOI LUT.
    """
    if frame is None:
        frame = clip.stored(index)
    picture = _mapped(_plain(clip, index, presentation, frame), presentation.colour_map)
    if presentation.shutter:
        picture = draw_shutter(picture, clip, index)
    planes, segments = shown_planes(clip, presentation), shown_segments(clip, presentation)
    if planes:
        picture = draw_planes(picture, clip, index, planes)
    return draw_segments(picture, segments, index, presentation) if segments else picture


def _plain(clip: Clip, index: int, presentation: Presentation, frame: Frame) -> Image:
    """Return a frame as shown, nothing drawn over it."""
    if frame.ndim == 3:
        profile = clip.icc_profile if presentation.profile else b""
        return _colour(frame, profile, invert=presentation.invert)
    modality, voi = clip.modality_at(index), voi_of(clip, presentation, index)
    if frame.dtype.kind in "iu" and frame.dtype.itemsize <= 2:
        table = display_table(clip.pixels_at(index), modality, voi, invert=presentation.invert)
        grey = apply_table(frame, table)
    else:
        pixels, invert = clip.pixels_at(index), presentation.invert
        grey = wide_picture(frame, pixels, modality, voi, np.uint8, invert=invert)
    return _toned(clip, index, grey) if clip.tones is not None else grey


def _toned(clip: Clip, index: int, grey: Image) -> Image:
    """Return greys in the colours of a presentation state, RGB where any frame of the clip is."""
    tones = at_frame(clip.tones, index)
    if tones is not None and tones.palette:
        return palette_table(tones.palette)[grey]
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)) if has_palette(clip) else grey


@lru_cache(maxsize=8)
def palette_table(palette: bytes) -> Image:
    """Return the colours of the 256 greys, (256, 3): they run through the whole palette."""
    colours = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    return colours[np.round(np.linspace(0, len(colours) - 1, 256)).astype(np.intp)]


def _mapped(picture: Image, name: str) -> Image:
    """Return a grey picture in the colours of a map, colours and "" as they are."""
    if not name or picture.ndim == 3:
        return picture
    return np.asarray(cv2.applyColorMap(picture, colour_table(name)[:, None]), dtype=np.uint8)


def apply_table(frame: Frame, table: Table) -> Image:
    """Return display values of an 8- or 16-bit frame by a table of 65,536 entries.

    Signed values index the table by their two's complement.
    """
    frame = np.ascontiguousarray(frame)
    if frame.dtype == np.uint8:
        table = table[:256]
    elif frame.dtype == np.int8:
        table = np.concatenate((table[:128], table[-128:]))
    unsigned = frame.view(f"u{frame.dtype.itemsize}")
    return np.asarray(cv2.LUT(unsigned, np.ascontiguousarray(table)), dtype=np.uint8)


def _colour(frame: Frame, profile: bytes, *, invert: bool) -> Image:
    shown = _by_profile(frame, profile) if profile else frame
    shown = np.subtract(255, shown, dtype=np.uint8) if invert else shown
    return np.ascontiguousarray(shown)


def _by_profile(frame: Frame, profile: bytes) -> Image:
    from xray_studio.imaging.colour_profile import to_srgb  # few pictures need LittleCMS

    return to_srgb(frame, profile)


def oriented(image: Image, presentation: Presentation) -> Image:
    """Return a picture turned and flipped as presented, contiguous.

    Turned first, then flipped (PS3.3 C.10.6).
    """
    turned = np.rot90(image, -(presentation.rotation // 90))
    if presentation.flip_horizontal:
        turned = turned[:, ::-1]
    if presentation.flip_vertical:
        turned = turned[::-1]
    return np.ascontiguousarray(turned)
