"""Shapes as functions of place: positive inside, about the depth in mm below the surface.

All work on arrays that broadcast against one another, so a plane costs only its own points.
Coordinates are those of the patient in mm: x grows to the left from the middle line, y to the
back, z to the head.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Point = tuple[float, float, float]
Window = tuple[slice, ...]

OUTSIDE = -1e3  # mm: a place that is nowhere near a shape
MARGIN = 8.0  # mm around a shape within which its depth is true


@dataclass(frozen=True)
class Place:
    """Points of a plane (or any points): three arrays that broadcast to its shape, in mm."""

    x: Field
    y: Field
    z: Field

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return np.broadcast_shapes(self.x.shape, self.y.shape, self.z.shape)

    @cached_property
    def _axes(self) -> list[tuple[float, float, int, Vector | None]]:
        """Least and greatest of x, y and z, along which axis it varies and how (see `_span`)."""
        return [_described(values) for values in (self.x, self.y, self.z)]

    def near(self, low: Vector, high: Vector) -> tuple[Window, Place] | None:
        """Return the part of a plane within a box (and `MARGIN`), None where there is none."""
        if len(self.shape) == 1:
            return (slice(None),), self
        spans = [(0, size) for size in self.shape]
        for (least, greatest, axis, steps), first, last in zip(
            self._axes, (low - MARGIN).tolist(), (high + MARGIN).tolist(), strict=True
        ):
            if greatest < first or least > last:
                return None
            if steps is not None:
                span = _span(steps, first, last)
                spans[axis] = (max(spans[axis][0], span[0]), min(spans[axis][1], span[1]))
        if any(first >= last for first, last in spans):
            return None
        window = tuple(slice(first, last) for first, last in spans)
        return window, Place(*(_part(values, window) for values in (self.x, self.y, self.z)))


def _described(values: Field) -> tuple[float, float, int, Vector | None]:
    steps = values.ravel().astype(np.float64) if values.size > 1 else None
    return float(values.min()), float(values.max()), int(values.shape[0] == 1), steps


def _span(steps: Vector, first: float, last: float) -> tuple[int, int]:
    """First index within [first, last] and the one after the last; steps rise or fall."""
    if steps[0] <= steps[-1]:
        low, high = np.searchsorted(steps, first), np.searchsorted(steps, last, "right")
    else:
        low, high = np.searchsorted(-steps, -last), np.searchsorted(-steps, -first, "right")
    return int(low), int(high)


def _part(values: Field, window: Window) -> Field:
    """Rows and columns of a coordinate that varies along one of them, or along neither."""
    rows, columns = (
        part if size > 1 else slice(None) for part, size in zip(window, values.shape, strict=True)
    )
    return values[rows, columns]


def ellipsoids(at: Place, *parts: tuple[Point, Point]) -> Field:
    """Union of ellipsoids along the axes of the patient, each a centre and half axes."""
    best = np.full(at.shape, OUTSIDE, np.float32)
    for centre, semi in parts:
        middle, reach = np.array(centre), np.array(semi)
        if (found := at.near(middle - reach, middle + reach)) is not None:
            window, place = found
            np.maximum(best[window], _ellipsoid(place, centre, semi), out=best[window])
    return best


def _ellipsoid(at: Place, centre: Point, semi: Point) -> Field:
    dx, dy, dz = (
        (p - np.float32(c)) / np.float32(half)
        for p, c, half in zip((at.x, at.y, at.z), centre, semi, strict=True)
    )
    far = np.sqrt(dx * dx + dy * dy + dz * dz)
    return np.asarray((1.0 - far) * np.float32(min(semi)), np.float32)


def turned(at: Place, frame: Matrix, *parts: tuple[Point, Point]) -> Field:
    """Union of ellipsoids whose axes are the rows of `frame` (3, 3)."""
    best = np.full(at.shape, OUTSIDE, np.float32)
    for centre, semi in parts:
        reach = np.sqrt(((frame * np.array(semi)[:, None]) ** 2).sum(axis=0))
        if (found := at.near(np.array(centre) - reach, np.array(centre) + reach)) is not None:
            window, place = found
            np.maximum(best[window], _turned(place, frame, centre, semi), out=best[window])
    return best


def _turned(at: Place, frame: Matrix, centre: Point, semi: Point) -> Field:
    dx, dy, dz = (p - np.float32(c) for p, c in zip((at.x, at.y, at.z), centre, strict=True))
    total = np.zeros((), np.float32)
    for axis, half in zip(frame.astype(np.float32), semi, strict=True):
        along = (dx * axis[0] + dy * axis[1] + dz * axis[2]) / np.float32(half)
        total = total + along * along
    return np.asarray((1.0 - np.sqrt(total)) * np.float32(min(semi)), np.float32)


def pipes(at: Place, *courses: Matrix) -> Field:
    """Union of pipes, each a course (n, 4) of x, y, z and radius."""
    best = np.full(at.shape, OUTSIDE, np.float32)
    for course in courses:
        wide = course[:, 3].max()
        if at.near(course[:, :3].min(axis=0) - wide, course[:, :3].max(axis=0) + wide) is None:
            continue
        for start, end in itertools.pairwise(course):
            wide = max(start[3], end[3])
            low, high = np.minimum(start, end)[:3] - wide, np.maximum(start, end)[:3] + wide
            if (found := at.near(low, high)) is not None:
                window, place = found
                np.maximum(best[window], _cone(place, start, end), out=best[window])
    return best


def _cone(at: Place, start: Vector, end: Vector) -> Field:
    way = (end - start).astype(np.float32)
    dx, dy, dz = (p - np.float32(s) for p, s in zip((at.x, at.y, at.z), start, strict=False))
    share = (dx * way[0] + dy * way[1] + dz * way[2]) / np.float32(way[:3] @ way[:3] + 1e-6)
    share = np.clip(share, 0.0, 1.0)
    far = (dx - share * way[0]) ** 2 + (dy - share * way[1]) ** 2 + (dz - share * way[2]) ** 2
    return np.asarray(np.float32(start[3]) + share * way[3] - np.sqrt(far), np.float32)


def union(*fields: Field) -> Field:
    """Inside any of them."""
    best = fields[0]
    for field in fields[1:]:
        best = np.maximum(best, field)
    return best


def inside(field: Field, softness: float) -> Field:
    """Fraction 0 to 1 of each point that is inside, the border `softness` mm wide."""
    share = np.asarray(field * np.float32(1.0 / softness), np.float32)
    share += np.float32(0.5)
    np.maximum(share, np.float32(0.0), out=share)
    return np.minimum(share, np.float32(1.0), out=share)
