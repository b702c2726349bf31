"""Volumes as DICOM: slices of CT (PS3.3 A.3) and MR (A.4), or a multi-frame capture (A.8.4).

Patient and study are those of the object that a volume was read from, else nobody's in a new study.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from xray_studio.core.errors import UsageError
from xray_studio.core.place import Affine
from xray_studio.core.version import VERSION
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.write.capture import BYTES, WORDS, new_capture
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.objects import MAKER, new_object
from xray_studio.dicom.write.parts import PATIENT, STUDY, read_part, shared_by

CT: Final = "1.2.840.10008.5.1.4.1.1.2"
MR: Final = "1.2.840.10008.5.1.4.1.1.4"
CLASSES: Final = {"CT": CT, "MR": MR}
_PAGE_NUMBERS: Final = 0x00182001  # Page Number Vector
Stored = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Values as they are stored: `stored` (moments, planes, rows, columns), 8 or 16 bits.

    Values are stored ones times `slope`, plus `intercept`, in `unit`.
    """

    stored: Stored
    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class VolumeOrder:
    """What is written: `modality` is that of the objects, `source` an object of the volume's study.

    `source` is "" where the volume is of no DICOM object; `frame_of_reference` too. `windows` are
    (centre, width).
    """

    kept: Kept
    geometry: VolumeGeometry
    modality: str
    source: str = ""
    frame_of_reference: str = ""
    description: str = ""
    windows: tuple[tuple[float, float], ...] = ()


def write_slices(folder: Path, order: VolumeOrder) -> Iterator[int]:
    """Write one file for each slice, moment by moment; yield how many there are so far.

    Raises WriteError where the objects would break the standard.
    """
    moments, planes = order.kept.stored.shape[:2]
    sop_class = CLASSES[order.modality]
    base, series, frame = _study(order), new_uid(), order.frame_of_reference or new_uid()
    digits = len(str(moments * planes))
    for number, (moment, plane) in enumerate(np.ndindex(moments, planes), 1):
        dataset = new_object(sop_class, new_uid())
        dataset.update(base)
        dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = UID(series), UID(frame)
        dataset.PositionReferenceIndicator = None
        dataset.InstanceNumber = number
        _kind(dataset, order, moment + 1, moments)
        dataset.update(_place(order.geometry, plane))
        dataset.update(_orientation(order.geometry))
        dataset.update(_measures(order.geometry))
        _scale(dataset, order)
        _pixels(dataset, order.kept.stored[moment, plane][None])
        if number == 1:
            refuse_errors(dataset, str(dataset.file_meta.TransferSyntaxUID))
        dataset.save_as(folder / f"{number:0{digits}}.dcm", enforce_file_format=True)
        yield number


def write_multiframe(path: Path, order: VolumeOrder) -> None:
    """Write one capture of all planes, whose functional groups tell where each one lies.

    Raises UsageError for several moments, WriteError where the object would break the standard.
    """
    stored = order.kept.stored
    if len(stored) > 1:
        raise UsageError("One multi-frame object holds one moment; choose it with --moment.")
    sop_class = BYTES if stored.dtype.itemsize == 1 else WORDS
    capture = Dataset()
    new_capture(capture, sop_class, stored.shape[1])
    dataset = new_object(sop_class, str(capture.SOPInstanceUID))
    dataset.update(_study(order))
    dataset.update(capture)
    dataset.Modality = order.modality or "OT"
    dataset.BurnedInAnnotation = "NO"
    if stored.shape[1] > 1:
        dataset.FrameIncrementPointer = _PAGE_NUMBERS
        dataset.PageNumberVector = list(range(1, stored.shape[1] + 1))
    dataset.FrameOfReferenceUID = UID(order.frame_of_reference or new_uid())
    dataset.PositionReferenceIndicator = None
    shared = Dataset()
    shared.PlaneOrientationSequence = Sequence([_orientation(order.geometry)])
    shared.PixelMeasuresSequence = Sequence([_measures(order.geometry)])
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    dataset.PerFrameFunctionalGroupsSequence = Sequence(
        [_frame(order.geometry, plane) for plane in range(stored.shape[1])]
    )
    _scale(dataset, order)
    _pixels(dataset, stored[0])
    refuse_errors(dataset, str(dataset.file_meta.TransferSyntaxUID))
    dataset.save_as(path, enforce_file_format=True)


