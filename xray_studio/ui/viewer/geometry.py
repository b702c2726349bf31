"""Where a picture lies in a viewport, in device pixels. Pure arithmetic, no Qt.

Picture coordinates are fractions 0 to 1 of width and height, `stored` before and `screen` after
rotation and flips. A flip comes after the rotation (PS3.3 C.10.6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Presentation

SMALLEST_SIDE = 1
CRISP_SCALE = 6.0
CRISP_OVER_FIT = 2.5
WHOLE_LIMIT = 1.6


class Box(NamedTuple):
    """A rectangle in device pixels."""

    left: int
    top: int
    width: int
    height: int


class Size(NamedTuple):
    """Width and height in device pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The whole picture as it lies in the viewport, and the scale that led there.

    `scale` is device pixels for each image pixel across; `crisp` tells that single pixels are to be
    seen as squares.
    """

    view: Size
    box: Box
    scale: float
    fit: float
    crisp: bool


def natural_size(clip: Clip, presentation: Presentation) -> tuple[float, float]:
    """Return width and height on screen in units of an image pixel's width."""
    width, height = float(clip.columns), clip.rows * clip.pixel_aspect
    return (height, width) if presentation.rotation % 180 else (width, height)


def fit_scale(natural: tuple[float, float], view: Size) -> float:
    """Return the scale at which the whole picture is as large as the viewport allows."""
    scale = min(view.width / natural[0], view.height / natural[1])
    return max(scale, 1e-6)


def place(clip: Clip, presentation: Presentation, view: Size) -> Placement:
    """Return where the picture lies."""
    natural = natural_size(clip, presentation)
    fit = fit_scale(natural, view)
    pan = presentation.pan
    if presentation.zoom is None and presentation.area is not None:
        fit, pan = _fit_area(clip, presentation, presentation.area, view)
    scale = fit if presentation.zoom is None else presentation.zoom
    width = max(SMALLEST_SIDE, round(natural[0] * scale))
    height = max(SMALLEST_SIDE, round(natural[1] * scale))
    left = math.floor((view.width - width) / 2 + pan[0] * scale)
    top = math.floor((view.height - height) / 2 + pan[1] * scale)
    crisp = scale >= CRISP_SCALE and scale >= CRISP_OVER_FIT * fit
    return Placement(view, Box(left, top, width, height), scale, fit, crisp)


def area_pan(clip: Clip, presentation: Presentation) -> tuple[float, float]:
    """Return the pan at which the displayed area of a presentation is in the middle."""
    if presentation.area is None:
        return presentation.pan
    left, top, right, bottom = presentation.area
    middle = ((left + right) / 2 / clip.columns, (top + bottom) / 2 / clip.rows)
    x, y = to_screen(*middle, presentation)
    natural = natural_size(clip, presentation)
    return (0.5 - x) * natural[0], (0.5 - y) * natural[1]


def displayed_area(
    clip: Clip, presentation: Presentation, fit: float
) -> tuple[float, float, float, float] | None:
    """Return the part of a picture, as `Presentation.area`, which fitted shows it as it is now.

    It has the shape of the whole picture, at whose zoom `fit` that would fit; None for all of it.
    """
    if presentation.zoom is None:
        return presentation.area
    part, natural = fit / presentation.zoom, natural_size(clip, presentation)
    if part >= 1.0:
        return None
    pan = presentation.pan
    x, y = to_stored(0.5 - pan[0] / natural[0], 0.5 - pan[1] / natural[1], presentation)
    across, down = part * clip.columns / 2, part * clip.rows / 2
    x, y = x * clip.columns, y * clip.rows
    return x - across, y - down, x + across, y + down


def _fit_area(
    clip: Clip,
    presentation: Presentation,
    area: tuple[float, float, float, float],
    view: Size,
) -> tuple[float, tuple[float, float]]:
    """Return scale and pan at which an area of the picture is as large as the viewport allows."""
    width, height = area[2] - area[0], (area[3] - area[1]) * clip.pixel_aspect
    turned = presentation.rotation % 180 != 0
    scale = fit_scale((height, width) if turned else (width, height), view)
    return scale, area_pan(clip, presentation)


