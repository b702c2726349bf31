"""What looks like a brain in a head, by brightness and connection alone.

Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man,
and Cybernetics, 1979; Hoehne and Hanson, "Interactive 3D segmentation of MRI and CT volumes using
morphological operations", Journal of Computer Assisted Tomography, 1992. Nothing here was learned.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job
from xray_studio.core.labels.box import Marked, box_of
from xray_studio.core.place import Vector
from xray_studio.core.volume.filters import BrainLikeMask
from xray_studio.core.volume.volume import Voxels
from xray_studio.volume import label_tools
from xray_studio.volume.itk_images import itk
from xray_studio.volume.running import executed

_ENDS: Final = (1.0, 99.0)  # percentiles that the histogram goes between: vessels are very bright
_LEVELS: Final = 256
_NOTHING: Final = (
    "Nothing in the volume is wide enough to look like a brain; choose a smaller cut, or correct"
    " the brightness first (n4)."
)


def brain_like(values: Voxels, spacing: Vector, wanted: BrainLikeMask) -> Job[Marked]:
    """Return what looks like a brain in values (planes, rows, columns).

    `spacing` is (column, row, plane) in mm. Raises UnsupportedError where nothing does.
    """
    bright = values > threshold(values)
    depth = yield from _distance(~bright, spacing, "Cutting bridges")
    core = depth > wanted.cut
    if not core.any():
        raise UnsupportedError(_NOTHING)
    core = yield from label_tools.largest(core)
    away = yield from _distance(core, spacing, "Growing back")
    found = bright & (away <= wanted.cut)
    found = yield from label_tools.largest(found)
    if wanted.closing > 0.0:
        found = yield from _closed(found, spacing, wanted.closing)
    return (yield from label_tools.without_holes(found))


def threshold(values: Voxels) -> float:
    """Return the value that parts dark from bright best (Otsu)."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values.ravel()
    if not finite.size:
        raise UnsupportedError(_NOTHING)
    low, high = (float(end) for end in np.percentile(finite, _ENDS))
    if not high > low:
        raise UnsupportedError(_NOTHING)
    counts, edges = np.histogram(np.clip(finite, low, high), _LEVELS)
    middles = (edges[1:] + edges[:-1]) / 2.0
    below = np.cumsum(counts)[:-1]
    above = below[-1] + counts[-1] - below
    sums = np.cumsum(counts * middles)
    dark = sums[:-1] / np.maximum(below, 1)
    light = (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    return float(edges[1 + int(np.argmax(below * above * (light - dark) ** 2))])


def _closed(marked: Marked, spacing: Vector, width: float) -> Job[Marked]:
    """Return what is marked, with furrows to twice a width closed, in a box with room for it."""
    room = [int(np.ceil(width / side)) + 2 for side in spacing[::-1]]
    box = box_of(marked)
    assert box is not None
    inner = np.pad(marked[box.slices], [(side, side) for side in room])
    away = yield from _distance(inner, spacing, "Closing furrows")
    depth = yield from _distance(away > width, spacing, "Closing furrows")
    cut = tuple(slice(side, -side) for side in room)
    made = marked.copy()
    made[box.slices] |= (depth > width)[cut]
    return made


def _distance(marked: Marked, spacing: Vector, message: str) -> Job[Any]:
    """Return how far voxels are from the nearest that is marked, in mm, 0 within."""
    image = itk().GetImageFromArray(marked.view(np.uint8))
    image.SetSpacing(spacing)
    step = itk().SignedMaurerDistanceMapImageFilter()
    step.SetInsideIsPositive(False)
    step.SetSquaredDistance(False)
    step.SetUseImageSpacing(True)
    found = yield from executed(step, message, image)
    return np.maximum(itk().GetArrayFromImage(found), 0.0)
