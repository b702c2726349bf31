"""A curve through the volume on screen, and the plane that goes along it. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.place import Vector
from xray_studio.core.volume.curve import Bending, CurvedPlane, sheet
from xray_studio.core.volume.volume import Volume

CURVED: Final = "curved"
TURNS: Final = 36  # pictures once about the curve, 10 degrees from one to the next
_FINEST: Final = 0.3  # mm of a pixel: finer ones tell nothing more of what scanners see
_AXES: Final = ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))  # down, back, left


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in mm (LPS) that a smooth curve goes through, and what is shown of it.

    `chosen` is the point (from 0) that Del takes away. `width` is what is seen across the curve,
    `thickness` what is projected, both in mm. `shown` tells that it takes the place of the
    rendering.
    """

    points: tuple[Vector, ...] = ()
    chosen: int | None = None
    bending: Bending = Bending.STRAIGHTENED
    width: float = 50.0
    thickness: float = 0.0
    shown: bool = True

    @property
    def leads(self) -> bool:
        """Tell whether there is a way to go along."""
        return len(self.points) > 1

    @property
    def is_seen(self) -> bool:
        """Tell whether its plane is on screen, or about to be."""
        return self.leads and self.shown

    def added(self, point: Vector) -> Curve:
        """Return it with one more point at its end."""
        return replace(self, points=(*self.points, point), chosen=len(self.points))

    def moved(self, number: int, point: Vector) -> Curve:
        """Return it with a point elsewhere."""
        points = (*self.points[:number], point, *self.points[number + 1 :])
        return replace(self, points=points, chosen=number)

    def without(self, number: int) -> Curve:
        """Return it without a point."""
        left = (*self.points[:number], *self.points[number + 1 :])
        return replace(self, points=left, chosen=None)


def same_plane(one: Curve | None, other: Curve | None) -> bool:
    """Tell whether two curves have the same plane along them, and show it alike."""
    if one is None or other is None:
        return one is other
    return replace(one, chosen=None) == replace(other, chosen=None)


def planes_along(curve: Curve, volume: Volume) -> tuple[CurvedPlane, ...]:
    """Return the planes along a curve: all around it, or the one that hangs from it.

    Raises UsageError for a curve that leads nowhere.
    """
    fine = max(_FINEST, min(volume.geometry.spacing))
    plane = CurvedPlane(
        curve.points, width=curve.width, spacing=(fine, fine), thickness=curve.thickness
    )
    if curve.bending is Bending.STRAIGHTENED:
        return tuple(plane.turned(360.0 * turn / TURNS) for turn in range(TURNS))
    return (_hanging(plane),)


def _hanging(plane: CurvedPlane) -> CurvedPlane:
    """Return a plane stretched along the axis of the patient that the curve goes along least."""
    ways = np.diff(np.asarray(plane.points), axis=0)
    first = sorted(_AXES, key=lambda axis: float(np.abs(ways @ np.asarray(axis)).sum()))
    for axis in first:
        found = replace(plane, bending=Bending.STRETCHED, direction=axis)
        try:
            sheet(found)
        except UsageError:
            continue
        return found
    raise UsageError(
        "The curve goes along every axis of the patient somewhere, so it cannot be stretched; show"
        " it straightened."
    )
