"""Planes through a volume: where their pixels lie in the patient. Pure.

Axial, coronal and sagittal planes are seen as radiologists do: the patient's right on the left, and
from the feet; the head above; sagittal ones from the left, the face on the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.place import Affine, Vector
from xray_studio.core.volume.geometry import Points, VolumeGeometry

LARGEST: Final = 4096  # pixels of a side: more than any screen has
_LEFT, _BACK, _HEAD = np.eye(3)


class View(Enum):
    """Planes that have a name. The values are those of the command line."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


class Projection(Enum):
    """What stands for all values through a slab."""

    MIP = "mip"
    MINIP = "minip"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Plane:
    """A picture (rows, columns) through a volume.

    `corner` is the middle of the first pixel in mm, `right` and `down` the unit vectors of columns
    and rows, at right angles, `spacing` (row, column) in mm. `thickness` is that of the slab around
    it in mm, 0 for the plane itself.
    """

    corner: Vector
    right: Vector
    down: Vector
    spacing: tuple[float, float]
    size: tuple[int, int]
    thickness: float = 0.0

    @property
    def normal(self) -> Vector:
        """Unit vector away from whoever looks at it."""
        return _vector(np.cross(self.right, self.down))

    @property
    def affine(self) -> Affine:
        """From (column, row, millimetres away from the viewer) to mm in LPS, 4 x 4."""
        affine = np.eye(4)
        affine[:3, 0] = np.asarray(self.right) * self.spacing[1]
        affine[:3, 1] = np.asarray(self.down) * self.spacing[0]
        affine[:3, 2] = self.normal
        affine[:3, 3] = self.corner
        return affine

    @property
    def centre(self) -> Vector:
        """The middle of the picture."""
        rows, columns = self.size
        middle = np.array([(columns - 1) / 2, (rows - 1) / 2, 0.0, 1.0])
        return _vector((self.affine @ middle)[:3])

    def moved(self, distance: float) -> Plane:
        """Return the plane `distance` mm farther away from the viewer."""
        return replace(self, corner=_vector(self.corner + distance * np.asarray(self.normal)))

    def squared(self) -> Plane:
        """Return the plane with square pixels, as pictures have them, of its finest spacing."""
        fine = min(self.spacing)
        rows, columns = (
            max(1, round((count - 1) * apart / fine) + 1)
            for count, apart in zip(self.size, self.spacing, strict=True)
        )
        if max(rows, columns) > LARGEST:
            raise UsageError(f"The picture would have {columns} x {rows} pixels; choose a volume.")
        return replace(self, spacing=(fine, fine), size=(rows, columns))

    def roomy(self, least: int) -> Plane:
        """Return the plane with pixels so small that its longer side has `least` or more."""
        times = math.ceil((least - 1) / max(1, max(self.size) - 1))
        if times <= 1:
            return self
        row, column = (apart / times for apart in self.spacing)
        rows, columns = ((count - 1) * times + 1 for count in self.size)
        return replace(self, spacing=(row, column), size=(rows, columns))

    def pixel(self, point: Vector) -> tuple[float, float, float]:
        """Return (column, row, millimetres away) of a point in mm."""
        column, row, away, _ = np.linalg.solve(self.affine, [*point, 1.0])
        return float(column), float(row), float(away)


def view(
    geometry: VolumeGeometry, which: View, at: Vector | None = None, thickness: float = 0.0
) -> Plane:
    """Return a plane with a name through a point in mm, the middle of the volume without one."""
    right, down = {
        View.AXIAL: (_LEFT, _BACK),
        View.CORONAL: (_LEFT, -_HEAD),
        View.SAGITTAL: (_BACK, -_HEAD),
    }[which]
    return covering(geometry, at or geometry.centre, right, down, thickness)


def oblique(
    geometry: VolumeGeometry, at: Vector, normal: Vector, thickness: float = 0.0, turn: float = 0.0
) -> Plane:
    """Return the plane at right angles to a direction, through a point in mm.

    The head is above, of planes that lie nearly across the body the back below. `turn` turns it
    clockwise by degrees. Raises UsageError for a direction of no length.
    """
    away = np.asarray(normal, float)
    length = float(np.linalg.norm(away))
    if not math.isfinite(length) or length == 0.0:
        raise UsageError("The normal of a plane needs a length; give three numbers, not all zero.")
    away = away / length
    upright = abs(float(away @ _HEAD)) < math.cos(math.radians(45.0))
    below = -_HEAD if upright else _BACK
    down = below - (below @ away) * away
    down /= np.linalg.norm(down)
    right = np.cross(down, away)
    angle = math.radians(turn)
    turned = math.cos(angle) * right - math.sin(angle) * down
    return covering(geometry, at, turned, np.cross(away, turned), thickness)


def covering(
    geometry: VolumeGeometry,
    at: Vector,
    right: Points,
    down: Points,
    thickness: float = 0.0,
    *,
    coarsened: bool = False,
) -> Plane:
    """Return the plane through a point that shows all of a volume, at its finest spacing.

    A plane of voxels shows them as they are: their middles become those of pixels. One that would
    have too many pixels is `coarsened`, or raises UsageError.
    """
    fine = min(geometry.spacing)
    steps = [spacing_along(geometry, way, fine) for way in (right, down)]
    away = geometry.corners() - np.asarray(at)
    ends = [(float((away @ way).min()), float((away @ way).max())) for way in (right, down)]
    if coarsened:
        steps = [
            max(step, (high - low) / (LARGEST - 1))
            for (low, high), step in zip(ends, steps, strict=True)
        ]
    counts = [
        int(round((high - low) / step, 6)) + 1
        for (low, high), step in zip(ends, steps, strict=True)
    ]
    if max(counts) > LARGEST:
        raise UsageError(
            f"The plane would have {counts[0]} x {counts[1]} pixels; choose a coarser spacing."
        )
    corner = np.asarray(at) + ends[0][0] * right + ends[1][0] * down
    return Plane(
        _vector(corner), _vector(right), _vector(down), (steps[1], steps[0]),
        (counts[1], counts[0]), thickness,
    )  # fmt: skip


def spacing_along(geometry: VolumeGeometry, way: Points, fine: float) -> float:
    """Return the spacing of voxels where a direction runs along a side of them, else the finest."""
    along = np.abs(geometry.directions.T @ way)
    best = int(np.argmax(along))
    return geometry.spacing[best] if along[best] > 1.0 - 1e-6 else fine


def _vector(values: Points) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
