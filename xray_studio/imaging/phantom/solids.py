"""Path of X-rays through ellipsoids and their unions, exact along every ray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xray_studio.imaging.phantom.curves import Array


@dataclass(frozen=True)
class Ellipsoid:
    """`centre` and half axes `semi` in mm; `frame` (3, 3) has its axes as rows, if not upright."""

    centre: tuple[float, float, float]
    semi: tuple[float, float, float]
    frame: Array | None = None

    def interval(self, source: Array, rays: Array) -> tuple[Array, Array]:
        """Distances from the source at which rays (..., 3) enter and leave; equal when they miss.

        `source` is (3,) or (..., 3): rays may start at their own point.
        """
        turn = np.eye(3) if self.frame is None else self.frame
        shape = turn / np.array(self.semi)[:, None]
        start = (source - np.array(self.centre)) @ shape.T
        direction = rays @ shape.T
        a, b = _dot(direction, direction), _dot(start, direction)
        c = _dot(start, start) - 1.0
        half = np.sqrt(np.maximum(b * b - a * c, 0.0))
        return (-b - half) / a, (-b + half) / a


def _dot(one: Array, other: Array) -> Array:
    return np.asarray(np.einsum("...i,...i->...", one, other))


Intervals = Sequence[tuple[Array, Array]]


def union_length(intervals: Intervals) -> Array:
    """Length covered by at least one of several intervals, for every ray."""
    enter = np.stack([first for first, _ in intervals])
    leave = np.stack([last for _, last in intervals])
    order = np.argsort(enter, axis=0)
    enter, leave = (np.take_along_axis(a, order, axis=0) for a in (enter, leave))
    total = np.zeros(enter.shape[1:])
    reached = np.full(enter.shape[1:], -np.inf)
    for first, last in zip(enter, leave, strict=True):
        total += np.maximum(last - np.maximum(first, reached), 0.0)
        reached = np.maximum(reached, last)
    return total
