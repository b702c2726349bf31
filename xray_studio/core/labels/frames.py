"""The frames of a segmentation object as a label map over a volume. Pure."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.labels.box import Marked
from xray_studio.core.labels.kinds import TISSUE
from xray_studio.core.labels.label_map import LabelMap, Labels, LabelSegment, empty_map
from xray_studio.core.labels.structures import overlap_words
from xray_studio.core.place import FramePlace
from xray_studio.core.segments import Segment, Segmentation, SegmentFrame, unpack_levels
from xray_studio.core.volume.geometry import Points, VolumeGeometry

_APART: Final = 0.1  # of a voxel that the middle of a pixel may lie from that of its voxel
_FAR: Final = 1e9  # voxels: beyond that is no number
_HALF: Final = 128  # of 255: what is marked at least so much counts
_ELSEWHERE: Final = (
    "The segmentation {} lies on another grid than this volume; open the series that it was made"
    " of."
)


def map_of_segmentation(
    found: Segmentation, grid: VolumeGeometry, origins: tuple[tuple[str, int], ...] = ()
) -> tuple[LabelMap, tuple[str, ...]]:
    """Return what a segmentation marks of a volume, and what is to be known of it.

    Frames lie where they say, else on the images (`origins`, as those of a volume) that they were
    made of. Where segments overlap, voxels are the later one's. Raises UsageError where frames lie
    on other voxels.
    """
    labels, lost = empty_map(grid), 0
    planes = {origin: plane for plane, origin in enumerate(origins) if origin[0]}
    for frame in found.frames:
        if not frame.pixels:
            continue
        marked = unpack_levels(frame.levels, (found.rows, found.columns)) >= _HALF
        labels.make_room(frame.segment)
        plane = _plane(frame, marked, grid, planes)
        if plane is not None:
            lost += _put(labels.values[plane], marked, frame.segment)
            continue
        at = _voxels(frame, marked, grid)
        if at is None:
            raise UsageError(_ELSEWHERE.format(found.name))
        lost += _put(labels.values, at, frame.segment)
    labels.segments = tuple(_segment(one) for one in found.segments)
    said = overlap_words(lost)
    if found.kind == "FRACTIONAL":
        said = (*said, "The segmentation is fractional; what is marked half or more is taken.")
    return labels, said


def _segment(one: Segment) -> LabelSegment:
    _, _, made = one.algorithm.partition(", ")
    return LabelSegment(
        one.number,
        one.name,
        one.colour,
        one.category if one.category.value else TISSUE,
        one.kind if one.kind.value else TISSUE,
        made=made,
    )


def _put(values: Labels, at: Any, number: int) -> int:
    """Give voxels a number, and return how many of them had another one."""
    old = values[at]
    values[at] = number
    return int(np.count_nonzero((old != 0) & (old != number)))


def _plane(
    frame: SegmentFrame,
    marked: Marked,
    grid: VolumeGeometry,
    planes: dict[tuple[str, int], int],
) -> int | None:
    """Return the plane of voxels whose middles those of the pixels are, None where they are not."""
    if marked.shape != grid.shape[1:]:
        return None
    if frame.place is None or frame.place.position is None:
        images = [(one.sop_instance_uid, (one.frames or (1,))[0]) for one in frame.images]
        return next((planes[image] for image in images if image in planes), None)
    found = _steps(frame.place, grid)
    if found is None:
        return None
    first, steps = found
    plane = round(float(first[2]))
    rows, columns = marked.shape
    moved = np.abs(first - (0, 0, plane)) + np.abs(steps - np.eye(3, 2)) @ (columns, rows)
    return plane if moved.max() <= _APART and 0 <= plane < grid.shape[0] else None


def _voxels(
    frame: SegmentFrame, marked: Marked, grid: VolumeGeometry
) -> tuple[npt.NDArray[np.intp], ...] | None:
    """Return the voxels that are marked, (plane, row, column), None where there are none such."""
    found = None if frame.place is None else _steps(frame.place, grid)
    if found is None:
        return None
    first, steps = found
    rows, columns = np.nonzero(marked)
    at = [first[axis] + steps[axis, 0] * columns + steps[axis, 1] * rows for axis in (2, 1, 0)]
    numbers = [np.rint(np.clip(each, -_FAR, _FAR)).astype(np.intp) for each in at]
    for each, number, size in zip(at, numbers, grid.shape, strict=True):
        if np.abs(each - number).max() > _APART or number.min() < 0 or number.max() >= size:
            return None
    return tuple(numbers)


def _steps(place: FramePlace, grid: VolumeGeometry) -> tuple[Points, Points] | None:
    """Return the (column, row, plane) of a frame's first pixel, and the ways to the next (3, 2)."""
    if place.position is None or place.orientation is None or place.spacing is None:
        return None
    right = np.asarray(place.orientation[:3]) * place.spacing[1]
    down = np.asarray(place.orientation[3:]) * place.spacing[0]
    steps = np.linalg.solve(grid.affine[:3, :3], np.column_stack([right, down]))
    return grid.indices([place.position])[0], np.asarray(steps)
