"""Projections through a slab of a volume, at any angle, with OpenCV.

Each ray is sampled where it crosses the planes of voxels that it crosses most often, bilinearly
within them, as in the shear-warp of Lacroute and Levoy (1994). Rays of an axial slab so meet the
voxels themselves. The picture is made tile by tile: the few voxels that the rays of a tile meet are
laid out with one slice below the other, so that a single call samples them all, and they are still
in the cache of the processor then.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane, Projection

Picture: TypeAlias = npt.NDArray[np.float32]
Counts: TypeAlias = npt.NDArray[np.int32]
Numbers: TypeAlias = npt.NDArray[np.float64]
Tile: TypeAlias = tuple[slice, slice]

_LIKED: Final = (0.97, 0.99, 1.0)  # of axes that are crossed about as often, the one fastest read
_EDGE: Final = 1e-3  # of a voxel: what lies on the border of a slice belongs to it
_NEAR: Final = 1e-6  # mm: what lies on the border of the slab belongs to it
_ACROSS: Final = 64  # voxels that a tile is wide
_DEEP: Final = 32  # slices that are sampled at once
_THREADS: Final = max(1, min(8, os.cpu_count() or 1))
_START: Final = {Projection.MIP: -np.inf, Projection.MINIP: np.inf, Projection.MEAN: 0.0}
_REDUCE: Final = {
    Projection.MIP: np.maximum, Projection.MINIP: np.minimum, Projection.MEAN: np.add,
}  # fmt: skip


def projected(
    values: npt.NDArray[Any], geometry: VolumeGeometry, plane: Plane, how: Projection
) -> tuple[Picture, Counts]:
    """Return a projection of (planes, rows, columns) through a slab, and how often rays met it.

    NaN stands where a ray meets no slice. Values are float32.
    """
    work = _Projecting(values, _Rays.of(geometry, plane), plane.size, how)
    _by_threads(work.take, work.tiles())
    return work.picture, work.counts


@dataclass(frozen=True, slots=True)
class _Rays:
    """How rays meet slices: `way` (3 x 4) leads from (column, row, mm) to voxel numbers.

    `across` is the axis whose planes they are sampled in, 0 for columns; `u` and `v` are the
    columns and rows of the slices. `reach` is half the slab, `steps` how far along u and v a ray
    gets from one slice to the next; all count voxels.
    """

    way: Numbers
    across: int
    u: int
    v: int
    reach: float
    steps: tuple[float, float]

    @classmethod
    def of(cls, geometry: VolumeGeometry, plane: Plane) -> _Rays:
        """Return how the rays of a plane go."""
        way = (np.linalg.inv(geometry.affine) @ plane.affine)[:3]
        across = int(np.argmax(np.abs(way[:, 2]) * _LIKED))
        u, v = (axis for axis in range(3) if axis != across)
        pace = way[across, 2]
        reach = (plane.thickness / 2.0 + _NEAR) * abs(pace)
        return cls(way, across, u, v, reach, (way[u, 2] / pace, way[v, 2] / pace))

    @property
    def samples(self) -> int:
        """How many slices a ray meets at most; at least one less it always does."""
        return math.floor(2.0 * self.reach) + 1

    def through(self, tile: Tile) -> _Bundle:
        """Return the rays of some rows and columns of the picture."""
        rows, columns = (np.arange(side.start, side.stop, dtype=float) for side in tile)
        on_plane = [
            way[1] * rows[:, None] + way[0] * columns[None] + way[3]
            for way in (self.way[self.u], self.way[self.v], self.way[self.across])
        ]
        first = np.ceil(on_plane[2] - self.reach)
        away = first - on_plane[2]
        u, v = (
            at + step * away for at, step in zip(on_plane[:2], self.steps, strict=True)
        )  # where they meet the first slice
        return _Bundle(u, v, first, away + (self.samples - 1) <= self.reach)


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The rays of a tile: where they meet their first slice, whose number is `first`.

    `last` tells which of them meet the last slice that any of them may.
    """

    u: Numbers
    v: Numbers
    first: Numbers
    last: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Box:
    """Voxels along one axis that are needed, from `low` to before `high`, and how many there are.

    `start` is the lowest of them that is there.
    """

    low: int
    high: int
    size: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all of them are there."""
        return self.low >= 0 and self.high <= self.size

    @property
    def there(self) -> slice:
        """The part that is there; of none, an empty one."""
        return slice(self.start, max(0, min(self.high, self.size)))

    @property
    def start(self) -> int:
        """The first voxel that is there."""
        return max(0, self.low)


class _Projecting:
    """A picture that is made tile by tile, by several threads."""

    def __init__(
        self, values: npt.NDArray[Any], rays: _Rays, size: tuple[int, int], how: Projection
    ) -> None:
        self._values, self._rays, self._how = values, rays, how
        self._sizes = values.shape[::-1]
        self.picture: Picture = np.full(size, np.nan, np.float32)
        self.counts: Counts = np.zeros(size, np.int32)

    def tiles(self) -> list[Tile]:
        """Return the tiles of the picture, about as wide in voxels, however large pixels are."""
        widest = float(np.abs(self._rays.way[:, :2]).sum(axis=1).max())
        side = 1 + int(_ACROSS / max(widest, _ACROSS / 4096))
        parts = [
            [slice(start, min(start + side, count)) for start in range(0, count, side)]
            for count in self.picture.shape
        ]
        return list(product(*parts))

    def take(self, tile: Tile) -> None:
        """Make one tile."""
        bundle = self._rays.through(tile)
        shape, samples = bundle.first.shape, self._rays.samples
        found: Picture = np.full(shape, _START[self._how], np.float32)
        counts: Counts = np.zeros(shape, np.int32)
        for start in range(0, samples, _DEEP):
            self._add(bundle, range(start, min(start + _DEEP, samples)), found, counts)
        if self._how is Projection.MEAN:
            found /= np.maximum(counts, 1)
        found[counts == 0] = np.nan
        self.picture[tile], self.counts[tile] = found, counts

    def _add(self, bundle: _Bundle, samples: range, found: Picture, counts: Counts) -> None:
        """Add the samples of some slices, counted from the first that each ray meets."""
        boxes = self._boxes(bundle, samples)
        if any(box.there.start >= box.there.stop for box in boxes):
            return
        whole = all(box.is_whole for box in boxes)
        sampled = self._inner if whole else self._at_border
        layers, met = sampled(bundle, samples, boxes)
        reduce = _REDUCE[self._how]
        reduce(found, reduce.reduce(layers, axis=0), out=found)
        counts += met

    def _boxes(self, bundle: _Bundle, samples: range) -> tuple[_Box, _Box, _Box]:
        """Return the voxels along u, v and across that samples need."""
        rays, ends = self._rays, (samples[0], samples[-1])
        u, v = (
            _Box(
                math.floor(at.min() + min(step * end for end in ends)),
                math.floor(at.max() + max(step * end for end in ends)) + 2,
                self._sizes[axis],
            )
            for at, step, axis in (
                (bundle.u, rays.steps[0], rays.u), (bundle.v, rays.steps[1], rays.v),
            )
        )  # fmt: skip
        low, high = int(bundle.first.min()) + ends[0], int(bundle.first.max()) + ends[1] + 1
        return u, v, _Box(low, high, self._sizes[rays.across])

    def _inner(
        self, bundle: _Bundle, samples: range, boxes: tuple[_Box, _Box, _Box]
    ) -> tuple[Picture, npt.NDArray[Any]]:
        """Return samples that all lie within the volume, and how many of each ray count."""
        u, v, across = boxes
        laid, height = self._laid_out(boxes)
        numbers = np.arange(samples.start, samples.stop)[:, None, None]
        x = _sums(bundle.u - u.start, numbers * self._rays.steps[0])
        start = bundle.v - v.start + (bundle.first - across.start) * height
        y = _sums(start, numbers * (self._rays.steps[1] + height))
        layers = _looked_up(laid, x, y)
        if samples.stop < self._rays.samples:
            return layers, np.full(bundle.last.shape, len(samples))
        layers[-1][~bundle.last] = _START[self._how]
        return layers, len(samples) - 1 + bundle.last

    def _at_border(
        self, bundle: _Bundle, samples: range, boxes: tuple[_Box, _Box, _Box]
    ) -> tuple[Picture, npt.NDArray[Any]]:
        """Return samples some of which lie outside, and how many of each ray count."""
        u, v, across = boxes
        laid, height = self._laid_out(boxes)
        numbers = np.arange(samples.start, samples.stop)[:, None, None]
        at_u = bundle.u + numbers * self._rays.steps[0]
        at_v = bundle.v + numbers * self._rays.steps[1]
        n = bundle.first + numbers
        inside = _within(at_u, u.size) & _within(at_v, v.size) & _within(n, across.size)
        if samples.stop == self._rays.samples:
            inside[-1] &= bundle.last
        x = np.clip(at_u, 0, u.size - 1) - u.start
        y = np.clip(at_v, 0, v.size - 1) - v.start
        y += (np.clip(n, 0, across.size - 1) - across.start) * height
        layers = _looked_up(laid, x.astype(np.float32), y.astype(np.float32))
        layers[~inside] = _START[self._how]
        return layers, inside.sum(axis=0)

    def _laid_out(self, boxes: tuple[_Box, _Box, _Box]) -> tuple[Picture, int]:
        """Return the voxels of boxes as one image, slice below slice, and rows of each."""
        rays = self._rays
        sides: list[Any] = [slice(None)] * 3
        for axis, box in zip((rays.u, rays.v, rays.across), boxes, strict=True):
            sides[2 - axis] = box.there
        near = self._values[tuple(sides)]
        planes, rows, columns = near.shape
        if rays.across == 2:
            return near.astype(np.float32).reshape(planes * rows, columns), rows
        if rays.across == 1:
            turned = near.transpose(1, 0, 2).astype(np.float32, order="C")
            return turned.reshape(rows * planes, columns), planes
        lying = near.astype(np.float32).reshape(planes * rows, columns)
        return np.asarray(cv2.transpose(lying)).reshape(columns * planes, rows), planes


def _sums(places: npt.NDArray[Any], steps: npt.NDArray[Any]) -> Picture:
    return np.asarray(np.add(places.astype(np.float32), steps.astype(np.float32)), np.float32)


def _within(at: Numbers, size: int) -> npt.NDArray[np.bool_]:
    return (at >= -_EDGE) & (at <= size - 1 + _EDGE)


def _looked_up(image: Picture, x: Picture, y: Picture) -> Picture:
    """Return the values of an image at (samples, rows, columns), bilinearly."""
    flat = (x.shape[0] * x.shape[1], x.shape[2])
    found: Any = cv2.remap(
        image, x.reshape(flat), y.reshape(flat), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(found).reshape(x.shape)


def _by_threads(work: Callable[[Tile], None], tiles: list[Tile]) -> None:
    if _THREADS == 1 or len(tiles) == 1:
        for tile in tiles:
            work(tile)
        return
    with ThreadPoolExecutor(_THREADS, "slab") as pool:
        list(pool.map(work, tiles))
