"""Label maps over a volume, read from files: DICOM segmentations, structure sets, voxels."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.frames import map_of_segmentation
from xray_studio.core.labels.label_map import MOST, LabelMap, LabelSegment
from xray_studio.core.labels.structures import StructureSet, map_of_structures
from xray_studio.core.labels.words import segments_of_words
from xray_studio.core.segments import COLOURS
from xray_studio.core.volume.geometry import reoriented
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import time_for
from xray_studio.services.decoding import awaited
from xray_studio.services.segmentations import read_segmentation
from xray_studio.services.volume.case_files import case_in
from xray_studio.services.volume.reading import read_volume_header, volume_of_header
from xray_studio.volume.formats import header_beside, volume_format

_STRUCTURES: Final = "xray_studio.dicom.states.structures:read_structures"
_SECONDS, _BYTES_A_SECOND = 60.0, 2_000_000
_APART: Final = 1e-2  # mm between voxels of a label map and those of its volume
_OTHER_PATIENT: Final = "{} is of another patient than the volume; it is not opened."
_OTHER_FRAME: Final = (
    "{} lies in another frame of reference than the volume; open the series that it was made of."
)
_NO_LABELS: Final = "{} holds no label map: its values are no whole numbers from 0 to 65,535."
_OTHER_GRID: Final = (
    "{} lies on another grid than the volume; open the volume that it was made of, or resample it"
    " with its nearest values."
)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A label map over a volume, and what is to be known of it."""

    labels: LabelMap
    notes: tuple[str, ...] = ()


def open_segments(path: str | os.PathLike[str], volume: Volume) -> Job[Opened]:
    """Return the label map in a file, over the volume that it was made of.

    Raises UnreadableError where the file is damaged or holds none, UsageError where it is of
    another patient or lies elsewhere than the volume.
    """
    name = Path(path)
    one = volume.single("Segmentation")
    if name.is_file() and volume_format(header_beside(os.fspath(name))) is not None:
        return (yield from _voxels(name, one))
    try:
        found = yield from map_in_segmentation(name, one)
    except UnreadableError as error:
        if not _is_no_segmentation(error):
            raise
        found = yield from map_in_structures(name, one)
    return found


def _is_no_segmentation(error: UnreadableError) -> bool:
    from xray_studio.dicom.states.segmentation import NO_SEGMENTATION

    return str(error) == NO_SEGMENTATION


def map_in_segmentation(path: Path, volume: Volume) -> Job[Opened]:
    """Return the label map in a DICOM segmentation."""
    found = yield from read_segmentation(path)
    places = [frame.place for frame in found.frames if frame.place is not None]
    frame = places[0].frame_of_reference if places else ""
    _check(path.name, found.patient, frame, volume)
    labels, notes = map_of_segmentation(found, volume.geometry, volume.origins)
    return Opened(labels, (*found.warnings, *notes))


def map_in_structures(path: Path, volume: Volume) -> Job[Opened]:
    """Return the label map in an RT Structure Set."""
    name = os.fspath(path)
    limit = time_for([name], _SECONDS, _BYTES_A_SECOND)
    future: Future[StructureSet] = run_apart(
        _STRUCTURES, name, priority=Priority.BATCH, time_limit=limit
    )
    found = yield from awaited(future, Progress(message="Reading structures"))
    _check(path.name, found.patient, found.frame_of_reference, volume)
    labels, notes = map_of_structures(found, volume.geometry)
    return Opened(labels, notes)


def _check(name: str, patient: str, frame: str, volume: Volume) -> None:
    """Raise UsageError for what is of another patient or place."""
    if len({patient, volume.identity.patient_id} - {""}) > 1:
        raise UsageError(_OTHER_PATIENT.format(name))
    if len({frame, volume.frame_of_reference} - {""}) > 1:
        raise UsageError(_OTHER_FRAME.format(name))


def _voxels(path: Path, volume: Volume) -> Job[Opened]:
    """Return a label map of voxels, in the order of those of its volume."""
    yield Progress(message="Reading labels")
    header = header_beside(os.fspath(path))
    told = yield from read_volume_header(header)
    found = (yield from volume_of_header(told)).single("A label map")
    values, grid = reoriented(found.values, found.geometry, volume.geometry.letters)
    if not grid.lies_as(volume.geometry, _APART):
        raise UsageError(_OTHER_GRID.format(path.name))
    numbers = _numbers(values)
    if numbers is None:
        raise UnreadableError(_NO_LABELS.format(path.name))
    wide = np.uint8 if not numbers or max(numbers) < 256 else np.uint16
    labels = LabelMap(volume.geometry, np.array(values, wide, order="C"))
    named = {one.number: one for one in segments_of_words(dict(found.label_words))}
    known = [*named, *(number for number in numbers if number not in named)]
    meant = _names_beside(path)
    labels.segments = tuple(named.get(number) or _unnamed(number, meant) for number in known)
    return Opened(labels)


def _numbers(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> list[int] | None:
    """Return the labels above 0 that there are, None where values are no labels."""
    seen: set[int] = set()
    for plane in values:
        here = np.unique(plane).tolist()
        if not all(0 <= each <= MOST and float(each).is_integer() for each in here):
            return None
        seen.update(int(each) for each in here if each)
    return sorted(seen)


def _names_beside(path: Path) -> dict[int, str]:
    """Return what numbers mean in the map of a case (BraTS), told by the names of its files."""
    files = case_in(path.parent)
    return files.names if files is not None and files.labels == path.name else {}


def _unnamed(number: int, meant: dict[int, str]) -> LabelSegment:
    name = meant.get(number, f"Segment {number}")
    return LabelSegment(number, name, COLOURS[(number - 1) % len(COLOURS)])
