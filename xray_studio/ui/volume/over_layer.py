"""The volume over another as a layer in its colours, its scale, and its value at the pointer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

from xray_studio.core.clip import Frame
from xray_studio.core.colour_map import GREY, colour_table
from xray_studio.core.corner_text import NO_VALUE, format_number
from xray_studio.core.learning.heat_colours import Colours
from xray_studio.core.presentation import Window
from xray_studio.core.volume.fusion import Blend, FusionLook
from xray_studio.services.volume.windows import ends_told
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.state import State
from xray_studio.ui.viewer.layer import Layer, Scale
from xray_studio.ui.volume.over import Over

_SHADES: Final = 33  # colours of a scale


def over_layer(state: State, shown: FrameAnswer) -> Layer | None:
    """Return what lies over the plane on screen, None where nothing does."""
    look, source = state.volume, shown.request.over
    if look is None or look.over is None or source is None or shown.over is None:
        return None
    over = look.over
    if source.planes is not over.planes:
        return None  # another one lay there when the picture was made
    how, request = over.how, shown.request
    key = (request.clip.made, request.index, over.planes.number, over.window, unclear(how))
    spacing = request.clip.acquisition.pixel_spacing or (1.0, 1.0)
    make = partial(over_image, shown.over, over.window, how, spacing)
    opacity = how.opacity if how.blend is Blend.OVER else 1.0
    return Layer(key, make, opacity, over_scale(over))


def unclear(how: FusionLook) -> FusionLook:
    """Return a look without how clear it is, by which no picture is another one."""
    return replace(how, opacity=1.0, wipe=0.5)


def over_image(
    values: Frame, window: Window, how: FusionLook, spacing: tuple[float, float]
) -> QImage:
    """Return values (rows, columns) in their colours, transparent where they cover nothing."""
    from xray_studio.imaging.fusion import covering  # OpenCV: not needed to start

    pixels = covering(values, window, how, spacing)
    rows, columns = pixels.shape[:2]
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    return made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy of its own


def over_scale(over: Over) -> Scale:
    """Return what the colours stand for."""
    low, high = ends_told(over.window)
    lines = tuple(filter(None, (over.name, over.volume.unit)))
    return Scale(lines, low, high, shades_of(over.how.colour_map))


def shades_of(colour_map: str) -> Colours:
    """Return the colours of a map, or greys, from its lower to its upper end."""
    levels = np.rint(np.linspace(0.0, 255.0, _SHADES)).astype(np.uint8)
    if colour_map == GREY:
        return np.repeat(levels[:, None], 3, axis=1)
    return np.asarray(colour_table(colour_map)[levels])


def over_text(state: State, shown: FrameAnswer, column: int, row: int) -> str:
    """Return "PT 4.21 g/ml" for a pixel, "" where nothing lies over the plane on screen."""
    look = state.volume
    if look is None or look.over is None or shown.over is None:
        return ""
    value = float(shown.over[row, column])
    words = format_number(value) if np.isfinite(value) else NO_VALUE
    unit = look.over.volume.unit if np.isfinite(value) else ""
    return f"{look.over.name} {words} {unit}".rstrip()
