"""Voxels that belong together, found by ITK: growing, islands, holes, smoothing, between slices.

All work on what is marked, (planes, rows, columns), and say how far they are; closing the job stops
them. Raya and Udupa, "Shape-based interpolation of multidimensional objects", IEEE Transactions on
Medical Imaging, 1990; Maurer, Qi and Raghavan, "A linear time algorithm for computing exact
Euclidean distance transforms", IEEE Transactions on Pattern Analysis, 2003.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.box import Marked, box_of
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import Shape
from xray_studio.volume.itk_images import itk
from xray_studio.volume.running import executed

_GROWING: Final = "Growing the region"
_BETWEEN: Final = "Filling between slices"


def connected(marked: Marked, seed: Shape, *, corners: bool = False) -> Job[Marked]:
    """Return what of `marked` is joined with the voxel `seed`, nothing where that is not marked.

    Voxels are joined by their faces, with `corners` by their edges and corners too.
    """
    if not marked[seed]:
        return np.zeros_like(marked)
    image = yield from _islands(marked, _GROWING, corners=corners)
    numbers = itk().GetArrayViewFromImage(image)
    return np.asarray(numbers == numbers[seed])


def largest(marked: Marked) -> Job[Marked]:
    """Return the largest part of `marked`, joined by faces."""
    image = yield from _islands(marked, "Finding the largest part")
    numbers = itk().GetArrayViewFromImage(image)
    return np.asarray(numbers == _sizes(numbers).argmax())


def larger_than(marked: Marked, voxels: int) -> Job[Marked]:
    """Return the parts of `marked` that have at least so many voxels."""
    image = yield from _islands(marked, "Removing small parts")
    numbers = itk().GetArrayViewFromImage(image)
    kept = _sizes(numbers) >= max(1, voxels)
    return np.asarray(kept[numbers])


def _islands(marked: Marked, message: str, *, corners: bool = False) -> Job[Any]:
    """Return an image with a number for every part of `marked`, 0 outside."""
    step = itk().ConnectedComponentImageFilter()
    step.SetFullyConnected(corners)
    image = yield from executed(step, message, _image(marked))
    return image


def _sizes(numbers: Any) -> Any:
    """Return the voxels of every part, of what is outside 0; a plane at a time: little memory."""
    count = int(numbers.max()) + 1
    sizes = np.zeros(count, np.int64)
    for plane in numbers:
        sizes += np.bincount(plane.ravel(), minlength=count)
    sizes[0] = 0
    return sizes


def without_holes(marked: Marked, *, by_plane: bool = False) -> Job[Marked]:
    """Return `marked` with what it encloses: in three dimensions, or on every plane by itself."""
    message = "Filling holes"
    if not by_plane:
        return (yield from _filled(marked, message))
    made = marked.copy()
    for plane in range(len(marked)):
        yield Progress(plane, len(marked), message)
        if marked[plane].any():
            made[plane] = yield from _filled(marked[plane], message)
    return made


def _filled(marked: Marked, message: str) -> Job[Marked]:
    # Without room around it, what a mask and the edge of its box enclose would be filled too.
    image = yield from executed(
        itk().BinaryFillholeImageFilter(), message, _image(np.pad(marked, 1))
    )
    return _marked(image)[(slice(1, -1),) * marked.ndim]


def smoothed(marked: Marked, spacing: Vector, width: float) -> Job[Marked]:
    """Return `marked` with a rounder outline: a Gaussian of `width` mm (sigma), cut at one half.

    `spacing` is (column, row, plane) in mm. Parts thinner than the width go away.
    """
    if not width > 0.0:
        raise UsageError("The width of smoothing is above 0 mm.")
    if min(marked.shape) < 4:  # what ITK's recursive filter needs along every side
        room = tuple((0, max(0, 4 - side)) for side in marked.shape)
        made = yield from smoothed(np.pad(marked, room, mode="edge"), spacing, width)
        return made[tuple(slice(0, side) for side in marked.shape)]
    image = itk().GetImageFromArray(marked.astype(np.float32))
    image.SetSpacing(spacing)
    step = itk().SmoothingRecursiveGaussianImageFilter()
    step.SetSigma(width)
    made = yield from executed(step, "Smoothing the segment", image)
    return np.asarray(itk().GetArrayViewFromImage(made) >= 0.5)


def between(marked: Marked, spacing: Vector, axis: int) -> Job[Marked]:
    """Return what lies between marked slices along an axis (0 planes, 1 rows, 2 columns).

    Signed distances to the outlines are mixed between each two marked slices with empty ones
    between them. Outlines that share no pixel are laid over one another first, by their centres, so
    that a vessel that runs askew is not torn. Raises UsageError where nothing lies between.
    """
    along = np.moveaxis(marked, axis, 0)
    there = np.flatnonzero(along.any(axis=(1, 2)))
    gaps = [(int(a), int(b)) for a, b in pairwise(there) if b - a > 1]
    if not gaps:
        raise UsageError(
            "There is nothing to fill; mark at least two slices with empty ones between them."
        )
    sides = [spacing[2 - each] for each in range(3) if each != axis]  # of rows, columns
    made = np.zeros_like(along)
    for done, (first, last) in enumerate(gaps):
        yield Progress(done, len(gaps), _BETWEEN)
        box = _around(along[first] | along[last])
        made[first + 1 : last, *box] = _mixed(
            along[first][box], along[last][box], last - first, (sides[0], sides[1])
        )
    return np.moveaxis(made, 0, axis)


def _around(marked: Marked) -> tuple[slice, slice]:
    """Return the box of a slice in which all between lies, with a border where there is room."""
    box = box_of(marked[None])
    assert box is not None
    _, rows, columns = box.grown(1, (1, *marked.shape)).slices
    return rows, columns


def _mixed(one: Marked, other: Marked, steps: int, sides: tuple[float, float]) -> Marked:
    """Return the outlines on the way from one slice to another, (steps - 1, rows, columns)."""
    made = np.zeros((steps - 1, *one.shape), bool)
    apart = not (one & other).any()
    way = _middle(other) - _middle(one) if apart else np.zeros(2)
    depths = None if apart else (_depth(one, sides), _depth(other, sides))
    for number in range(1, steps):
        share = number / steps
        here, there = depths or (
            _depth(_moved(one, way * share), sides),
            _depth(_moved(other, way * (share - 1.0)), sides),
        )
        made[number - 1] = (1.0 - share) * here + share * there >= 0.0
    return made


def _middle(mask: Marked) -> Any:
    return np.argwhere(mask).mean(axis=0)


def _moved(mask: Marked, by: Any) -> Marked:
    made = np.zeros_like(mask)
    to = np.argwhere(mask) + np.rint(by).astype(int)
    to = to[((to >= 0) & (to < mask.shape)).all(axis=1)]
    made[tuple(to.T)] = True
    return made


def _depth(mask: Marked, sides: tuple[float, float]) -> Any:
    """Return how deep pixels lie within the outline, in mm, below 0 outside.

    The outline runs half a pixel from the middles of those on both its sides.
    """
    room, half = np.pad(mask, 1), min(sides) / 2.0
    depth = np.where(room, _distance(~room, sides) - half, half - _distance(room, sides))
    return depth[1:-1, 1:-1]


def _distance(mask: Marked, sides: tuple[float, float]) -> Any:
    """Return how far pixels outside a mask are from it, in mm, 0 inside."""
    image = _image(mask)
    image.SetSpacing(sides[::-1])
    found = itk().SignedMaurerDistanceMap(image, insideIsPositive=False, squaredDistance=False,
                                          useImageSpacing=True)  # fmt: skip
    return np.maximum(itk().GetArrayFromImage(found), 0.0)


def _image(marked: Marked) -> Any:
    return itk().GetImageFromArray(np.ascontiguousarray(marked).view(np.uint8))


def _marked(image: Any) -> Marked:
    return np.asarray(itk().GetArrayFromImage(image) != 0)
