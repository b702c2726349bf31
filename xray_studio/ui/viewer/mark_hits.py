"""What of the marks on screen lies at a point. Pure arithmetic in logical pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from xray_studio.core.drawing import Ground, Points, outline
from xray_studio.core.measure.mark import Mark
from xray_studio.core.measure.sketch import on_ground, shape_of

NEAR = 8.0  # logical pixels


def handle_at(mark: Mark | None, ground: Ground, point: QPointF) -> int | None:
    """Return the handle of a mark at a point, from 0."""
    if mark is None:
        return None
    apart = [math.hypot(x - point.x(), y - point.y()) for x, y in on_ground(mark, ground)]
    nearest = int(np.argmin(apart))
    return nearest if apart[nearest] <= NEAR else None


def mark_at(
    marks: Sequence[Mark], ground: Ground, boxes: Mapping[int, QRectF], point: QPointF
) -> Mark | None:
    """Return the mark whose lines or words are at a point, the uppermost one."""
    for mark in reversed(marks):
        if mark.hidden:
            continue
        if boxes.get(mark.number, QRectF()).contains(point) or _on_lines(mark, ground, point):
            return mark
    return None


def _on_lines(mark: Mark, ground: Ground, point: QPointF) -> bool:
    corners, closed = outline(shape_of(mark))
    places = ground.places(corners, of_display=False)
    if len(places) == 1:
        return math.hypot(places[0][0] - point.x(), places[0][1] - point.y()) <= NEAR
    if closed:
        places = np.vstack((places, places[:1]))
    return _distance(places, np.array((point.x(), point.y()))) <= NEAR


def _distance(line: Points, point: Points) -> float:
    """Return the distance of a point from a line of several corners."""
    starts, ways = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((ways**2).sum(axis=1), 1e-12)
    parts = np.clip(((point - starts) * ways).sum(axis=1) / lengths, 0.0, 1.0)
    nearest = starts + parts[:, None] * ways
    return float(np.hypot(*(nearest - point).T).min())
