"""Display shutters (PS3.3 C.7.6.11, C.7.6.15): what lies outside the picture that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from xray_studio.core.overlay_plane import Mask, OverlayPlane, placed

Colour: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shutter:
    """The shutter of a frame; of several shapes only what all leave open is seen.

    Rows and columns count from 1, those of edges and vertices are seen. `rectangle` is (left,
    right, upper, lower); `circle` is (row, column, radius); `polygon` are vertices (row, column);
    `bitmap` hides the pixels where it is set. `value` is Shutter Presentation Value, a P-value of
    16 bits; `colour` is what takes its place in pictures in colour, sRGB.
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[tuple[int, int], ...] = ()
    bitmap: OverlayPlane | None = None
    value: int = 0
    colour: Colour | None = None

    @property
    def grey(self) -> int:
        """The 8-bit grey value of what it hides."""
        return self.value >> 8

    def open(self, rows: int, columns: int, index: int = 0) -> Mask:
        """Return which pixels are seen of frame `index`, shape (rows, columns)."""
        seen = np.ones((rows, columns), np.bool_)
        if self.rectangle is not None:
            seen &= _inside_rectangle(self.rectangle, rows, columns)
        if self.circle is not None:
            seen &= _inside_circle(self.circle, rows, columns)
        if self.polygon:
            seen &= inside_polygon(self.polygon, rows, columns)
        if self.bitmap is not None and self.bitmap.covers(index):
            seen &= ~placed(self.bitmap, index, rows, columns)
        return seen


def _inside_rectangle(rectangle: tuple[int, int, int, int], rows: int, columns: int) -> Mask:
    left, right, upper, lower = rectangle
    seen = np.zeros((rows, columns), np.bool_)
    seen[max(0, upper - 1) : max(0, lower), max(0, left - 1) : max(0, right)] = True
    return seen


def _inside_circle(circle: tuple[int, int, int], rows: int, columns: int) -> Mask:
    row, column, radius = circle
    down = np.arange(1, rows + 1, dtype=np.float64)[:, None] - row
    across = np.arange(1, columns + 1, dtype=np.float64)[None, :] - column
    return np.asarray(down * down + across * across <= float(radius) ** 2)


def inside_polygon(vertices: tuple[tuple[int, int], ...], rows: int, columns: int) -> Mask:
    """Return the pixels whose centres lie within a polygon or on its outline (even-odd rule)."""
    seen = np.zeros((rows, columns), np.bool_)
    ends = [*vertices[1:], vertices[0]]
    for row in range(rows):
        _fill_row(seen[row], row + 1, list(zip(vertices, ends, strict=True)))
    return seen


def _fill_row(seen: Mask, row: int, edges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Mark what a row (from 1) has within a polygon, and what its edges touch."""
    crossings: list[float] = []
    for (row_a, column_a), (row_b, column_b) in edges:
        if row_a == row_b == row:
            _mark(seen, min(column_a, column_b), max(column_a, column_b))
        elif min(row_a, row_b) <= row <= max(row_a, row_b) and row_a != row_b:
            at = column_a + (row - row_a) * (column_b - column_a) / (row_b - row_a)
            _mark(seen, at, at)
            if row < max(row_a, row_b):
                crossings.append(at)
    crossings.sort()
    for first, last in zip(crossings[::2], crossings[1::2], strict=False):
        _mark(seen, first, last)


def _mark(seen: Mask, first: float, last: float) -> None:
    """Mark the columns, from 1, between two places of a row, both included."""
    low, high = int(np.ceil(first - 1e-9)), int(np.floor(last + 1e-9))
    seen[max(0, low - 1) : max(0, high)] = True
