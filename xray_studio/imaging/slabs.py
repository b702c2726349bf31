"""Projections through a slab of a volume, at any angle, with OpenCV.

Each ray is sampled where it crosses the planes of voxels that it crosses most often, bilinearly
within them: the shear-warp of Lacroute and Levoy (1994), a slice at a time. Rays of an axial slab
so meet the voxels themselves. To touch little more than the slab, rows of the picture are moved by
whole pixels until a slice meets a band of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane, Projection

Picture: TypeAlias = npt.NDArray[np.float32]
Numbers: TypeAlias = npt.NDArray[np.float64]

_LIKED: Final = (0.97, 0.99, 1.0)  # of axes that are crossed about as often, the one fastest read
_TOGETHER: Final = 16  # sagittal slices
_EDGE: Final = 1e-3  # of a pixel: what lies on the border of a slice belongs to it
_FLAT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Rays:
    """How rays meet slices: `way` (3 x 4) leads from (column, row, mm) to voxel numbers.

    `across` is the axis whose planes they are sampled in, 0 for columns; `u` and `v` are the
    columns and rows of the slices. `half` is half the slab in mm.
    """

    way: Numbers
    across: int
    u: int
    v: int
    half: float

    @classmethod
    def of(cls, geometry: VolumeGeometry, plane: Plane, *, turned: bool) -> _Rays:
        """Return how the rays of a plane go; `turned` exchanges its rows and columns."""
        way = (np.linalg.inv(geometry.affine) @ plane.affine)[:3]
        if turned:
            way = way[:, [1, 0, 2, 3]]
        across = int(np.argmax(np.abs(way[:, 2]) * _LIKED))
        u, v = (axis for axis in range(3) if axis != across)
        return cls(way, across, u, v, plane.thickness / 2.0)


@dataclass(frozen=True, slots=True)
class _Axis:
    """What rays meet in slice n: `step` x n + `by_row` + `by_column`."""

    step: float
    by_row: Numbers
    by_column: Numbers

    def at(self, rows: slice, number: int) -> tuple[Numbers, Numbers]:
        """Return the parts of rows and of columns in a slice."""
        return self.by_row[rows] + number * self.step, self.by_column

    def ends(self) -> tuple[float, float]:
        """Return the lowest and highest sum of a row's and a column's part."""
        return (
            float(self.by_row.min() + self.by_column.min()),
            float(self.by_row.max() + self.by_column.max()),
        )


Axes: TypeAlias = tuple[_Axis, ...]  # depth in mm, columns of a slice, rows of it
Box: TypeAlias = tuple[int, int, int, int]


def projected(
    values: npt.NDArray[Any], geometry: VolumeGeometry, plane: Plane, how: Projection
) -> tuple[Picture, npt.NDArray[np.int32]]:
    """Return a projection of (planes, rows, columns) through a slab, and how often rays met it.

    NaN stands where a ray meets no slice. Values are float32.
    """
    rays = _Rays.of(geometry, plane, turned=False)
    steep = np.abs(rays.way[rays.across, :2])
    if steep[0] > steep[1]:
        sheared = _Sheared(_Rays.of(geometry, plane, turned=True), plane.size[::-1], how)
        picture, counts = sheared.projected(values)
        return np.ascontiguousarray(picture.T), np.ascontiguousarray(counts.T)
    return _Sheared(rays, plane.size, how).projected(values)


class _Sheared:
    """A picture whose columns are moved up or down until slices meet bands of rows.

    What rays meet in slice n is, along each axis, `step` x n plus a part of the row and one of the
    column: `_axes` holds these for millimetres of depth and for the columns and rows of the slice.
    """

    def __init__(self, rays: _Rays, size: tuple[int, int], how: Projection) -> None:
        self._rays, self._how = rays, how
        self._rows, self._columns = size
        across, columns = rays.way[rays.across], np.arange(size[1])
        flat = abs(across[1]) < _FLAT
        shift = np.zeros(size[1]) if flat else np.rint(across[0] * columns / across[1])
        top = int(shift.min())
        self._shift = shift.astype(int) - top
        self._height = size[0] + int(self._shift.max())
        self._axes = self._precalculated(np.arange(self._height, dtype=float) + top, shift)
        start = {Projection.MIP: -np.inf, Projection.MINIP: np.inf, Projection.MEAN: 0.0}[how]
        self._picture: Picture = np.full((self._height, size[1]), start, np.float32)
        self._counts = np.zeros((self._height, size[1]), np.int32)

    def _precalculated(self, rows: Numbers, shift: Numbers) -> tuple[_Axis, _Axis, _Axis]:
        across, columns = self._rays.way[self._rays.across], np.arange(self._columns)
        rest = across[0] * columns - across[1] * shift
        depth = _Axis(
            1.0 / across[2], -(across[3] + across[1] * rows) / across[2], -rest / across[2]
        )
        x, y = (
            _Axis(
                way[2] * depth.step,
                way[1] * rows + way[2] * depth.by_row + way[3],
                way[0] * columns - way[1] * shift + way[2] * depth.by_column,
            )
            for way in (self._rays.way[self._rays.u], self._rays.way[self._rays.v])
        )
        return depth, x, y

    def projected(self, values: npt.NDArray[Any]) -> tuple[Picture, npt.NDArray[np.int32]]:
        """Return the projection, and how many samples each pixel is of."""
        slices = np.moveaxis(values, 2 - self._rays.across, 0)
        self._take_all(slices)
        rows = np.arange(self._rows)[:, None] + self._shift[None, :]
        columns = np.arange(self._columns)[None, :]
        picture, counts = self._picture[rows, columns], self._counts[rows, columns]
        if self._how is Projection.MEAN:
            picture /= np.maximum(counts, 1)
        picture[counts == 0] = np.nan
        return picture, counts

    def _take_all(self, slices: npt.NDArray[Any]) -> None:
        """Add the samples of every slice that lies in the slab."""
        numbers = self._numbers(len(slices))
        if self._rays.across != 0:
            for number in numbers:
                self._take(slices[number], number)
            return
        # Voxels of one column lie far apart: several slices come from the same lines of memory.
        for first in range(numbers.start, numbers.stop, _TOGETHER):
            several = slices[first : min(first + _TOGETHER, numbers.stop)]
            box = self._box_of(range(first, first + len(several)), several.shape[1:])
            if box is None:
                continue
            top, bottom, left, right = box
            near = _turned(several[:, top:bottom, left:right])
            for number, image in enumerate(near, first):
                self._take(image, number, (top, left, *several.shape[1:]))

    def _numbers(self, count: int) -> range:
        """Return the slices that lie in the slab anywhere."""
        depth = self._axes[0]
        low, high = depth.ends()
        reach = self._rays.half + _EDGE
        ends = [(-reach - high) / depth.step, (reach - low) / depth.step]
        return range(max(0, math.ceil(min(ends))), min(count - 1, math.floor(max(ends))) + 1)

    def _band(self, number: int) -> tuple[int, int, int, int]:
        """Return the rows that a slice meets, and those of them that it meets in every column.

        Rows are told as first and behind the last.
        """
        depth = self._axes[0]
        at = depth.by_row + number * depth.step
        low, high = float(depth.by_column.min()), float(depth.by_column.max())
        half = self._rays.half + 1e-6
        some = (at + low <= half) & (at + high >= -half)
        every = (at + high <= half) & (at + low >= -half)
        return *_run(some), *_run(every)

    def _box_of(self, numbers: range, shape: tuple[int, ...]) -> Box | None:
        """Return the rows and columns of slices that the samples of several need."""
        bands = [self._band(number)[:2] for number in numbers]
        found = [
            _box(self._axes, slice(first, last), number, shape)
            for number, (first, last) in zip(numbers, bands, strict=True)
            if first < last
        ]
        boxes = [box for box in found if box is not None]
        if not boxes:
            return None
        top, bottom, left, right = zip(*boxes, strict=True)
        return min(top), max(bottom), min(left), max(right)

    def _take(self, image: npt.NDArray[Any], number: int, cut: tuple[int, ...] = ()) -> None:
        """Add the samples of a slice; of one that is `cut`, where it begins and its size."""
        first, last, sure_first, sure_last = self._band(number)
        if first >= last:
            return
        up, aside, *shape = cut or (0, 0, *image.shape)
        rows = slice(first, last)
        box = _box(self._axes, rows, number, tuple(shape))
        if box is None:
            return
        top, bottom, left, right = box
        near = np.ascontiguousarray(
            image[top - up : bottom - up, left - aside : right - aside], np.float32
        )
        x, y = (axis.at(rows, number) for axis in self._axes[1:])
        found: Any = cv2.remap(
            near, _outer(x, left), _outer(y, top), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        whole = _within(x, shape[1]) and _within(y, shape[0]) and sure_first < sure_last
        edges = [(first, sure_first), (sure_last, last)] if whole else [(first, last)]
        if whole:
            sure = slice(sure_first, sure_last)
            self._add(found[sure_first - first : sure_last - first], sure)
        for start, end in edges:
            if start < end:
                inside = self._inside(slice(start, end), number, tuple(shape))
                self._add(found[start - first : end - first], slice(start, end), inside)

    def _inside(self, rows: slice, number: int, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Tell which samples lie in the slab and within the slice."""
        depth, x, y = (_outer(axis.at(rows, number), 0.0) for axis in self._axes)
        inside = np.abs(depth) <= self._rays.half + 1e-6
        inside &= (x >= -_EDGE) & (x <= shape[1] - 1 + _EDGE)
        inside &= (y >= -_EDGE) & (y <= shape[0] - 1 + _EDGE)
        return inside

    def _add(
        self,
        found: Picture,
        rows: slice,
        inside: npt.NDArray[np.bool_] | Literal[True] = True,
    ) -> None:
        picture = self._picture[rows]
        reduce = {Projection.MIP: np.maximum, Projection.MINIP: np.minimum}.get(self._how, np.add)
        if inside is True:
            reduce(picture, found, out=picture)
        else:
            reduce(picture, found, out=picture, where=inside)
        self._counts[rows] += inside


