"""Marks read from a table that they were saved as (see `table`)."""

from __future__ import annotations

import csv
import io
import math
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Point
from xray_studio.core.errors import UnreadableError
from xray_studio.core.measure.drawn import Drawn, Found, numbered
from xray_studio.core.measure.mark import Kind
from xray_studio.core.measure.table import FORMULA, HEAD

NO_TABLE: Final = "This is no table of measurements; save one in the panel Measurements."
PLACES: Final = HEAD[-1]
_NEEDED = frozenset(("name", "kind", "frame", "sop_instance_uid", "frame_of_object", PLACES))
Row = dict[str, str]


def marks_of_table(clip: Clip, text: str) -> Found:
    """Return the marks of a table that lie on frames of a clip.

    What was measured on every frame of an object lies on all of its frames again. Raises
    UnreadableError for anything else than such a table.
    """
    known = {origin: index for index, origin in reversed([*enumerate(clip.origins)])}
    frames: dict[tuple[str, Kind, tuple[Point, ...], str], list[int]] = {}
    left_out = 0
    for row in _rows(text):
        line, index = _line(row), _index(clip, row, known)
        if line is None or index is None:
            left_out += 1
        else:
            frames.setdefault((*line, row["sop_instance_uid"]), []).append(index)
    drawn = [Drawn(k, p, name, tuple(at)) for (name, k, p, _), at in frames.items()]
    return Found(numbered(clip, drawn), left_out)


def _rows(text: str) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UnreadableError(NO_TABLE) from error
    if not _NEEDED.issubset(reader.fieldnames or ()):
        raise UnreadableError(NO_TABLE)
    return rows


def _line(row: Row) -> tuple[str, Kind, tuple[Point, ...]] | None:
    try:
        kind = Kind(row["kind"])
        points = tuple(_point(part) for part in row[PLACES].split())
    except ValueError:
        return None
    name = row["name"]
    name = name[1:] if name.startswith(tuple(f"'{sign}" for sign in FORMULA)) else name
    return (name, kind, points) if kind.takes(len(points)) else None


def _point(text: str) -> Point:
    x, y = map(float, text.split(","))
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError("no place")
    return x, y


def _index(clip: Clip, row: Row, known: dict[tuple[str, int], int]) -> int | None:
    """Return the frame of a clip that a line of a table is about."""
    uid = row["sop_instance_uid"]
    number = row["frame_of_object"] if uid else row["frame"]
    if not number.isdecimal():
        return None
    if uid:
        return known.get((uid, int(number)))
    unnamed = not clip.objects and 1 <= int(number) <= len(clip)
    return int(number) - 1 if unnamed else None
