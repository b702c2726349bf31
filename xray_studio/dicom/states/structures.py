"""An RT Structure Set with its outlines (PS3.3 A.19). Runs in a worker process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.labels.structures import Structure, StructureSet, numbered
from xray_studio.core.segments import COLOURS
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.geometry import Points
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import integer, items, numbers, text
from xray_studio.dicom.documents.source import code, plain, read_source

STORAGE: Final = "1.2.840.10008.5.1.4.1.1.481.3"
NO_STRUCTURES: Final = "This object is not an RT Structure Set."
DAMAGED: Final = "The structure set is damaged and cannot be read."
_CONTOUR_DATA: Final = 0x30060050
_CLOSED: Final = {"CLOSED_PLANAR", "CLOSEDPLANAR_XOR"}


def read_structures(path: str) -> StructureSet:
    """Return the structure set at `path`. Raises UnreadableError when it is damaged or none."""
    try:
        with lenient_pydicom():
            return _set(read_source(path).dataset)
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(DAMAGED) from error


def _set(dataset: Dataset) -> StructureSet:
    if text(dataset, "SOPClassUID") != STORAGE:
        raise UnreadableError(NO_STRUCTURES)
    lines = {
        integer(item, "ReferencedROINumber"): item for item in items(dataset, "ROIContourSequence")
    }
    seen = {
        integer(item, "ReferencedROINumber"): item
        for item in items(dataset, "RTROIObservationsSequence")
    }
    found = [
        _structure(item, at, lines.get(integer(item, "ROINumber")), seen)
        for at, item in enumerate(items(dataset, "StructureSetROISequence"))
    ]
    if not numbered([one.number for one in found]):  # ROI numbers may be anything
        found = [replace(one, number=at) for at, one in enumerate(found, 1)]
    frames = [text(item, "FrameOfReferenceUID") for item in _referenced(dataset)]
    return StructureSet(
        structures=tuple(found),
        frame_of_reference=frames[0] if frames else text(dataset, "FrameOfReferenceUID"),
        series=tuple(_series(dataset)),
        patient=text(dataset, "PatientID"),
        label=plain(text(dataset, "StructureSetName") or text(dataset, "StructureSetLabel")),
    )


def _structure(
    item: Dataset, at: int, lines: Dataset | None, seen: dict[int | None, Dataset]
) -> Structure:
    number = integer(item, "ROINumber")
    contours = [] if lines is None else items(lines, "ContourSequence")
    closed = [
        points
        for one in contours
        if text(one, "ContourGeometricType").upper() in _CLOSED and len(points := _points(one)) > 2
    ]
    told = seen.get(number, Dataset())
    return Structure(
        number=at + 1 if number is None else number,
        name=plain(text(item, "ROIName")) or f"Structure {at + 1}",
        colour=_colour(lines, at),
        outlines=tuple(closed),
        code=code(told, "RTROIIdentificationCodeSequence"),
        made=plain(text(item, "ROIGenerationDescription")),
        others=len(contours) - len(closed),
    )


def _colour(lines: Dataset | None, at: int) -> Colour:
    told = numbers(lines, "ROIDisplayColor") if lines is not None else ()
    if len(told) != 3 or not all(0 <= part <= 255 for part in told):
        return COLOURS[at % len(COLOURS)]
    red, green, blue = (int(part) for part in told)
    return red, green, blue


def _points(contour: Dataset) -> Points:
    """Return the points of an outline, (points, 3).

    A set of many slices has a million numbers, so pydicom's objects for each are not made.
    """
    data: Any = contour.get_item(_CONTOUR_DATA) if _CONTOUR_DATA in contour else None
    if isinstance(data, RawDataElement):
        told = (data.value or b"").rstrip(b" \0")
        found = np.array(told.split(b"\\") if told else [], float)
    else:
        found = np.array(numbers(contour, "ContourData"), float)
    if found.size % 3 or not np.isfinite(found).all():
        raise UnreadableError(DAMAGED)
    return found.reshape(-1, 3)


def _referenced(dataset: Dataset) -> list[Dataset]:
    return list(items(dataset, "ReferencedFrameOfReferenceSequence"))


def _series(dataset: Dataset) -> Iterator[str]:
    for frame in _referenced(dataset):
        for study in items(frame, "RTReferencedStudySequence"):
            for series in items(study, "RTReferencedSeriesSequence"):
                yield text(series, "SeriesInstanceUID")
