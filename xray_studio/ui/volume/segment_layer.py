"""Segments as a layer over a plane of the volume: each pixel as the voxel that it lies in."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from xray_studio.core.labels.edits import Over
from xray_studio.core.labels.label_map import Labels, LabelSegment
from xray_studio.core.labels.on_plane import PlaneVoxels, voxels_on
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane
from xray_studio.services.segmenting.tools import Range
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.viewer.layer import Layer
from xray_studio.ui.volume.painting import Painting
from xray_studio.ui.volume.seen import cut_of

if TYPE_CHECKING:  # it holds a Painting
    from xray_studio.ui.volume.look import VolumeLook

Pixels: TypeAlias = npt.NDArray[np.uint32]  # of _FORMAT
FINEST: Final = 3  # pixels across one of the frame, so that outlines stay thin
MOST: Final = 1536  # pixels of the longer side of what is drawn finer than the frame
PREVIEW: Final = 0.35  # opacity of what a range would mark
_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied
_LABELS: Final = 65_536


def segment_layer(look: VolumeLook | None, shown: FrameAnswer, scale: float) -> Layer | None:
    """Return segments as they lie over the picture on screen, None where there are none.

    `scale` are device pixels for each pixel of the frame.
    """
    painting = None if look is None else look.painting
    plane = cut_of(shown.request.clip, shown.request.index)
    if painting is None or plane is None:
        return None
    drawn, wanted = painting.drawn, _wanted(painting)
    if not painting.told.segments and wanted is None:
        return None
    fine = fineness(plane.size, scale)
    shows = drawn, painting.told, wanted, painting.chosen, painting.hand.over
    key = (painting.work, painting.version, plane, shows, fine, shown.stored is None)
    make = partial(_image, painting, plane, shown, fine)
    return Layer(key, make, 1.0, returns=False)


def fineness(size: tuple[int, int], scale: float) -> int:
    """Return how many pixels are drawn across one of a frame of (rows, columns)."""
    return max(1, min(round(scale), FINEST, MOST // max(size)))


def _wanted(painting: Painting) -> Range | None:
    """Return the range whose effect is shown."""
    return painting.hand.range if painting.drawn.preview else None


def _image(painting: Painting, plane: Plane, shown: FrameAnswer, fine: int) -> QImage:
    grid = painting.work.labels.geometry
    labels = _voxels(grid, plane).of(painting.work.labels.values)
    areas, lines = tables(painting.told.segments, painting.drawn.hidden, painting.drawn.opacity)
    pixels = pixels_of(labels, areas, lines if painting.drawn.outlined else None, fine)
    wanted, current = _wanted(painting), painting.current
    if wanted is not None and shown.stored is not None and shown.stored.shape == plane.size:
        colour = (0xFF, 0xFF, 0xFF) if current is None else current.colour
        taken = labels != 0 if painting.hand.over is Over.EMPTY else labels == painting.chosen
        marked = wanted.holds(shown.stored) & ~np.asarray(taken)
        pixels[marked.repeat(fine, 0).repeat(fine, 1)] = _pixel(colour, PREVIEW)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, 4 * columns, _FORMAT).copy()  # the numbers go


@lru_cache(maxsize=6)
def _voxels(grid: VolumeGeometry, plane: Plane) -> PlaneVoxels:
    """Return which voxels a plane shows, kept while labels change under it."""
    return voxels_on(grid, plane)


def tables(
    segments: tuple[LabelSegment, ...], hidden: frozenset[int], opacity: float
) -> tuple[Pixels, Pixels]:
    """Return the pixels of areas and of outlines by the number of a segment."""
    most = max((one.number for one in segments), default=0)
    areas, lines = np.zeros(most + 1, np.uint32), np.zeros(most + 1, np.uint32)
    for one in segments:
        if one.number not in hidden:
            areas[one.number] = _pixel(one.colour, opacity)
            lines[one.number] = _pixel(one.colour, 1.0)
    return areas, lines


def pixels_of(labels: Labels, areas: Pixels, lines: Pixels | None, fine: int = 1) -> Pixels:
    """Return labels (rows, columns) as pixels, each drawn `fine` times as wide and high."""
    pixels = np.zeros((labels.shape[0] * fine, labels.shape[1] * fine), np.uint32)
    rows, columns = (_ends(np.asarray(labels.any(axis=axis))) for axis in (1, 0))
    own = labels[rows, columns].repeat(fine, 0).repeat(fine, 1)
    place = pixels[_finer(rows, fine), _finer(columns, fine)]
    place[:] = areas[own]
    if lines is not None:
        edges = _edges(own)
        place[edges] = lines[own[edges]]
    return pixels


def _ends(line: npt.NDArray[np.bool_]) -> slice:
    """Return from where to where anything lies, with a border where there is room."""
    there = np.flatnonzero(line)
    if not there.size:
        return slice(0, 0)
    return slice(max(0, int(there[0]) - 1), int(there[-1]) + 2)


def _finer(part: slice, fine: int) -> slice:
    return slice(part.start * fine, part.stop * fine)


def _edges(labels: Labels) -> npt.NDArray[np.bool_]:
    """Return the pixels beside which another label lies."""
    edges = np.zeros(labels.shape, bool)
    across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    edges[:, 1:] |= across
    edges[:, :-1] |= across
    edges[1:] |= down
    edges[:-1] |= down
    return edges


def _pixel(colour: Colour, opacity: float) -> int:
    red, green, blue = (round(part * opacity) for part in colour)
    return round(255 * opacity) << 24 | red << 16 | green << 8 | blue
