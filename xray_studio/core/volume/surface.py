"""Surfaces of triangles in the patient, what they measure, and where planes cut them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError

Vertices = npt.NDArray[np.float64]
Triangles = npt.NDArray[np.int64]
Colour = tuple[float, float, float]

_BONE: Final = (0.96, 0.92, 0.82)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """`vertices` (points, 3) in millimetres of the patient (LPS), `triangles` (triangles, 3).

    Triangles count vertices from 0 and turn counter-clockwise seen from outside.
    """

    vertices: Vertices
    triangles: Triangles
    name: str = ""
    colour: Colour = _BONE

    def __post_init__(self) -> None:
        if self.vertices.ndim != 2 or self.vertices.shape[1] != 3:
            raise UsageError("The vertices of a surface are points in three dimensions.")
        if self.triangles.ndim != 2 or self.triangles.shape[1] != 3:
            raise UsageError("A surface is made of triangles.")
        if len(self.triangles) and not 0 <= self.triangles.min() <= self.triangles.max() < len(
            self.vertices
        ):
            raise UsageError("A triangle of the surface names a vertex that is not there.")

    @property
    def area(self) -> float:
        """The area in square millimetres."""
        a, b, c = self._corners()
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)

    @property
    def volume(self) -> float:
        """The volume in cubic millimetres; it means something where the surface is closed.

        The sum of signed tetrahedra from the middle (Gauss's theorem).
        """
        a, b, c = (corner - self.vertices.mean(axis=0) for corner in self._corners())
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)

    @property
    def is_closed(self) -> bool:
        """Tell whether every edge is that of two triangles."""
        edges = np.sort(self.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
        _, counts = np.unique(edges, axis=0, return_counts=True)
        return len(counts) > 0 and bool((counts == 2).all())

    def _corners(self) -> tuple[Vertices, Vertices, Vertices]:
        first, second, third = self.triangles.T
        return self.vertices[first], self.vertices[second], self.vertices[third]


def cleaned(surface: Surface) -> Surface:
    """Return a surface without triangles that have no area: files of surfaces do not hold them.

    Vertices that are one in single precision, as files have it, become one.
    """
    places = np.ascontiguousarray(surface.vertices.astype(np.float32) + np.float32(0.0))
    rows = places.view(np.dtype((np.void, places.itemsize * 3))).ravel()
    _, first, numbers = np.unique(rows, return_index=True, return_inverse=True)
    triangles = numbers.reshape(-1)[surface.triangles]
    a, b, c = triangles.T
    solid = (a != b) & (b != c) & (c != a)
    return replace(surface, vertices=surface.vertices[first], triangles=triangles[solid])


def cut(surface: Surface, point: Vertices, normal: Vertices) -> Vertices:
    """Return where a plane cuts a surface, as lines (lines, 2, 3) in millimetres.

    The plane holds `point` and is square to `normal`, each (3,).
    """
    heights = (surface.vertices - point) @ (normal / np.linalg.norm(normal))
    # A vertex in the plane counts as above it, so that no triangle is cut in one point only.
    above = heights >= 0.0
    sides = above[surface.triangles]
    crossed = surface.triangles[sides.any(axis=1) & ~sides.all(axis=1)]
    if not len(crossed):
        return np.zeros((0, 2, 3))
    alone = _alone(above[crossed])
    rows = np.arange(len(crossed))
    tip, left, right = (crossed[rows, (alone + turn) % 3] for turn in (0, 1, 2))
    ends = [_crossing(surface.vertices, heights, tip, other) for other in (left, right)]
    return np.stack(ends, axis=1)


def _alone(above: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return which corner of each triangle (triangles, 3) lies on its own side."""
    few = above.sum(axis=1, keepdims=True) == 1
    return np.asarray((above == few).argmax(axis=1), np.int64)


def _crossing(vertices: Vertices, heights: Vertices, one: Triangles, other: Triangles) -> Vertices:
    share = heights[one] / (heights[one] - heights[other])
    return vertices[one] + share[:, None] * (vertices[other] - vertices[one])


@dataclass(slots=True)
class Slicer:
    """Cuts one surface by planes that are square to one direction, again and again.

    What does not depend on the place of a plane is found once, so that a cut of a million triangles
    takes milliseconds.
    """

    surface: Surface
    normal: Vertices
    _low: Vertices
    _high: Vertices

    @classmethod
    def along(cls, surface: Surface, normal: npt.ArrayLike) -> Slicer:
        """Return what cuts a surface by planes square to `normal`, (3,)."""
        way = np.asarray(normal, np.float64)
        way = way / np.linalg.norm(way)
        corners = (surface.vertices @ way)[surface.triangles]
        if not len(corners):
            return cls(surface, way, np.zeros(0), np.zeros(0))
        return cls(surface, way, corners.min(axis=1), corners.max(axis=1))

    def cut(self, point: npt.ArrayLike) -> Vertices:
        """Return where the plane through a point cuts the surface, lines (lines, 2, 3) in mm."""
        height = float(np.asarray(point, np.float64) @ self.normal)
        near = self.surface.triangles[(self._low < height) & (self._high >= height)]
        part = Surface(self.surface.vertices, near)
        return cut(part, np.asarray(point, np.float64), self.normal)
