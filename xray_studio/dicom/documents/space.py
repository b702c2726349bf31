"""Coordinates of a report in words (PS3.3 C.18.6, C.18.7, C.18.9)."""

from __future__ import annotations

import math
from collections.abc import Sequence

FEW = 4
Point = tuple[float, ...]


def shape_text(kind: str, data: Sequence[float]) -> str:
    """Return what SCOORD draws, in pixels: "circle around (120, 80), radius 12.5 pixels".

    Columns come before rows; the corner of the first pixel is (0, 0).
    """
    return _shape(kind, _points(data, 2), "pixels")


def shape_text_3d(kind: str, data: Sequence[float]) -> str:
    """Return what SCOORD3D draws, in millimetres of its frame of reference."""
    return _shape(kind, _points(data, 3), "mm")


def _points(data: Sequence[float], size: int) -> list[Point]:
    whole = len(data) // size * size
    return [tuple(data[start : start + size]) for start in range(0, whole, size)]


def _shape(kind: str, points: list[Point], unit: str) -> str:
    if kind == "CIRCLE" and len(points) == 2:
        radius = math.dist(points[0], points[1])
        return f"circle around {_at(points[0])}, radius {radius:.4g} {unit}"
    if kind == "ELLIPSE" and len(points) == 4:
        axes = f"{math.dist(*points[:2]):.4g} and {math.dist(*points[2:]):.4g} {unit}"
        centre = tuple((a + b) / 2 for a, b in zip(points[0], points[1], strict=True))
        return f"ellipse around {_at(centre)}, axes {axes}"
    name = _NAMES.get(kind, kind.lower() or "shape")
    if kind in {"POLYLINE", "POLYGON"} and len(points) == 2:
        length = math.dist(points[0], points[1])
        return f"line from {_at(points[0])} to {_at(points[1])}, {length:.4g} {unit} long"
    if kind == "POLYLINE" and len(points) > 3 and points[0] == points[-1]:
        return f"closed outline of {len(points) - 1} points"
    if len(points) <= FEW:
        return " ".join(filter(None, (name, ", ".join(map(_at, points)))))
    return f"{name} of {len(points)} points"


_NAMES = {
    "POINT": "point",
    "MULTIPOINT": "points",
    "POLYLINE": "line",
    "POLYGON": "outline",
    "CIRCLE": "circle",
    "ELLIPSE": "ellipse",
    "ELLIPSOID": "ellipsoid",
}


def _at(point: Sequence[float]) -> str:
    return f"({', '.join(f'{part:.5g}' for part in point)})"


def span_text(
    kind: str, samples: Sequence[int], offsets: Sequence[float], moments: Sequence[str]
) -> str:
    """Return what TCOORD marks: samples (from 1), seconds from the start, or dates and times."""
    name = _SPANS.get(kind, kind.lower() or "moment")
    if samples:
        return f"{name}, samples {_few([str(sample) for sample in samples])}"
    if offsets:
        return f"{name}, {_few([f'{offset:.6g}' for offset in offsets])} s"
    return f"{name}, {_few(moments)}" if moments else name


_SPANS = {
    "POINT": "moment",
    "MULTIPOINT": "moments",
    "SEGMENT": "span",
    "MULTISEGMENT": "spans",
    "BEGIN": "from a moment on",
    "END": "until a moment",
}


def _few(parts: Sequence[str]) -> str:
    if len(parts) <= 2 * FEW:
        return ", ".join(parts)
    return f"{parts[0]} to {parts[-1]} ({len(parts)} of them)"
