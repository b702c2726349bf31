"""Boxes of voxels: the part of a volume that an edit looks at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import Shape, VolumeGeometry

Marked: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VoxelBox:
    """Voxels from `low` to `high`, which is no part of it, each (plane, row, column)."""

    low: Shape
    high: Shape

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        """What takes it from an array (planes, rows, columns)."""
        planes, rows, columns = (
            slice(low, high) for low, high in zip(self.low, self.high, strict=True)
        )
        return planes, rows, columns

    @property
    def shape(self) -> Shape:
        """How many planes, rows and columns."""
        planes, rows, columns = (
            max(0, high - low) for low, high in zip(self.low, self.high, strict=True)
        )
        return planes, rows, columns

    @property
    def voxels(self) -> int:
        """How many voxels."""
        planes, rows, columns = self.shape
        return planes * rows * columns

    def within(self, shape: Shape) -> VoxelBox:
        """Return the part of it that an array of a shape has."""
        return VoxelBox(
            _triple(max(0, low) for low in self.low),
            _triple(min(high, size) for high, size in zip(self.high, shape, strict=True)),
        )

    def holds(self, voxel: Shape) -> bool:
        """Tell whether a voxel (plane, row, column) is part of it."""
        return all(a <= one < b for a, one, b in zip(self.low, voxel, self.high, strict=True))

    def common(self, other: VoxelBox) -> VoxelBox:
        """Return what two boxes share, which may be nothing."""
        return VoxelBox(
            _triple(max(a, b) for a, b in zip(self.low, other.low, strict=True)),
            _triple(min(a, b) for a, b in zip(self.high, other.high, strict=True)),
        )

    def grown(self, by: int, shape: Shape) -> VoxelBox:
        """Return it with more voxels on every side, as far as an array of a shape has them."""
        return VoxelBox(
            _triple(low - by for low in self.low), _triple(high + by for high in self.high)
        ).within(shape)

    def part(self, inner: VoxelBox) -> VoxelBox:
        """Return where a box that counts from this one's first voxel lies in the volume."""
        return VoxelBox(
            _triple(a + b for a, b in zip(self.low, inner.low, strict=True)),
            _triple(a + b for a, b in zip(self.low, inner.high, strict=True)),
        )

    def geometry(self, grid: VolumeGeometry) -> VolumeGeometry:
        """Return the grid of this part of a volume."""
        affine = grid.affine.copy()
        affine[:3, 3] = grid.points([self.low[::-1]])[0]
        return VolumeGeometry(self.shape, affine)


def voxel_at(grid: VolumeGeometry, point: Vector) -> Shape | None:
    """Return the voxel (plane, row, column) that a point in mm lies in, None outside the volume."""
    at = np.rint(grid.indices([point])[0])[::-1]
    if not ((at >= 0) & (at < grid.shape)).all():
        return None
    return _triple(at.tolist())


def whole_box(shape: Shape) -> VoxelBox:
    """Return the box of all voxels."""
    return VoxelBox((0, 0, 0), shape)


def share_box(
    shape: Shape, low: tuple[float, float, float], high: tuple[float, float, float]
) -> VoxelBox:
    """Return the box of shares (0 to 1) of planes, rows and columns, rounded to whole voxels."""
    return VoxelBox(
        _triple(round(share * size) for share, size in zip(low, shape, strict=True)),
        _triple(round(share * size) for share, size in zip(high, shape, strict=True)),
    )


def box_of(marked: Marked) -> VoxelBox | None:
    """Return the smallest box around what is marked (planes, rows, columns); None for nothing."""
    planes = np.asarray(marked.any(axis=(1, 2)))
    if not planes.any():
        return None
    first, last = _ends(planes)
    inside = marked[first:last]
    flat = np.asarray(inside.any(axis=0))
    rows, columns = (_ends(np.asarray(flat.any(axis=axis))) for axis in (1, 0))
    return VoxelBox((first, rows[0], columns[0]), (last, rows[1], columns[1]))


def joined_box(boxes: Iterable[VoxelBox]) -> VoxelBox | None:
    """Return the smallest box around several; None for none."""
    each = list(boxes)
    if not each:
        return None
    low = np.min([box.low for box in each], axis=0)
    high = np.max([box.high for box in each], axis=0)
    return VoxelBox(_triple(low.tolist()), _triple(high.tolist()))


def _ends(line: Marked) -> tuple[int, int]:
    there = np.flatnonzero(line)
    return int(there[0]), int(there[-1]) + 1


def _triple(numbers: Iterable[int]) -> Shape:
    planes, rows, columns = (int(number) for number in numbers)
    return planes, rows, columns
