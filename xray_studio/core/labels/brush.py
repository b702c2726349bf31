"""Brushes in millimetres: which voxels a stroke covers, looked for in its own box alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.labels.box import Marked, VoxelBox, voxel_at
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import VolumeGeometry

Numbers = npt.NDArray[np.float64]
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Brush:
    """A ball of a `radius` in mm; with a `normal`, a disc in the plane at right angles to it.

    A disc covers the voxels that its plane goes through, at any angle: those that are seen on it.
    """

    radius: float
    normal: Vector | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.radius < 1e4:
            raise UsageError("The radius of a brush is above 0 mm.")
        if self.normal is not None and not np.linalg.norm(self.normal) > _LEAST:
            raise UsageError("The normal of a disc needs a length.")


def covered(
    grid: VolumeGeometry, brush: Brush, start: Vector, end: Vector | None = None
) -> tuple[VoxelBox, Marked] | None:
    """Return the voxels that a brush covers on its way from one point (mm) to another.

    None where that is outside the volume. The voxels in which the points lie are always covered.
    """
    first = np.asarray(start, float)
    last = first if end is None else np.asarray(end, float)
    away = _unit(brush.normal)
    if away is not None:
        last = last - ((last - first) @ away) * away  # a stroke stays in its plane
    way = _Way(brush.radius, away, first, last)
    box = _box(grid, way)
    if min(box.shape) == 0:
        return None
    marked = _inside(grid, box, way)
    _points(grid, box, marked, np.stack([first, last]))
    return (box, marked) if marked.any() else None


def _unit(normal: Vector | None) -> Numbers | None:
    if normal is None:
        return None
    way = np.asarray(normal, float)
    return np.asarray(way / np.linalg.norm(way))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """A brush on its way: its radius, the unit normal of a disc, and two points, all in mm."""

    radius: float
    away: Numbers | None
    first: Numbers
    last: Numbers


def _half(grid: VolumeGeometry, away: Numbers) -> float:
    """Return how far from a plane the middles of voxels lie that it goes through."""
    return float(np.abs(grid.affine[:3, :3].T @ away).sum() / 2.0)


def _box(grid: VolumeGeometry, way: _Way) -> VoxelBox:
    """Return the box around a brush on its way."""
    rows = np.linalg.inv(grid.affine[:3, :3])
    lengths = np.linalg.norm(rows, axis=1)
    reach = way.radius * lengths
    if way.away is not None:
        out = rows @ way.away
        flat = way.radius * np.sqrt(np.maximum(0.0, lengths**2 - out**2))
        reach = flat + _half(grid, way.away) * abs(out)
    reach = np.maximum(reach, 0.5)  # the voxels in which the points lie
    ends = grid.indices([way.first, way.last])
    sizes = grid.shape[::-1]  # what is far outside has no number
    low = np.clip(np.floor(ends.min(axis=0) - reach), 0, sizes)
    high = np.clip(np.ceil(ends.max(axis=0) + reach) + 1, 0, sizes)
    a, b = low[::-1].astype(int).tolist(), high[::-1].astype(int).tolist()
    return VoxelBox((a[0], a[1], a[2]), (b[0], b[1], b[2])).within(grid.shape)


def _inside(grid: VolumeGeometry, box: VoxelBox, way: _Way) -> Marked:
    """Return which voxels of a box lie within the radius of the way."""
    steps, edges = _steps(grid, box, way.first), grid.affine[:3, 2::-1]
    squares = _squares(steps, edges)
    line = way.last - way.first
    length = float(line @ line)
    if length > _LEAST:
        along = _along(steps, line @ edges)
        share = np.clip(along / length, 0.0, 1.0)
        squares = squares + share * (share * length - 2.0 * along)
    radius = way.radius * way.radius
    if way.away is None:
        return np.asarray(squares <= radius)
    height = _along(steps, way.away @ edges)
    half = _half(grid, way.away)
    # A plane right between two layers of voxels takes one of them, always the same.
    layer = (height > -half + _LEAST) & (height <= half + _LEAST)
    return np.asarray(layer & (squares - height * height <= radius))


def _steps(grid: VolumeGeometry, box: VoxelBox, point: Numbers) -> list[Numbers]:
    """Return voxels from a point along planes, rows and columns, each ready to be spread."""
    first = grid.indices([point])[0][::-1]
    steps = []
    for axis in range(3):
        spread = [1, 1, 1]
        spread[axis] = -1
        numbers = np.arange(box.low[axis], box.high[axis]) - first[axis]
        steps.append(numbers.reshape(spread))
    return steps


def _along(steps: list[Numbers], weights: Numbers) -> Numbers:
    """Return a sum over the three axes for every voxel of a box."""
    planes, rows, columns = (step * weight for step, weight in zip(steps, weights, strict=True))
    return np.asarray((planes + rows) + columns)


def _squares(steps: list[Numbers], edges: Numbers) -> Numbers:
    """Return the squared mm from a point; `edges` are those of voxels, as columns of a 3 x 3."""
    forms = edges.T @ edges
    made = _along([step * step for step in steps], np.diag(forms))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        if abs(forms[one, other]) > _LEAST * forms[one, one]:  # askew: a tilted gantry
            made = made + (2.0 * forms[one, other] * steps[one]) * steps[other]
    return made


def _points(grid: VolumeGeometry, box: VoxelBox, marked: Marked, points: Numbers) -> None:
    for point in points:
        at = voxel_at(grid, (point[0], point[1], point[2]))
        if at is not None and box.holds(at):
            marked[at[0] - box.low[0], at[1] - box.low[1], at[2] - box.low[2]] = True
