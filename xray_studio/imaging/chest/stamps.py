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
        place = points @ slices.axes.T
        order = np.argsort(place[:, 2], kind="stable")
        self.slices = slices
        self.place, self.radius = place[order], radius[order]
        self.widest = float(radius.max()) + BEYOND
        self.reach = np.ceil((self.radius + BEYOND) / slices.spacing).astype(np.intp)

    def draw(self, index: int) -> Field:
        """Depth in mm (rows, columns), `OUTSIDE` far from every tube."""
        size, spacing = self.slices.size, self.slices.spacing
        corner = self.slices.axes @ self.slices.corner(index)
        level = corner[2] - self.widest, corner[2] + self.widest
        some = slice(*np.searchsorted(self.place[:, 2], level))
        place, radius, reach = self.place[some] - corner, self.radius[some], self.reach[some]
        near = np.abs(place[:, 2]) < radius + BEYOND
        place, radius, reach = place[near], radius[near], reach[near]
        depth = np.full(size * size, OUTSIDE, np.float32)
        for wide in np.unique(reach):
            chosen = reach == wide
            _stamp(depth, (size, spacing), place[chosen], radius[chosen], int(wide))
        return depth.reshape(size, size)


def _stamp(depth: Field, grid: tuple[int, float], place: Array, radius: Array, wide: int) -> None:
    """Stamp balls of about one size: places and radii in mm, `wide` in pixels."""
    size, spacing = grid
    offsets = np.arange(-wide, wide + 1)
    middle = np.rint(place[:, :2] / spacing).astype(np.intp)
    columns = middle[:, 0, None, None] + offsets[None, None]
    rows = middle[:, 1, None, None] + offsets[None, :, None]
    across = (columns * spacing - place[:, 0, None, None]) ** 2
    along = (rows * spacing - place[:, 1, None, None]) ** 2
    value = radius[:, None, None] - np.sqrt(across + along + place[:, 2, None, None] ** 2)
    inside = (columns >= 0) & (columns < size) & (rows >= 0) & (rows < size)
    hit = inside & (value > -BEYOND)
    where = (rows * size + columns)[hit]
    np.maximum.at(depth, where, value[hit].astype(np.float32))
