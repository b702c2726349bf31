"""The heart as a shape that beats: an ellipsoid with a long axis, and how its points move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xray_studio.imaging.phantom.curves import Array, unit


@dataclass(frozen=True)
class Heart:
    """Outer surface of the left ventricle at the end of diastole, in mm from the isocentre.

    `base` is the middle of the valve plane, `axis` points to the apex, `length` and `width` are the
    half axes along and across it. Surface positions are level (0 at the valve plane, 1 at the apex,
    beyond 1 on the far side), angle in degrees (0 lateral wall, 90 anterior, 180 septum) and depth
    (1 on the surface).
    """

    base: tuple[float, float, float] = (-20.0, 14.0, 12.0)
    axis: tuple[float, float, float] = (0.58, -0.58, -0.57)
    length: float = 84.0
    width: float = 40.0

    @cached_property
    def frame(self) -> Array:
        """Unit vectors (3, 3): lateral, anterior, towards the apex."""
        apex = np.array(self.axis) / np.linalg.norm(self.axis)
        anterior = np.array([0.0, 0.0, 1.0]) - apex[2] * apex
        anterior /= np.linalg.norm(anterior)
        return np.array([np.cross(anterior, apex), anterior, apex])

    def surface(self, level: Array, angle: Array, depth: Array) -> Array:
        """Points (n, 3) at surface positions given as (n,) arrays."""
        turn, round_ = np.deg2rad(angle), level * np.pi / 2.0
        across = depth * self.width * np.where(level < 0.0, 1.0, np.cos(round_))
        along = depth * self.length * np.where(level < 0.0, round_, np.sin(round_))
        local = np.stack([across * np.cos(turn), across * np.sin(turn), along], axis=-1)
        return self.to_patient(local)

    def to_local(self, points: Array) -> Array:
        """Coordinates (lateral, anterior, along the axis) of points (n, 3), in mm from the base."""
        return np.asarray((points - np.array(self.base)) @ self.frame.T)

    def to_patient(self, local: Array) -> Array:
        """Inverse of `to_local`."""
        return np.asarray(local @ self.frame + np.array(self.base))

    def _scaled(self, points: Array) -> Array:
        local = self.to_local(points) / np.array([self.width, self.width, self.length])
        local[:, 2] = np.maximum(local[:, 2], 0.0)
        return np.asarray(local)

    def depth(self, points: Array) -> Array:
        """How far out points (n, 3) lie: 1 on the surface."""
        return np.asarray(np.linalg.norm(self._scaled(points), axis=1))

    def onto(self, points: Array, depth: Array | float) -> Array:
        """Points (n, 3) moved along their radius to the given depth."""
        factor = depth / np.maximum(self.depth(points), 1e-6)
        local = self.to_local(points)
        local[:, :2] *= factor[:, None]
        local[:, 2] *= np.where(local[:, 2] > 0.0, factor, 1.0)
        return self.to_patient(local)

    def normal(self, points: Array) -> Array:
        """Outward unit normals (n, 3) of the surface through the points."""
        scale = np.array([self.width, self.width, self.length])
        local = self._scaled(points) / scale
        return unit(local @ self.frame)