def _turned(several: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return sagittal slices one after the other, copied as they lie before they are turned."""
    count, rows, columns = several.shape
    lying = np.ascontiguousarray(several.transpose(1, 2, 0)).reshape(-1, count)
    return np.ascontiguousarray(lying.T).reshape(count, rows, columns)


def _run(those: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first of a run of rows, and the one behind the last."""
    found = np.flatnonzero(those)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)


def _outer(parts: tuple[Numbers, Numbers], less: float) -> Picture:
    by_row, by_column = parts
    return np.asarray((by_row - less).astype(np.float32)[:, None] + by_column.astype(np.float32))


def _within(parts: tuple[Numbers, Numbers], size: int) -> bool:
    by_row, by_column = parts
    low, high = by_row.min() + by_column.min(), by_row.max() + by_column.max()
    return bool(low >= 0.0 and high <= size - 1)


def _box(axes: Axes, rows: slice, number: int, shape: tuple[int, ...]) -> Box | None:
    """Return the rows and columns of a slice that samples need, None for none."""
    ends = []
    for axis, size in ((axes[2], shape[0]), (axes[1], shape[1])):
        by_row, by_column = axis.at(rows, number)
        low, high = by_row.min() + by_column.min(), by_row.max() + by_column.max()
        first, last = max(0, math.floor(low) - 1), min(size, math.ceil(high) + 2)
        if first >= last:
            return None
        ends += [first, last]
    top, bottom, left, right = ends
    return top, bottom, left, right
