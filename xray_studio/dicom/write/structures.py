"""Segments over a volume as an RT Structure Set (PS3.3 A.19): closed outlines on its slices.

Holes are joined with the outline around them by a channel of no width, the keyhole of C.8.8.6.3,
so that every outline is CLOSED_PLANAR, which all readers know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ImplicitVRLittleEndian, RTStructureSetStorage

from xray_studio.core.labels.label_map import LabelSegment
from xray_studio.core.labels.outlines import Line, Outline
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.write.derived import new_uid, rooted
from xray_studio.dicom.write.headers import beside, read_header, several_frames
from xray_studio.dicom.write.labels import LabelOrder, name_of, written
from xray_studio.dicom.write.objects import MAKER, coded, reference, save

SERIES_NUMBER: Final = 9007
_CONTOUR_DATA: Final = 0x30060050
# Detached Study Management, retired, which the standard still asks for (C.8.8.5).
_STUDY_CLASS: Final = "1.2.840.10008.3.1.2.3.1"


def write_structures(path: Path, order: LabelOrder, lines: Mapping[int, Sequence[Line]]) -> str:
    """Write outlines for their owner alone, and return the SOP Instance UID.

    `lines` are those of every segment by its number. Raises UnreadableError for a source that is
    gone, WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        header = read_header(order.source)
        made = beside(
            str(RTStructureSetStorage), [header], "RTSTRUCT", SERIES_NUMBER, order.title[:64]
        )
        # Explicit representations hold 64 KB of contour data, about 2,000 points.
        made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        made.ManufacturerModelName, made.OperatorsName = MAKER, ""
        frame = order.frame_of_reference or new_uid()
        made.FrameOfReferenceUID, made.PositionReferenceIndicator = UID(frame), ""
        _structure_set(made, order, header, frame)
        made.ROIContourSequence = Items(
            [
                _roi_contour(order, one, lines.get(one.number, ()), header)
                for one in order.labels.segments
            ]
        )
        made.RTROIObservationsSequence = Items([_observation(one) for one in order.labels.segments])
        made.ApprovalStatus = "UNAPPROVED"
        return save(made, path, lambda: [(header, "")], private=True)


def _structure_set(made: FileDataset, order: LabelOrder, header: Dataset, frame: str) -> None:
    made.StructureSetLabel = "SEGMENTS"
    made.StructureSetName = order.title[:64]
    made.StructureSetDate = f"{order.made:%Y%m%d}"
    made.StructureSetTime = f"{order.made:%H%M%S}"
    series, study, referenced = Dataset(), Dataset(), Dataset()
    series.SeriesInstanceUID = header.SeriesInstanceUID
    series.ContourImageSequence = Items(
        [_image(order, header, plane) for plane, (uid, _) in enumerate(order.origins) if uid]
    )
    study.ReferencedSOPClassUID = UID(_STUDY_CLASS)
    study.ReferencedSOPInstanceUID = made.StudyInstanceUID
    study.RTReferencedSeriesSequence = Items([series])
    referenced.FrameOfReferenceUID = UID(frame)
    referenced.RTReferencedStudySequence = Items([study])
    made.ReferencedFrameOfReferenceSequence = Items([referenced])
    made.StructureSetROISequence = Items([_roi(one, frame) for one in order.labels.segments])


def _image(order: LabelOrder, header: Dataset, plane: int) -> Dataset:
    uid, number = order.origins[plane]
    return reference(str(header.SOPClassUID), uid, (number - 1,) if several_frames(header) else ())


def _roi(segment: LabelSegment, frame: str) -> Dataset:
    item = Dataset()
    item.ROINumber = segment.number
    item.ReferencedFrameOfReferenceUID = UID(frame)
    item.ROIName = name_of(segment)
    item.ROIGenerationAlgorithm = "SEMIAUTOMATIC" if segment.made else "MANUAL"
    if segment.made:
        item.ROIGenerationDescription = segment.made[:64]
    return item


def _observation(segment: LabelSegment) -> Dataset:
    item = Dataset()
    item.ObservationNumber = item.ReferencedROINumber = segment.number
    item.RTROIIdentificationCodeSequence = coded(written(segment.code))
    item.RTROIInterpretedType = item.ROIInterpreter = ""
    return item


def _roi_contour(
    order: LabelOrder, segment: LabelSegment, lines: Sequence[Line], header: Dataset
) -> Dataset:
    """Return the outlines of a segment, slice by slice."""
    item = Dataset()
    item.ReferencedROINumber = segment.number
    item.ROIDisplayColor = list(segment.colour)
    if lines:
        item.ContourSequence = Items(
            [_contour(order, line, number, header) for number, line in enumerate(lines, 1)]
        )
    return item


def _contour(order: LabelOrder, one: Line, number: int, header: Dataset) -> Dataset:
    item, (plane, line) = Dataset(), one
    if order.origins[plane][0]:
        item.ContourImageSequence = Items([_image(order, header, plane)])
    item.ContourGeometricType = "CLOSED_PLANAR"
    item.NumberOfContourPoints = len(line)
    item.ContourNumber = number
    data = _decimals(order.labels.geometry, line, plane)
    # Kept as text: pydicom would make an object of each of a million numbers.
    item.add(DataElement(_CONTOUR_DATA, "DS", data, already_converted=True))
    return item


def _decimals(grid: VolumeGeometry, line: Outline, plane: int) -> list[str]:
    """Return points as decimal strings, to a ten-thousandth of a millimetre."""
    at = np.column_stack([line, np.full(len(line), plane)])
    return [f"{value + 0.0:.4f}" for value in grid.points(at).ravel().tolist()]
