"""Marks read from what a presentation state has drawn (PS3.3 C.10.5)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Label, Point, Shape
from xray_studio.core.measure.drawn import Drawn, Found, numbered
from xray_studio.core.measure.mark import Kind, Mark, Spot, handles
from xray_studio.core.state import Annotation, PresentationState

NEAR: Final = 0.6  # pixels from the end of a mark to the text that belongs to it
_NUMBER = r"-?[0-9][0-9.,e+-]*"
# What stands beside a mark and is measured anew.
_FIGURES = re.compile(
    rf"{_NUMBER}(°| mm| px| pixel width)|{_NUMBER} to {_NUMBER}( [^ ]+)?$|mean {_NUMBER} ± "
    r"|not measured: |no angle: "
)


def marks_of_state(clip: Clip, state: PresentationState) -> Found:
    """Return what a state has drawn on a clip as marks; what is no mark is left out.

    Lines of two points are lengths, of three angles, closed ones outlines, upright ellipses and
    circles are ellipses, and texts that belong to none of them are texts. Figures beside a mark are
    measured anew.
    """
    drawn, left_out = list[Drawn](), 0
    for scoped in state.annotations:
        frames = tuple(
            index
            for index, (uid, number) in enumerate(clip.origins)
            if state.refers_to(uid, number) and scoped.holds(uid, number)
        )
        found, odd = _of_annotation(scoped.value, frames)
        drawn += found if frames else []
        left_out += odd if frames else 0
    return Found(numbered(clip, _joined(drawn)), left_out)


def _of_annotation(annotation: Annotation, frames: tuple[int, ...]) -> tuple[list[Drawn], int]:
    labels, found, odd = list(annotation.labels), list[Drawn](), 0
    for shape in annotation.shapes:
        made = _of_shape(shape)
        if made is None:
            odd += shape.kind != "POINT"
            continue
        label = next((one for one in labels if _belongs(one, made)), None)
        if label is not None:
            labels.remove(label)
        found.append(Drawn(*made, "" if label is None else _name(label.text), frames))
    for label in labels:
        place = _place(label)
        odd += place is None
        if place is not None:
            found.append(Drawn(Kind.TEXT, (place,), label.text, frames))
    return found, odd


def _of_shape(shape: Shape) -> tuple[Kind, tuple[Point, ...]] | None:
    points = shape.points
    if shape.of_display or shape.filled:
        return None
    if shape.kind == "POLYLINE" and len(points) in {2, 3} and points[0] != points[-1]:
        return (Kind.LENGTH if len(points) == 2 else Kind.ANGLE), points
    if shape.kind == "POLYLINE" and points[0] == points[-1] and Kind.OUTLINE.takes(len(points) - 1):
        return Kind.OUTLINE, points[:-1]
    if shape.kind == "CIRCLE":
        arm = math.dist(points[0], points[1])
        (x, y) = points[0]
        return Kind.ELLIPSE, ((x - arm, y - arm), (x + arm, y + arm))
    if shape.kind == "ELLIPSE" and _is_upright(points):
        columns, rows = zip(*points, strict=True)
        return Kind.ELLIPSE, ((min(columns), min(rows)), (max(columns), max(rows)))
    return None


def _is_upright(points: tuple[Point, ...]) -> bool:
    """Tell whether one axis of an ellipse lies along the rows of the picture."""
    (a, b), (c, d) = points[0], points[1]
    return min(abs(a - c), abs(b - d)) < NEAR


def _belongs(label: Label, made: tuple[Kind, tuple[Point, ...]]) -> bool:
    if label.anchor is None or label.anchor_of_display:
        return False
    ends = handles(Mark(0, *made, Spot("", "", 0)))
    return any(math.dist(label.anchor, end) < NEAR for end in ends)


def _place(label: Label) -> Point | None:
    if label.anchor is not None and not label.anchor_of_display:
        return label.anchor
    return None if label.box is None or label.box_of_display else label.box[0]


def _name(text: str) -> str:
    """Return the name in the text beside a mark, without its figures."""
    return " ".join(line for line in text.split("\n") if not _FIGURES.match(line)).strip()


def _joined(drawn: Iterable[Drawn]) -> list[Drawn]:
    """Return what stands alike on several frames once: its figures may differ between them."""
    frames: dict[tuple[Kind, tuple[Point, ...], str], tuple[int, ...]] = {}
    for one in drawn:
        key = (one.kind, one.points, one.text)
        frames[key] = tuple(sorted({*frames.get(key, ()), *one.frames}))
    return [Drawn(*key, at) for key, at in frames.items()]
