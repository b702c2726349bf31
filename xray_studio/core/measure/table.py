"""Marks as lines of a table, one for each mark and frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from xray_studio.core.clip import Clip
from xray_studio.core.measure.mark import Mark, spot_of
from xray_studio.core.measure.words import Values, row_words

HEAD = (
    "name", "kind", "frame", "sop_instance_uid", "frame_of_object", "size", "unit", "holds",
    "mean", "standard_deviation", "least", "greatest", "value_unit", "pixels",
    "pixels_without_value", "processed", "points_column_row",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run


def line_of(clip: Clip, mark: Mark, index: int, values: Values) -> tuple[str, ...]:
    """Return one line; frames count from 1, numbers are whole and exact, "" where there is none."""
    spot = spot_of(clip, index)
    uid, frame = ("", "") if spot is None else (spot.uid, str(spot.frame + 1))
    points = " ".join(f"{x:.6g},{y:.6g}" for x, y in mark.points)
    size = "" if values.size is None else repr(values.size)
    where = values.refused or values.scale.where
    return (
        _plain(mark.name), mark.kind.value, str(index + 1), uid, frame,
        size, values.unit, where if values.unit != "°" else "", *_greys(values), points,
    )  # fmt: skip


def _greys(values: Values) -> tuple[str, ...]:
    found = values.greys
    if found is None:
        return ("",) * 8
    numbers = (found.mean, found.deviation, found.low, found.high)
    processed = "yes" if values.processed else "no"
    counts = str(found.count), str(found.left_out)
    return (*map(repr, numbers), found.unit, *counts, processed)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_of(lines: Iterable[Sequence[str]]) -> str:
    """Return lines below their head as comma-separated values (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows(lines)
    return text.getvalue()


def text_of(mark: Mark, index: int, values: Values, frames: int) -> str:
    """Return a mark in one line of text."""
    where = f", frame {index + 1}" if frames > 1 else ""
    told = row_words(mark, values)
    return f"{mark.name}{where}: {told}" if told else f"{mark.name}{where}"
