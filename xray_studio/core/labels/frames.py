"""The frames of a segmentation object as a label map over a volume. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.labels.box import Marked
from xray_studio.core.labels.kinds import TISSUE
from xray_studio.core.labels.label_map import LabelMap, LabelSegment, empty_map
from xray_studio.core.labels.structures import overlap_words
from xray_studio.core.place import FramePlace
from xray_studio.core.segments import Segment, Segmentation, SegmentFrame, unpack_levels
from xray_studio.core.volume.geometry import VolumeGeometry

_APART: Final = 0.1  # of a voxel that the middle of a pixel may lie from that of its voxel
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
        at = _voxels(frame, marked, grid, planes)
        if at is None:
            raise UsageError(_ELSEWHERE.format(found.name))
        labels.make_room(frame.segment)
        old = labels.values[at]
        lost += int(np.count_nonzero((old != 0) & (old != frame.segment)))
        labels.values[at] = frame.segment
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


def _voxels(
    frame: SegmentFrame,
    marked: Marked,
    grid: VolumeGeometry,
    planes: dict[tuple[str, int], int],
) -> tuple[npt.NDArray[np.intp], ...] | None:
    """Return the voxels that are marked, (plane, row, column), None where there are none such."""
    rows, columns = np.nonzero(marked)
    if frame.place is not None and frame.place.position is not None:
        return _placed(frame.place, rows, columns, grid)
    for image in frame.images:
        plane = planes.get((image.sop_instance_uid, (image.frames or (1,))[0]))
        if plane is not None and marked.shape == grid.shape[1:]:
            return np.full(len(rows), plane), rows, columns
    return None


def _placed(
    place: FramePlace,
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    grid: VolumeGeometry,
) -> tuple[npt.NDArray[np.intp], ...] | None:
    if place.position is None or place.orientation is None or place.spacing is None:
        return None
    right = np.asarray(place.orientation[:3]) * place.spacing[1]
    down = np.asarray(place.orientation[3:]) * place.spacing[0]
    steps = np.linalg.solve(grid.affine[:3, :3], np.column_stack([right, down]))
    first = grid.indices([place.position])[0]
    at = [first[axis] + steps[axis, 0] * columns + steps[axis, 1] * rows for axis in (2, 1, 0)]
    numbers = [np.rint(each).astype(np.intp) for each in at]
    for each, number, size in zip(at, numbers, grid.shape, strict=True):
        if np.abs(each - number).max() > _APART or number.min() < 0 or number.max() >= size:
            return None
    return tuple(numbers)
