"""From a stored frame to a grey picture of 16 bits: the same transformations, finer levels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import DeepTable, deep_table
from xray_studio.core.presentation import Presentation
from xray_studio.core.shown import voi_of
from xray_studio.imaging.planes import draw_shutter
from xray_studio.imaging.wide import wide_picture

DeepImage = npt.NDArray[np.uint16]


def render_deep(clip: Clip, index: int, presentation: Presentation, frame: Frame) -> DeepImage:
    """Return a stored grey frame as shown, uint16 (rows, columns): black 0, white 65535.

    The shutter is drawn; overlay planes are coloured and cannot be. Raises UsageError when there is
    no such VOI LUT.
    """
    modality, voi = clip.modality_at(index), voi_of(clip, presentation, index)
    if frame.dtype.kind in "iu" and frame.dtype.itemsize <= 2:
        table = deep_table(clip.pixels_at(index), modality, voi, invert=presentation.invert)
        picture = _looked_up(frame, table)
    else:
        picture = wide_picture(
            frame, clip.pixels_at(index), modality, voi, np.uint16, invert=presentation.invert
        )
    return draw_shutter(picture, clip, index) if presentation.shutter else picture


def _looked_up(frame: Frame, table: DeepTable) -> DeepImage:
    """Return what a table of 65,536 entries makes of a frame of 8 or 16 bits."""
    return np.asarray(table[frame.astype(np.int32) & 0xFFFF])
