"""From a stored frame to a grey picture of 16 bits: the same transformations, finer levels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import DeepTable, apply_voi, deep_table, modality_range, to_deep
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.planes import draw_shutter
from xray_studio.imaging.render import extent, finite, is_padding, strips, voi_of

DeepImage = npt.NDArray[np.uint16]


def render_deep(clip: Clip, index: int, presentation: Presentation, frame: Frame) -> DeepImage:
    """Return a stored grey frame as shown, uint16 (rows, columns): black 0, white 65535.

    The shutter is drawn; overlay planes are coloured and cannot be. Raises UsageError when there is
    no such VOI LUT.
    """
    modality, voi = clip.modality_at(index), voi_of(clip, presentation, index)
    if frame.dtype.kind in "iu" and frame.dtype.itemsize <= 2:
        table = deep_table(clip.pixels, modality, voi, invert=presentation.invert)
        picture = _looked_up(frame, table)
    else:
        picture = _computed(clip, index, presentation, frame)
    return draw_shutter(picture, clip, index) if presentation.shutter else picture


def _looked_up(frame: Frame, table: DeepTable) -> DeepImage:
    """Return what a table of 65,536 entries makes of a frame of 8 or 16 bits."""
    return np.asarray(table[frame.astype(np.int32) & 0xFFFF])


def _computed(clip: Clip, index: int, presentation: Presentation, frame: Frame) -> DeepImage:
    """Return display values of a 32-bit or floating frame, strip by strip."""
    modality, voi = clip.modality_at(index), voi_of(clip, presentation, index)
    floating = voi is None and frame.dtype.kind == "f"
    full = extent(frame, modality) if floating else modality_range(clip.pixels, modality)
    shown = np.empty(frame.shape, np.uint16)
    for rows in strips(frame):
        values = apply_voi(modality.apply(finite(frame[rows])), voi, full)
        shown[rows] = to_deep(values, clip.pixels, invert=presentation.invert)
        if voi is not None:
            shown[rows][is_padding(frame[rows], clip.pixels)] = 0
    return shown
