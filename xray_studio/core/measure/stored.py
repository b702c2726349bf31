"""Marks as plain lists and numbers, to be kept in a file, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from xray_studio.core.drawing import Point
from xray_studio.core.measure.mark import Kind, Mark, Spot
from xray_studio.core.measure.marks import Calibration, Marks


def to_plain(marks: Marks) -> dict[str, Any]:
    """Return marks and calibrations; what could be undone is not kept."""
    return {
        "each": [_mark_to_plain(mark) for mark in marks.each],
        "calibrations": [[*one.image, *one.spacing] for one in marks.calibrations],
    }


def from_plain(found: object) -> Marks:
    """Return the marks that were kept; what is damaged is left out."""
    if not isinstance(found, Mapping):
        return Marks()
    each = [mark for mark in map(_mark, _list(found, "each")) if mark is not None]
    known = {mark.number: mark for mark in each}
    calibrations = map(_calibration, _list(found, "calibrations"))
    return Marks(
        tuple(known[number] for number in sorted(known)),
        tuple(one for one in calibrations if one is not None),
        last=max(known, default=0),
    )


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name, [])
    return value if isinstance(value, list) else []


def _mark_to_plain(mark: Mark) -> dict[str, Any]:
    return {
        "number": mark.number,
        "kind": mark.kind.value,
        "points": [list(point) for point in mark.points],
        "spot": list(mark.spot),
        "text": mark.text,
        "everywhere": mark.everywhere,
        "hidden": mark.hidden,
    }


def _mark(found: Any) -> Mark | None:
    try:
        kind = Kind(found["kind"])
        points = tuple(map(_point, found["points"]))
        uid, path, frame = found["spot"]
        number, text = found["number"], found["text"]
        flags = bool(found["everywhere"]), bool(found["hidden"])
    except (KeyError, TypeError, ValueError):
        return None
    whole = type(number) is int and number > 0 and type(frame) is int and frame >= 0
    words = all(isinstance(one, str) for one in (uid, path, text))
    if not whole or not words or not (uid or path) or not kind.takes(len(points)):
        return None
    return Mark(number, kind, points, Spot(uid, path, frame), text, *flags)


def _point(found: Any) -> Point:
    x, y = map(float, found)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError("no place")
    return x, y


def _calibration(found: Any) -> Calibration | None:
    try:
        uid, path, height, width = found
        spacing = float(height), float(width)
    except (TypeError, ValueError):
        return None
    words = isinstance(uid, str) and isinstance(path, str)
    sound = all(math.isfinite(side) and side > 0.0 for side in spacing)
    return Calibration((uid, path), spacing) if words and sound else None
