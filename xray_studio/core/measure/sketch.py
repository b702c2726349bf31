"""How marks are drawn: as the graphics of a presentation state, which window and export share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from xray_studio.core.drawing import Drawing, Ground, Label, Point, Shape, outline, turned
from xray_studio.core.measure.mark import Kind, Mark, handles
from xray_studio.core.presentation import Presentation
from xray_studio.core.shutter import Colour

INK: Final[Colour] = (0x8F, 0xD0, 0xFF)
LAYER: Final = "MEASUREMENTS"


def drawing_of(
    mark: Mark,
    lines: Iterable[str],
    how: Presentation,
    frames: Iterable[int] | None = None,
    layer: str = LAYER,
) -> Drawing:
    """Return a mark as a drawing, with `lines` beside it, on some frames (None: all)."""
    text = "\n".join(lines)
    left, right = _ends(mark, how)
    labels = (Label(text, anchor=right, left_anchor=left),) if text else ()
    kept = None if frames is None else frozenset(frames)
    return Drawing(layer, (shape_of(mark),), labels, INK, frames=kept)


def shape_of(mark: Mark) -> Shape:
    """Return the lines of a mark."""
    if mark.kind is Kind.TEXT:
        return Shape("POINT", mark.points[:1])
    if mark.kind is Kind.ELLIPSE:
        left, top, right, bottom = handles(mark)
        wide = right[0] - left[0] >= bottom[1] - top[1]  # the longer axis first (C.10.5.1.2)
        return Shape("ELLIPSE", (left, right, top, bottom) if wide else (top, bottom, left, right))
    if mark.kind is Kind.OUTLINE:
        return Shape("POLYLINE", (*mark.points, mark.points[0]))
    return Shape("POLYLINE", mark.points)


def area_border(mark: Mark) -> tuple[Point, ...]:
    """Return the corners of the closed line round an ellipse or outline."""
    if mark.kind is Kind.OUTLINE:
        return mark.points
    return outline(shape_of(mark))[0]


def _ends(mark: Mark, how: Presentation) -> tuple[Point, Point]:
    """Return the handles that are furthest to the left and right as the picture is turned."""
    ends = handles(mark)
    across = turned(np.array(ends, np.float64).reshape(-1, 2), how)[:, 0]
    return ends[int(across.argmin())], ends[int(across.argmax())]


def on_ground(mark: Mark, ground: Ground) -> tuple[Point, ...]:
    """Return where the handles of a mark lie."""
    places = ground.places(handles(mark), of_display=False)
    return tuple((float(x), float(y)) for x, y in places)
