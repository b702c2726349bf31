"""Draws tubes into slices: how deep below a tube's surface every pixel lies."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from xray_studio.imaging.chest.shapes import OUTSIDE, Field
from xray_studio.imaging.phantom.curves import Array

BEYOND = 1.5  # mm around a tube that are drawn too


class Slices(Protocol):
    """Where slices lie (see `ct.Gantry`)."""

    @property
    def size(self) -> int:
        """Rows and columns."""

    @property
    def spacing(self) -> float:
        """Distance of pixels in mm."""

    @property
    def axes(self) -> Array:
        """Unit vectors (3, 3) of rows, columns and the normal."""

    def corner(self, index: int) -> Array:
        """Centre (3,) of a slice's first pixel."""


class Stamps:
    """Tubes as chains of balls: `points` (n, 3) and `radius` (n,) in mm."""

    def __init__(self, slices: Slices, points: Array, radius: Array) -> None:
        self.slices = slices
        self.place = points @ slices.axes.T
        self.radius = radius
        self.reach = np.ceil((radius + BEYOND) / slices.spacing).astype(np.intp)

    def draw(self, index: int) -> Field:
        """Depth in mm (rows, columns), `OUTSIDE` far from every tube."""
        size, spacing = self.slices.size, self.slices.spacing
        place = self.place - self.slices.axes @ self.slices.corner(index)
        near = np.abs(place[:, 2]) < self.radius + BEYOND
        place, radius, reach = place[near], self.radius[near], self.reach[near]
        depth = np.full(size * size, OUTSIDE, np.float32)
        for wide in np.unique(reach):
            chosen = reach == wide
            _stamp(depth, size, place[chosen] / spacing, radius[chosen] / spacing, int(wide))
        drawn = depth.reshape(size, size)
        return np.where(drawn > OUTSIDE, drawn * np.float32(spacing), drawn)


def _stamp(depth: Field, size: int, place: Array, radius: Array, wide: int) -> None:
    """Stamp balls of about one size; all in pixels."""
    offsets = np.arange(-wide, wide + 1)
    middle = np.rint(place[:, :2]).astype(np.intp)
    columns = middle[:, 0, None, None] + offsets[None, None]
    rows = middle[:, 1, None, None] + offsets[None, :, None]
    far = (columns - place[:, 0, None, None]) ** 2 + (rows - place[:, 1, None, None]) ** 2
    value = radius[:, None, None] - np.sqrt(far + place[:, 2, None, None] ** 2)
    hit = (columns >= 0) & (columns < size) & (rows >= 0) & (rows < size)
    where = (rows * size + columns)[hit]
    np.maximum.at(depth, where, value[hit].astype(np.float32))
