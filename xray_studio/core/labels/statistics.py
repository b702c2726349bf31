"""What segments measure: volume, the values in them, their area on every plane. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.geometry import VolumeGeometry


@dataclass(frozen=True, slots=True)
class SegmentNumbers:
    """What one segment measures.

    `millilitres` are those of its `voxels`. `mean`, `deviation` (divided by n - 1), `lowest` and
    `highest` are those of values that are numbers, None where there are none; a deviation needs
    two. `areas` are mm2 on every plane of voxels.
    """

    number: int
    voxels: int
    millilitres: float
    mean: float | None
    deviation: float | None
    lowest: float | None
    highest: float | None
    areas: tuple[float, ...]


@dataclass(slots=True)
class _Sums:
    """Sums over the planes seen so far, joined as Chan, Golub and LeVeque (1983) do."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    low: float = math.inf
    high: float = -math.inf

    def add(self, values: npt.NDArray[np.float64]) -> None:
        if not values.size:
            return
        mean = float(values.mean())
        count = self.count + values.size
        apart = mean - self.mean
        self.squares += float(((values - mean) ** 2).sum())
        self.squares += apart * apart * self.count * values.size / count
        self.mean += apart * values.size / count
        self.count = count
        self.low, self.high = min(self.low, values.min()), max(self.high, values.max())


def measured(labels: LabelMap, values: npt.NDArray[Any]) -> Job[tuple[SegmentNumbers, ...]]:
    """Return what every segment measures over values (planes, rows, columns)."""
    planes = labels.geometry.shape[0]
    numbers = [one.number for one in labels.segments]
    sums = {number: _Sums() for number in numbers}
    counts = np.zeros((len(numbers), planes), np.int64)
    for plane in range(planes):
        if plane % 16 == 0:
            yield Progress(plane, planes, "Measuring segments")
        here = labels.values[plane]
        there = np.flatnonzero(here)
        if not there.size:
            continue
        own, grey = here.ravel()[there], values[plane].ravel()[there].astype(np.float64)
        for at, number in enumerate(numbers):
            mine = grey[own == number]
            counts[at, plane] = mine.size
            sums[number].add(mine[np.isfinite(mine)])
    area = pixel_area(labels.geometry)
    return tuple(
        _numbers(labels.geometry, number, sums[number], counts[at], area)
        for at, number in enumerate(numbers)
    )


def pixel_area(grid: VolumeGeometry) -> float:
    """Return the mm2 of one voxel on its plane."""
    return float(np.linalg.norm(np.cross(grid.affine[:3, 0], grid.affine[:3, 1])))


def _numbers(
    grid: VolumeGeometry, number: int, sums: _Sums, counts: npt.NDArray[np.int64], area: float
) -> SegmentNumbers:
    voxels, any_number = int(counts.sum()), sums.count > 0
    return SegmentNumbers(
        number=number,
        voxels=voxels,
        millilitres=voxels * grid.voxel_volume / 1000.0,
        mean=sums.mean if any_number else None,
        deviation=math.sqrt(sums.squares / (sums.count - 1)) if sums.count > 1 else None,
        lowest=float(sums.low) if any_number else None,
        highest=float(sums.high) if any_number else None,
        areas=tuple((counts * area).tolist()),
    )
