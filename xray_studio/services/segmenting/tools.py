"""What finds segments by itself: thresholds, regions that grow, slices between others, clean-up.

Each is a Job that looks at a volume and its label map, changes neither, and returns an edit;
whoever asked applies it. A Job that is stopped has done nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.box import Marked, VoxelBox, voxel_at, whole_box
from xray_studio.core.labels.edits import Action, Edit, Over
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.place import Vector
from xray_studio.core.volume.filters import BrainLikeMask
from xray_studio.core.volume.volume import Volume, Voxels, check_memory
from xray_studio.volume import label_tools
from xray_studio.volume.brain_like import brain_like as brain_mask

_NOTHING: Final = "The segment is empty; mark something of it first."
_ROOM: Final = 2  # voxels around a segment that is worked on
AXES: Final = ("planes", "rows", "columns")


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high`, both of them part of it. Raises UsageError for an empty one."""

    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise UsageError("The lower value of a range comes first, as 200,3000.")

    def holds(self, values: Voxels) -> Marked:
        """Return which values lie in it; those that are no number do not."""
        return np.asarray((values >= self.low) & (values <= self.high))

    @property
    def words(self) -> str:
        """The range as people write it."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Growth:
    """How a region grows from a `seed` in mm: over joined voxels with values in a `range`.

    Without one the value at the seed counts, give or take `tolerance`. It stays within `reach` mm
    of the seed along every axis of the volume, 0 for no limit. With `corners` voxels are joined by
    edges and corners too.
    """

    seed: Vector
    range: Range | None = None
    tolerance: float = 0.0
    reach: float = 0.0
    corners: bool = False

    def __post_init__(self) -> None:
        if not (0.0 <= self.tolerance < math.inf and 0.0 <= self.reach < math.inf):
            raise UsageError("The tolerance and the reach of growing are 0 or more.")
        if not all(map(math.isfinite, self.seed)):
            raise UsageError("The point that a region grows from is three numbers, in mm.")


def threshold(
    volume: Volume,
    number: int,
    wanted: Range,
    *,
    box: VoxelBox | None = None,
    action: Action = Action.ADD,
    over: Over = Over.ALL,
) -> Job[Edit]:
    """Return the voxels of a box, or of all, whose values lie in a range."""
    grid = volume.geometry
    part = (box or whole_box(grid.shape)).within(grid.shape)
    if min(part.shape) == 0:
        raise UsageError("The box lies outside the volume; choose another one.")
    marked = yield from _in_range(volume.at(0), part, wanted)
    words = f"Threshold {wanted.words}"
    return Edit(number, part, marked, words, action, over, made="threshold")


def _in_range(values: Voxels, part: VoxelBox, wanted: Range) -> Job[Marked]:
    check_memory(part.shape, np.dtype(bool), 3.0)
    marked = np.empty(part.shape, bool)
    inside = values[part.slices]
    for plane in range(len(marked)):
        if plane % 16 == 0:
            yield Progress(plane, len(marked), "Looking at values")
        marked[plane] = wanted.holds(inside[plane])
    return marked


def grow(
    volume: Volume,
    number: int,
    wanted: Growth,
    *,
    box: VoxelBox | None = None,
    action: Action = Action.ADD,
    over: Over = Over.ALL,
) -> Job[Edit]:
    """Return the region that grows from a seed, of a box or of all.

    Raises UsageError for a seed outside it, or with a value outside the range.
    """
    grid = volume.geometry
    limit = (box or whole_box(grid.shape)).within(grid.shape)
    at = voxel_at(grid, wanted.seed)
    if at is None or not limit.holds(at):
        raise UsageError("The seed lies outside the volume; choose a point within it.")
    part = _reach(volume, at, wanted.reach).common(limit)
    limits = wanted.range or _around(float(volume.at(0)[at]), wanted.tolerance)
    check_memory(part.shape, np.dtype(np.uint32), 2.0)
    marked = yield from _in_range(volume.at(0), part, limits)
    inside = tuple(one - low for one, low in zip(at, part.low, strict=True))
    seed = (inside[0], inside[1], inside[2])
    if not marked[seed]:
        raise UsageError(
            f"The value at the seed, {float(volume.at(0)[at]):g}, lies outside {limits.words};"
            " choose another point or range."
        )
    found = yield from label_tools.connected(marked, seed, corners=wanted.corners)
    words = f"Grow within {limits.words}"
    return Edit(number, part, found, words, action, over, made="region growing")


def _around(value: float, tolerance: float) -> Range:
    if not math.isfinite(value):
        raise UsageError("The voxel at the seed holds no number; choose another point.")
    return Range(value - tolerance, value + tolerance)


def _reach(volume: Volume, at: tuple[int, int, int], reach: float) -> VoxelBox:
    grid = volume.geometry
    if reach <= 0.0:
        return whole_box(grid.shape)
    by = [int(reach / side) for side in grid.spacing[::-1]]
    low, high = np.subtract(at, by).tolist(), (np.add(at, by) + 1).tolist()
    return VoxelBox((low[0], low[1], low[2]), (high[0], high[1], high[2])).within(grid.shape)


def brain_like(
    volume: Volume,
    number: int,
    wanted: BrainLikeMask | None = None,
    *,
    box: VoxelBox | None = None,
    over: Over = Over.ALL,
) -> Job[Edit]:
    """Return what looks like a brain by classical means; a person has to look at it."""
    grid, how = volume.geometry, wanted or BrainLikeMask()
    part = (box or whole_box(grid.shape)).within(grid.shape)
    check_memory(part.shape, np.dtype(np.float64), 2.0)
    marked = yield from brain_mask(volume.at(0)[part.slices], grid.spacing, how)
    return Edit(number, part, marked, how.title, over=over, made=how.name)


def fill_between(labels: LabelMap, number: int, axis: str = "planes") -> Job[Edit]:
    """Return what lies between marked slices along "planes", "rows" or "columns"."""
    if axis not in AXES:
        raise UsageError(f"Slices follow one another along {', '.join(AXES)}; choose one.")
    box, marked = _own(labels, number)
    made = yield from label_tools.between(marked, labels.geometry.spacing, AXES.index(axis))
    return Edit(number, box, made, "Fill between slices", over=Over.EMPTY, made="interpolation")


def keep_largest(labels: LabelMap, number: int) -> Job[Edit]:
    """Return the largest part of a segment, which is to be all of it."""
    box, marked = _own(labels, number)
    made = yield from label_tools.largest(marked)
    return Edit(number, box, made, "Keep the largest part", Action.REPLACE)


def remove_small(labels: LabelMap, number: int, millilitres: float) -> Job[Edit]:
    """Return the parts of a segment that are at least so large, which are to be all of it."""
    box, marked = _own(labels, number)
    least = math.ceil(millilitres * 1000.0 / labels.geometry.voxel_volume)
    made = yield from label_tools.larger_than(marked, least)
    return Edit(number, box, made, "Remove small parts", Action.REPLACE)


def fill_holes(labels: LabelMap, number: int, *, by_plane: bool = False) -> Job[Edit]:
    """Return a segment with what it encloses, in three dimensions or on each plane by itself."""
    box, marked = _own(labels, number)
    made = yield from label_tools.without_holes(marked, by_plane=by_plane)
    return Edit(number, box, made, "Fill holes")


def smooth(labels: LabelMap, number: int, width: float) -> Job[Edit]:
    """Return a segment with a rounder outline: a Gaussian of `width` mm, cut at one half."""
    room = _ROOM + math.ceil(2.0 * width / min(labels.geometry.spacing))
    box, marked = _own(labels, number, room)
    made = yield from label_tools.smoothed(marked, labels.geometry.spacing, width)
    return Edit(number, box, made, "Smooth", Action.REPLACE)


def _own(labels: LabelMap, number: int, room: int = 0) -> tuple[VoxelBox, Marked]:
    """Return a segment in the box around it. Raises UsageError for an empty one."""
    box = labels.box(number)
    if box is None:
        raise UsageError(_NOTHING)
    box = box.grown(room, labels.geometry.shape)
    return box, labels.marked(number, box)
