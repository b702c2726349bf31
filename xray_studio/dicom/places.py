"""Where and when the frames of DICOM objects were taken, read in worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from pydicom.dataset import Dataset

from xray_studio.core.errors import StudioError
from xray_studio.core.place import FramePlace, Vector
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.attributes.dataset import lenient_pydicom, read_header
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.timing import CONTENT, moment_of
from xray_studio.dicom.attributes.values import integer, number, numbers, text
from xray_studio.dicom.file.opening import reading_time

BATCH = 16
_TIMES = ("Acquisition", "Content")


def request_places(paths: Sequence[str]) -> list[Future[list[tuple[FramePlace, ...]]]]:
    """Return the places of the frames of each object, in batches, as futures.

    An object that cannot be read has none.
    """
    batches = [tuple(paths[i : i + BATCH]) for i in range(0, len(paths), BATCH)]
    return [
        run_apart(read_places, batch, priority=Priority.BATCH, time_limit=reading_time(batch))
        for batch in batches
    ]


def read_places(paths: tuple[str, ...]) -> list[tuple[FramePlace, ...]]:
    """Return the places of the frames of each object. Runs in a worker process."""
    return [_of_object(path) for path in paths]


def _of_object(path: str) -> tuple[FramePlace, ...]:
    try:
        dataset = read_header(path).dataset
    except StudioError:
        return ()
    with lenient_pydicom():
        groups = Groups.of(dataset)
        frames = max(1, len(groups.per_frame) or int(number(dataset, "NumberOfFrames") or 1))
        return tuple(place_of(groups, frame) for frame in range(frames))


def read_frame_places(groups: Groups, frames: int) -> tuple[FramePlace, ...]:
    """Return where each frame of an object lies, () where it does not tell that of any."""
    if _position(groups, 0) is None:
        return ()
    return tuple(place_of(groups, frame) for frame in range(frames))


def place_of(groups: Groups, frame: int) -> FramePlace:
    """Return the place of frame `frame`, from 0, of an object."""
    measures = groups.macro("PixelMeasuresSequence", frame)
    spacing = numbers(measures, "PixelSpacing")[:2]
    orientation = numbers(
        groups.macro("PlaneOrientationSequence", frame), "ImageOrientationPatient"
    )
    return FramePlace(
        position=_position(groups, frame),
        orientation=orientation if len(orientation) == 6 else None,
        spacing=(spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None,
        thickness=_positive(
            number(measures, "SpacingBetweenSlices") or number(measures, "SliceThickness")
        ),
        moment=_moment(groups, frame),
        frame_of_reference=text(groups.dataset, "FrameOfReferenceUID"),
        size=_size(groups.dataset),
    )


def _position(groups: Groups, frame: int) -> Vector | None:
    """Return the position of a frame; that of a whole cine does not tell where each one lies."""
    macro = groups.macro("PlanePositionSequence", frame)
    if macro is groups.dataset and (number(macro, "NumberOfFrames") or 1) > 1:
        return None
    found = numbers(macro, "ImagePositionPatient")
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _size(dataset: Dataset) -> tuple[int, int] | None:
    rows, columns = integer(dataset, "Rows"), integer(dataset, "Columns")
    return (rows, columns) if rows and columns else None


def _positive(size: float | None) -> float | None:
    return size if size is not None and size > 0.0 else None


def _moment(groups: Groups, frame: int) -> float | None:
    """Return when a frame was acquired: of its own, else of the object."""
    own = text(groups.macro(CONTENT, frame), "FrameAcquisitionDateTime")
    if own:
        return moment_of(own)
    dataset = groups.dataset
    stamps = [text(dataset, "AcquisitionDateTime")]
    stamps += [text(dataset, f"{what}Date") + text(dataset, f"{what}Time") for what in _TIMES]
    return next((at for at in map(moment_of, stamps) if at is not None), None)