def visible(placement: Placement) -> Box | None:
    """Return the part of the box that is to be drawn: all of it unless it is much too large."""
    box, view = placement.box, placement.view
    left, right = max(0, box.left), min(view.width, box.left + box.width)
    top, bottom = max(0, box.top), min(view.height, box.top + box.height)
    if right <= left or bottom <= top:
        return None
    if box.width * box.height <= WHOLE_LIMIT * view.width * view.height:
        return box
    return Box(left, top, right - left, bottom - top)


def to_stored(x: float, y: float, presentation: Presentation) -> tuple[float, float]:
    """Return stored fractions of screen fractions: undo the flips, then the rotation."""
    if presentation.flip_horizontal:
        x = 1.0 - x
    if presentation.flip_vertical:
        y = 1.0 - y
    return {0: (x, y), 90: (y, 1.0 - x), 180: (1.0 - x, 1.0 - y), 270: (1.0 - y, x)}[
        presentation.rotation % 360
    ]


def to_screen(x: float, y: float, presentation: Presentation) -> tuple[float, float]:
    """Return screen fractions of stored fractions."""
    x, y = {0: (x, y), 90: (1.0 - y, x), 180: (1.0 - x, 1.0 - y), 270: (y, 1.0 - x)}[
        presentation.rotation % 360
    ]
    x = 1.0 - x if presentation.flip_horizontal else x
    y = 1.0 - y if presentation.flip_vertical else y
    return x, y


def pixel_at(
    clip: Clip, presentation: Presentation, placement: Placement, x: float, y: float
) -> tuple[int, int] | None:
    """Return (column, row), from 0, of the image pixel at a device pixel; None outside."""
    box = placement.box
    across, down = (x - box.left) / box.width, (y - box.top) / box.height
    if not (0.0 <= across < 1.0 and 0.0 <= down < 1.0):
        return None
    across, down = to_stored(across, down, presentation)
    column, row = int(across * clip.columns), int(down * clip.rows)
    return min(column, clip.columns - 1), min(row, clip.rows - 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """The stored pixels that are visible, and the box on screen that they fill exactly.

    `rows` and `columns` are (first, end) of the stored picture.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    box: Box


def cut(clip: Clip, presentation: Presentation, placement: Placement) -> Cut | None:
    """Return the stored pixels to draw, whole ones, or None when nothing is visible."""
    part, box = visible(placement), placement.box
    if part is None:
        return None
    ends = ((part.left, part.top), (part.left + part.width, part.top + part.height))
    corners = [
        to_stored((x - box.left) / box.width, (y - box.top) / box.height, presentation)
        for x, y in ends
    ]
    columns = _whole(sorted(corner[0] for corner in corners), clip.columns)
    rows = _whole(sorted(corner[1] for corner in corners), clip.rows)
    return Cut(rows, columns, _box_of(clip, presentation, placement, rows, columns))


def _whole(ends: list[float], count: int) -> tuple[int, int]:
    first = max(0, math.floor(ends[0] * count + 1e-9) - 1)
    return (first, min(count, math.ceil(ends[1] * count - 1e-9) + 1))


def _box_of(
    clip: Clip,
    presentation: Presentation,
    placement: Placement,
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> Box:
    one = to_screen(columns[0] / clip.columns, rows[0] / clip.rows, presentation)
    two = to_screen(columns[1] / clip.columns, rows[1] / clip.rows, presentation)
    left, right = _ends(one[0], two[0], placement.box.left, placement.box.width)
    top, bottom = _ends(one[1], two[1], placement.box.top, placement.box.height)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _ends(one: float, two: float, start: int, length: int) -> tuple[int, int]:
    low, high = sorted((one, two))
    return start + round(low * length), start + round(high * length)


def moved(box: Box, before: Placement, after: Placement) -> tuple[float, float, float, float]:
    """Return where a box drawn for one placement lies in another: left, top, width, height."""
    across = after.box.width / before.box.width
    down = after.box.height / before.box.height
    left = after.box.left + (box.left - before.box.left) * across
    top = after.box.top + (box.top - before.box.top) * down
    return left, top, box.width * across, box.height * down
