"""Curved planes: a smooth curve through points in the patient, and a picture along it. Pure.

The curve is a centripetal Catmull-Rom spline (Barry and Goldman 1988; Yuksel, Schaefer and Keyser
2011), which meets every point and makes no loops, walked by arc length, so that a millimetre along
the picture is one along the curve. What goes across it is held by a frame that turns as little as
it can (Wang, Juettler, Zheng and Liu 2008), or by one direction for all of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import Points
from xray_studio.core.volume.planes import LARGEST

Numbers: TypeAlias = npt.NDArray[np.float64]

_SPANS: Final = (((0, 1), (1, 2), (2, 3)), ((0, 2), (1, 3)), ((1, 2),))  # knots of each level
_FINE: Final = 64  # steps between two points, by which the length of the curve is measured
_APART: Final = 1e-3  # mm: points that are nearer are one
_STRAIGHT: Final = 1e-3  # part of its length by which a direction across must leave the curve


class Bending(Enum):
    """How a curve becomes a picture. The values are those of the command line.

    Straightened pictures turn with the curve, which is a straight line in their middle: lengths
    along it and across it hold. Stretched ones are the sheet that the curve makes while it is moved
    along one direction, rolled out flat: every length on it holds, and the curve keeps its height.
    """

    STRAIGHTENED = "straightened"
    STRETCHED = "stretched"


@dataclass(frozen=True, slots=True)
class CurvedPlane:
    """A picture (rows, columns) along a curve: columns go along it, rows across.

    `points` are those of the curve in mm, (n, 3). `spacing` is (row, column) in mm, `width` what is
    seen across the curve and `thickness` what is projected, both in mm. `direction` is what goes
    down in the picture: of straightened ones about, at the beginning (none: whatever is easiest);
    stretched ones need it. `turn` turns a straightened picture about the curve, in degrees.
    """

    points: tuple[Vector, ...]
    bending: Bending = Bending.STRAIGHTENED
    width: float = 50.0
    spacing: tuple[float, float] = (0.5, 0.5)
    thickness: float = 0.0
    direction: Vector | None = None
    turn: float = 0.0

    def __post_init__(self) -> None:
        if not (self.width > 0.0 and min(self.spacing) > 0.0 and self.thickness >= 0.0):
            raise UsageError("The width of a curved plane and its spacing are above 0 mm.")
        if self.bending is Bending.STRETCHED and self.direction is None:
            raise UsageError("A stretched curve needs the direction in which it hangs (--down).")

    def turned(self, by: float) -> CurvedPlane:
        """Return the plane turned about its curve by degrees more."""
        return replace(self, turn=(self.turn + by) % 360.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Where the pixels of a curved plane lie.

    `middle` (columns, 3) are the points in mm of the row in the middle, `down` and `away` unit
    vectors at each of them, across the picture and away from the viewer. `track` tells in which row
    (fractions) the curve lies in each column. `length` is that of the curve in mm.
    """

    middle: Points
    down: Points
    away: Points
    rows: int
    spacing: tuple[float, float]
    track: Numbers
    length: float

    @property
    def size(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.rows, len(self.middle)

    def points(self, depth: float = 0.0) -> Points:
        """Return the middles of all pixels in mm, (rows, columns, 3), `depth` mm farther away."""
        across = (np.arange(self.rows) - (self.rows - 1) / 2) * self.spacing[0]
        near = self.middle + depth * self.away
        return np.asarray(near[None] + across[:, None, None] * self.down[None])

    def point(self, row: float, column: float) -> Vector:
        """Return where a place in the picture lies, fractions allowed."""
        last = len(self.middle) - 1
        at = min(max(column, 0.0), float(last))
        left = min(int(at), max(0, last - 1))
        right, part = min(left + 1, last), at - left
        across = (row - (self.rows - 1) / 2) * self.spacing[0]
        ends = [self.middle[n] + across * self.down[n] for n in (left, right)]
        x, y, z = ((1.0 - part) * ends[0] + part * ends[1]).tolist()
        return x, y, z


def sheet(plane: CurvedPlane) -> Sheet:
    """Return where the pixels of a curved plane lie.

    Raises UsageError for fewer than two points, and a direction along the curve.
    """
    curve, along = _walked(plane.points)
    if plane.bending is Bending.STRETCHED:
        return _stretched(plane, curve, along)
    columns, rows = _size(plane, float(along[-1]), plane.width)
    places = np.arange(columns) * plane.spacing[1]
    middle, tangents = _at(curve, along, places), _tangents(curve, along, places)
    down = _carried(middle, tangents, _begun(tangents[0], plane))
    away = np.cross(tangents, down)
    track = np.full(columns, (rows - 1) / 2)
    return Sheet(middle, down, away, rows, plane.spacing, track, float(along[-1]))


def _stretched(plane: CurvedPlane, curve: Points, along: Numbers) -> Sheet:
    """Return the sheet that hangs from a curve: its columns go along the curve seen from above."""
    assert plane.direction is not None
    down = _unit(plane.direction)
    heights = curve @ down
    flat = curve - heights[:, None] * down
    steps = np.linalg.norm(np.diff(flat, axis=0), axis=1)
    if (steps < _STRAIGHT * np.diff(along)).any():
        raise UsageError(
            "The curve runs along the direction in which it hangs; choose another one (--down)."
        )
    across = np.concatenate([[0.0], np.cumsum(steps)])
    low, high = float(heights.min()), float(heights.max())
    columns, rows = _size(plane, float(across[-1]), plane.width + high - low)
    places = np.arange(columns) * plane.spacing[1]
    middle = _at(flat, across, places) + (low + high) / 2 * down
    away = np.cross(_tangents(flat, across, places), down)
    raised = np.interp(places, across, heights) - (low + high) / 2
    track = raised / plane.spacing[0] + (rows - 1) / 2
    downs = np.repeat(down[None], columns, 0)
    return Sheet(middle, downs, away, rows, plane.spacing, track, float(along[-1]))


def _size(plane: CurvedPlane, length: float, width: float) -> tuple[int, int]:
    row, column = plane.spacing
    columns, rows = int(length / column + 1e-6) + 1, int(width / row + 1e-6) + 1
    if max(columns, rows) > LARGEST:
        raise UsageError(
            f"The picture would have {columns} x {rows} pixels; choose a coarser spacing."
        )
    return columns, rows


def curve_points(points: tuple[Vector, ...], apart: float = 1.0) -> Points:
    """Return points on the smooth curve through others, `apart` mm from one to the next, (n, 3).

    They are what is drawn on planes. Raises UsageError as `sheet`.
    """
    curve, along = _walked(points)
    return _at(curve, along, np.arange(0.0, along[-1] + 1e-9, apart))


def curve_length(points: tuple[Vector, ...]) -> float:
    """Return the length in mm of the smooth curve through points. Raises UsageError as `sheet`."""
    return float(_walked(points)[1][-1])


def _walked(points: tuple[Vector, ...]) -> tuple[Points, Numbers]:
    """Return points close together on the curve, and how far along it each one is."""
    knots = _different(points)
    if len(knots) < 2:
        raise UsageError("A curve goes through two points or more that lie apart.")
    control = np.concatenate([[2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]])
    pieces = [_piece(control[n : n + 4]) for n in range(len(knots) - 1)]
    curve = np.concatenate([*pieces, knots[-1:]])
    return curve, np.concatenate([[0.0], np.cumsum(_lengths(np.diff(curve, axis=0)))])


def _lengths(vectors: Points) -> Numbers:
    return np.asarray(np.linalg.norm(vectors, axis=1))


def _at(curve: Points, along: Numbers, places: npt.NDArray[Any]) -> Points:
    return np.stack([np.interp(places, along, curve[:, axis]) for axis in range(3)], 1)


def _different(points: tuple[Vector, ...]) -> Points:
    """Return points without those that repeat the one before."""
    found = np.asarray(points, np.float64).reshape(-1, 3)
    if not np.isfinite(found).all():
        raise UsageError("The points of a curve are numbers of mm; one of them is none.")
    apart = np.linalg.norm(np.diff(found, axis=0), axis=1) > _APART
    return found[np.concatenate([[True], apart])] if len(found) else found


def _piece(control: Points) -> Points:
    """Return the curve from the second of four points to before the third."""
    knots = np.concatenate([[0.0], np.cumsum(_lengths(np.diff(control, axis=0)) ** 0.5)])
    at = np.linspace(knots[1], knots[2], _FINE, endpoint=False)[:, None]
    level = [np.broadcast_to(point, (_FINE, 3)) for point in control]
    for spans in _SPANS:
        level = [
            ((knots[high] - at) * level[n] + (at - knots[low]) * level[n + 1])
            / (knots[high] - knots[low])
            for n, (low, high) in enumerate(spans)
        ]
    return np.asarray(level[0])


def _tangents(curve: Points, along: Numbers, places: npt.NDArray[Any]) -> Points:
    slopes = np.stack([np.gradient(curve[:, axis], along) for axis in range(3)], 1)
    found = _at(slopes, along, places)
    return np.asarray(found / _lengths(found)[:, None])


def _begun(tangent: Points, plane: CurvedPlane) -> Points:
    """Return the first direction across the curve: about that asked for, then turned."""
    wanted = plane.direction
    if wanted is None:
        wanted = np.eye(3)[int(np.argmin(np.abs(tangent)))]
    across = _unit(wanted) - (_unit(wanted) @ tangent) * tangent
    if np.linalg.norm(across) < _STRAIGHT:
        raise UsageError(
            "The direction across the curve runs along it; choose another one (--down)."
        )
    across /= np.linalg.norm(across)
    angle = math.radians(plane.turn)
    return np.asarray(math.cos(angle) * across + math.sin(angle) * np.cross(tangent, across))


def _carried(middle: Points, tangents: Points, first: Points) -> Points:
    """Return a direction across a curve at each of its points that turns as little as it can."""
    found = np.empty_like(middle)
    found[0] = first
    for n in range(len(middle) - 1):
        step = middle[n + 1] - middle[n]
        square = step @ step
        mirrored = found[n] - 2.0 / square * (step @ found[n]) * step
        tangent = tangents[n] - 2.0 / square * (step @ tangents[n]) * step
        rest = tangents[n + 1] - tangent
        length = rest @ rest
        found[n + 1] = (
            mirrored if length == 0.0 else mirrored - 2.0 / length * (rest @ mirrored) * rest
        )
    return found


def _unit(vector: Vector | Points) -> Points:
    found = np.asarray(vector, np.float64)
    length = float(np.linalg.norm(found))
    if not math.isfinite(length) or length == 0.0:
        raise UsageError("A direction needs a length; give three numbers, not all zero.")
    return found / length