def _study(order: VolumeOrder) -> Dataset:
    """Return patient, study, series and equipment."""
    known = [read_part(order.source).dataset] if order.source else [Dataset()]
    base = shared_by(known, (*PATIENT, *STUDY))
    if not str(base.get("StudyInstanceUID") or ""):
        base.StudyInstanceUID = UID(new_uid())
    base.Modality = order.modality
    base.SeriesNumber = None
    base.SeriesDescription = order.description[:64] or None
    base.Manufacturer = base.ManufacturerModelName = MAKER
    base.SoftwareVersions = VERSION
    base.Laterality = None
    return base


def _kind(dataset: FileDataset, order: VolumeOrder, moment: int, moments: int) -> None:
    """Say what the image is; of the acquisition nothing is known."""
    now = datetime.now().astimezone()
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    dataset.AcquisitionNumber = None
    dataset.PatientPosition = None
    if order.modality == "CT":
        dataset.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
        dataset.KVP = None
        return
    dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    dataset.ScanningSequence, dataset.SequenceVariant = "RM", "NONE"
    dataset.ScanOptions = dataset.MRAcquisitionType = dataset.EchoTime = None
    dataset.RepetitionTime = dataset.EchoTrainLength = None
    if moments > 1:
        dataset.TemporalPositionIdentifier, dataset.NumberOfTemporalPositions = moment, moments


def _place(geometry: VolumeGeometry, plane: int) -> Dataset:
    part = Dataset()
    part.ImagePositionPatient = _decimals(geometry.points([(0, 0, plane)])[0])
    return part


def _orientation(geometry: VolumeGeometry) -> Dataset:
    part, axes = Dataset(), geometry.directions
    part.ImageOrientationPatient = _decimals(np.concatenate([axes[:, 0], axes[:, 1]]))
    return part


def _measures(geometry: VolumeGeometry) -> Dataset:
    part = Dataset()
    columns, rows, planes = geometry.spacing
    part.PixelSpacing = _decimals(np.array([rows, columns]))
    part.SliceThickness = _decimals(np.array([planes]))[0]
    return part


def _frame(geometry: VolumeGeometry, plane: int) -> Dataset:
    group, content = Dataset(), Dataset()
    content.StackID, content.InStackPositionNumber = "1", plane + 1
    group.PlanePositionSequence = Sequence([_place(geometry, plane)])
    group.FrameContentSequence = Sequence([content])
    return group


def _decimals(values: Affine) -> list[str]:
    """Return decimal strings of at most 16 characters (PS3.5 6.2)."""
    return [f"{value + 0.0:.9g}" for value in values.tolist()]


def _scale(dataset: FileDataset, order: VolumeOrder) -> None:
    kept = order.kept
    plain = (kept.slope, kept.intercept) == (1.0, 0.0)
    if order.modality == "CT" or not plain:
        dataset.RescaleSlope, dataset.RescaleIntercept = (
            f"{kept.slope:.10g}",
            f"{kept.intercept:.10g}",
        )
        hounsfield = kept.unit == "HU" and dataset.SOPClassUID == CT
        dataset.RescaleType = "HU" if hounsfield else "US"
    if order.windows:
        dataset.WindowCenter = _decimals(np.array([centre for centre, _ in order.windows]))
        dataset.WindowWidth = _decimals(np.array([width for _, width in order.windows]))


def _pixels(dataset: FileDataset, frames: Stored) -> None:
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = frames.shape[1:]
    bits = 8 * frames.dtype.itemsize
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(frames.dtype.kind == "i")
    data = frames.astype(frames.dtype.newbyteorder("<"), copy=False).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
