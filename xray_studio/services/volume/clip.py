"""Volumes of research formats as clips: their planes as stored, turned as radiologists see them.

Planes are those of the file; only their rows, columns and order are turned round or change places,
so that no value changes. Letters and places are given where the file tells where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.loose_files import made_uid
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.orientation import Orientation, of_cosines
from xray_studio.core.place import FramePlace
from xray_studio.core.playback import Timing, usable_rate
from xray_studio.core.volume.geometry import SKEW, VolumeGeometry
from xray_studio.core.volume.volume import Along
from xray_studio.services.volume.first_window import first_window
from xray_studio.services.volume.reading import read_volume_header
from xray_studio.services.volume.source import VolumeSource
from xray_studio.services.volume.tiff_clip import open_tiff_volume
from xray_studio.volume.formats import Format, format_of, header_beside
from xray_studio.volume.header import VolumeHeader

SEEN: Final = ("PFL", "LFP", "LPH")
"""Where columns, rows and planes of sagittal, coronal and axial planes grow to on the screen."""
_COUNTED: Final = 256 << 20  # bytes of voxels of which those that hold no number are counted
_ASKEW: Final = (
    "Rows and columns are not square to each other: no letters are shown and nothing is measured"
    " in mm."
)


def open_research_volume(path: str) -> Job[Clip]:
    """Return the planes of a volume as a clip, all of a moment before those of the next.

    Raises UnreadableError, UnsupportedError with the reason, UsageError for too little memory.
    """
    yield Progress(0, 0, "Reading headers")
    if format_of(path) is Format.TIFF:
        return (yield from open_tiff_volume(path))
    header = yield from read_volume_header(header_beside(path))
    source = VolumeSource(header, SEEN[header.geometry.axes[2]])
    yield from source.load()
    clip = _clip(header, source)
    return clip if clip.windows else replace(clip, usual=first_window(clip))


def only_volume(paths: Sequence[str]) -> str:
    """Return the path of the one volume that is named. Raises UsageError for several."""
    if len(paths) > 1:
        raise UsageError(
            f"{len(paths)} volumes make no sequence; choose one of them, such as"
            f" {Path(paths[0]).name}."
        )
    return paths[0]


def _clip(header: VolumeHeader, source: VolumeSource) -> Clip:
    grid, kind = source.geometry, source.dtype
    square = abs(float(grid.directions[:, 0] @ grid.directions[:, 1])) <= SKEW
    across, down, _ = grid.spacing
    measured = header.spaced and square
    places = _places(header, grid) if header.placed and square else ()
    return Clip(
        source,
        _timing(header),
        Pixels(8 * kind.itemsize, signed=kind.kind != "u"),
        modality=_modality(header, source),
        windows=header.windows,
        orientation=of_cosines(_cosines(grid)) if places else Orientation(),
        pixel_aspect=down / across,
        acquisition=Acquisition(
            modality=header.modality,
            pixel_spacing=(down, across) if measured else None,
            spacing_meaning="patient" if measured else "",
            transfer_syntax=header.format.value,
            photometric="MONOCHROME2",
            warnings=(
                *header.warnings,
                *(() if square else (_ASKEW,)),
                *_moments_told(header),
                *source.number_warning(_COUNTED),
            ),
        ),
        paths=(header.path,),
        places=places,
        planes=grid.shape[0] if grid.shape[0] > 1 else 0,
    )


def _cosines(grid: VolumeGeometry) -> tuple[float, ...]:
    """Return the directions of rows and columns, as in Image Orientation (Patient)."""
    return tuple(map(float, (*grid.directions[:, 0], *grid.directions[:, 1])))


def _places(header: VolumeHeader, grid: VolumeGeometry) -> tuple[FramePlace, ...]:
    """Return where each frame lies, moment by moment.

    Volumes of one folder that have one grid are taken to lie over each other, others are not: a
    file does not say whose space it is in.
    """
    planes, rows, columns = grid.shape
    across, down, apart = grid.spacing
    corners = grid.points([(0, 0, plane) for plane in range(planes)])
    told = f"{Path(header.path).parent}:{grid.shape}:{np.round(grid.affine, 3).tolist()}"
    space, turned = made_uid(f"grid:{told}"), _cosines(grid)
    along = header.along
    timed = along is not None and along.kind == "time"
    return tuple(
        FramePlace(
            position=(float(x), float(y), float(z)),
            orientation=turned,
            spacing=(down, across),
            thickness=apart,
            moment=along.values[moment] if along is not None and timed else None,
            frame_of_reference=space,
            size=(rows, columns),
        )
        for moment in range(header.moments)
        for x, y, z in corners
    )


def _modality(header: VolumeHeader, source: VolumeSource) -> tuple[Rescale, ...]:
    """Return what leads from stored numbers to values, for each frame where planes differ."""
    found = tuple(Rescale(slope, intercept, header.unit) for slope, intercept in header.scales)
    if len(found) == 1:
        return found
    turned = source.geometry.letters[2] != header.geometry.letters[2]
    return (found[::-1] if turned else found) * header.moments


def _timing(header: VolumeHeader) -> Timing:
    """Return the moments of a volume of one plane; those of several follow no clock as frames."""
    along = header.along
    if along is None or along.kind != "time" or header.shape[1] > 1:
        return Timing()
    times = tuple(value - along.values[0] for value in along.values)
    rate = usable_rate(1.0 / (times[1] - times[0])) if times[1] > times[0] else None
    return Timing(rate, "interval of the file", times) if rate else Timing()


def _moments_told(header: VolumeHeader) -> tuple[str, ...]:
    if header.moments == 1 or header.shape[1] == 1:
        return ()
    along = header.along
    every = f", {_step_words(along)} apart" if along is not None and along.kind == "time" else ""
    order = f"All {header.shape[1]} planes of a moment come before those of the next"
    return (f"{order}; there are {header.moments} moments{every}.",)


def _step_words(along: Along) -> str:
    return f"{along.values[1] - along.values[0]:.4g} {along.unit}"
