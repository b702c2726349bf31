"""How a volume is looked at: three planes at right angles that meet in one point. Pure.

Each plane is one of a stack that goes through the whole volume, so that it is scrolled and played
like any series of slices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.place import FramePlace, Vector
from xray_studio.core.volume.geometry import Points, VolumeGeometry
from xray_studio.core.volume.planes import Plane, Projection, View, covering, spacing_along

MOST: Final = 4096  # planes of a stack: more than any volume has
_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Way:
    """Where columns (`right`) and rows (`down`) of a plane run: unit vectors at right angles."""

    right: Vector
    down: Vector

    @property
    def normal(self) -> Vector:
        """Unit vector away from whoever looks."""
        return _vector(np.cross(self.right, self.down))

    def turned(self, axis: Vector, degrees: float) -> Way:
        """Return it turned about an axis, clockwise as seen along that."""
        return Way(_turned(self.right, axis, degrees), _turned(self.down, axis, degrees))


WAYS: Final[dict[View, Way]] = {
    View.AXIAL: Way((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    View.CORONAL: Way((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    View.SAGITTAL: Way((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
}


@dataclass(frozen=True, slots=True)
class Slab:
    """How thick planes are in mm, 0 for the plane itself, and what stands for their values."""

    thickness: float = 0.0
    how: Projection = Projection.MIP

    def __post_init__(self) -> None:
        if not 0.0 <= self.thickness < math.inf:
            raise UsageError("A slab is 0 mm thick or more.")


@dataclass(frozen=True, slots=True)
class Aim:
    """Three planes at right angles through a point in mm (LPS)."""

    at: Vector
    axial: Way = WAYS[View.AXIAL]
    coronal: Way = WAYS[View.CORONAL]
    sagittal: Way = WAYS[View.SAGITTAL]

    def way(self, view: View) -> Way:
        """Return how a plane lies."""
        ways: dict[View, Way] = {
            View.AXIAL: self.axial,
            View.CORONAL: self.coronal,
            View.SAGITTAL: self.sagittal,
        }
        return ways[view]

    @property
    def is_oblique(self) -> bool:
        """Tell whether any plane is turned."""
        return any(not np.allclose(self.way(view).normal, WAYS[view].normal) for view in View)

    def moved(self, at: Vector) -> Aim:
        """Return the planes through another point."""
        return replace(self, at=at)

    def turned(self, view: View, degrees: float) -> Aim:
        """Return the other two planes turned about the normal of one, clockwise as seen in it."""
        axis = self.way(view).normal
        ways = [
            self.way(one) if one is view else self.way(one).turned(axis, degrees)
            for one in (View.AXIAL, View.CORONAL, View.SAGITTAL)
        ]
        return Aim(self.at, *ways)

    def straight(self) -> Aim:
        """Return the planes of the patient through the same point."""
        return Aim(self.at)


def first_aim(geometry: VolumeGeometry) -> Aim:
    """Return the planes through the voxel in the middle of a volume."""
    return Aim(nearest_voxel(geometry, geometry.centre))


def nearest_voxel(geometry: VolumeGeometry, point: Vector) -> Vector:
    """Return the middle of the voxel nearest to a point, one at the edge for a point outside."""
    planes, rows, columns = geometry.shape
    last = np.array((columns, rows, planes)) - 1
    index = np.clip(np.rint(geometry.indices([point])[0]), 0, last)
    return _vector(geometry.points([index])[0])


@dataclass(frozen=True, slots=True)
class Stack:
    """Planes one behind the other, `step` mm apart, from the viewer away; `first` is the nearest.

    They go through the whole volume, and one of them through the point that they were made for.
    """

    first: Plane
    count: int
    step: float

    def plane(self, index: int) -> Plane:
        """Return plane `index`, from 0."""
        return self.first.moved(index * self.step)

    def nearest(self, point: Vector) -> int:
        """Return the number of the plane nearest to a point in mm."""
        away = self.first.pixel(point)[2] / self.step
        return min(max(0, round(away)), self.count - 1)

    def brought(self, point: Vector, index: int) -> Vector:
        """Return a point moved along the normal until it lies in plane `index`."""
        short = index * self.step - self.first.pixel(point)[2]
        return _vector(np.asarray(point) + short * np.asarray(self.first.normal))

    def places(self, frame_of_reference: str = "") -> tuple[FramePlace, ...]:
        """Return where each plane lies in the patient."""
        first = self.first
        ways = np.arange(self.count)[:, None] * self.step * np.asarray(first.normal)
        corners = (np.asarray(first.corner) + ways).tolist()
        turn, thick = (*first.right, *first.down), first.thickness or self.step
        return tuple(
            FramePlace(
                position=(x, y, z),
                orientation=turn,
                spacing=first.spacing,
                thickness=thick,
                frame_of_reference=frame_of_reference,
                size=first.size,
            )
            for x, y, z in corners
        )


def stack_of(geometry: VolumeGeometry, aim: Aim, view: View, slab: Slab) -> Stack:
    """Return the planes of a view through a whole volume.

    Planes along voxels show them as they are. Where voxels are so unequal that there would be too
    many pixels or planes, these are farther apart.
    """
    way = aim.way(view)
    right, down, normal = (np.asarray(one) for one in (way.right, way.down, way.normal))
    here = covering(geometry, aim.at, right, down, slab.thickness, coarsened=True)
    heights = geometry.corners() @ normal
    step = spacing_along(geometry, normal, min(geometry.spacing))
    step = max(step, float(heights.max() - heights.min()) / (MOST - 1))
    before, after = _reach(geometry, aim.at, normal, step)
    return Stack(here.moved(-before * step), before + after + 1, step)


def _reach(geometry: VolumeGeometry, at: Vector, normal: Points, step: float) -> tuple[int, int]:
    """Return how many planes there are before and behind a point."""
    away = (geometry.corners() - np.asarray(at)) @ normal / step
    before, after = math.floor(-away.min() + _SAME), math.floor(away.max() + _SAME)
    return max(0, before), max(0, after)


def _turned(way: Vector, axis: Vector, degrees: float) -> Vector:
    """Return a direction turned about an axis (Rodrigues 1840)."""
    angle, along = math.radians(degrees), np.asarray(axis)
    turned = (
        np.asarray(way) * math.cos(angle)
        + np.cross(along, way) * math.sin(angle)
        + along * float(along @ np.asarray(way)) * (1.0 - math.cos(angle))
    )
    return _vector(turned / np.linalg.norm(turned))


def _vector(values: Points) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
