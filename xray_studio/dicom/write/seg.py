"""Writes binary segmentations (PS3.3 A.51): one segment, a frame for every image that has some."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import SegmentationStorage

from xray_studio.dicom.write.objects import Code, coded, new_object, reference, save, uid_from
from xray_studio.dicom.write.orientation import Vector
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

ALTERED: Code = ("49755003", "SCT", "Morphologically Altered Structure")
DERIVED: Code = ("113076", "DCM", "Segmentation")
SOURCE: Code = ("121322", "DCM", "Source image for image processing operation")
SEGMENT_POINTER, POSITION_POINTER = 0x0062000B, 0x00200032
SEGMENT_GROUP, POSITION_GROUP = 0x0062000A, 0x00209113


@dataclass(frozen=True)
class Geometry:
    """Where frames lie in the patient: spacing and thickness in mm, positions of first pixels."""

    frame_of_reference: str
    orientation: tuple[Vector, Vector]
    spacing: float
    thickness: float
    positions: tuple[Vector, ...]


@dataclass(frozen=True)
class Mask:
    """What is marked: `frames` (n, rows, columns), each on the image of `images` it stands on.

    `images` are SOP Instance UIDs of class `sop_class` in the series `source_series`. `kind` and
    `region` are codes; `geometry` is None for projections, which have no place in the patient
    and name the directions of their rows and columns (`orientation`).
    """

    frames: NDArray[np.bool_]
    images: tuple[str, ...]
    sop_class: str
    source_series: str
    label: str
    kind: Code
    region: Code
    geometry: Geometry | None = None
    orientation: tuple[str, str] | None = None


def write_seg(path: Path, study: StudyFacts, series: SeriesFacts, mask: Mask) -> str:
    """Write a mask; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, series, mask), path)


def _object(study: StudyFacts, series: SeriesFacts, mask: Mask) -> FileDataset:
    dataset = new_object(SegmentationStorage, series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    for part in (_image(series), _segment(mask), _pixels(mask), _references(mask)):
        dataset.update(part)
    dataset.update(_dimensions(study, series, mask))
    shared = Dataset()
    if mask.geometry is not None:
        dataset.FrameOfReferenceUID = mask.geometry.frame_of_reference
        dataset.PositionReferenceIndicator = ""
        shared = _shared(mask.geometry)
    if mask.orientation is not None:
        dataset.PatientOrientation = list(mask.orientation)
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    dataset.PerFrameFunctionalGroupsSequence = Sequence(
        [_frame(mask, index) for index in range(len(mask.frames))]
    )
    return dataset


def _image(series: SeriesFacts) -> Dataset:
    part = Dataset()
    part.ImageType = ["DERIVED", "PRIMARY"]
    part.InstanceNumber = 1
    part.ContentDate, part.ContentTime = f"{series.started:%Y%m%d}", f"{series.started:%H%M%S}"
    part.ContentLabel = "TRUTH"
    part.ContentDescription = series.description
    part.ContentCreatorName = "Phantom^Studio"
    part.LossyImageCompression = "00"
    part.BurnedInAnnotation = "NO"
    return part


def _segment(mask: Mask) -> Dataset:
    item, part = Dataset(), Dataset()
    item.SegmentNumber = 1
    item.SegmentLabel = mask.label
    item.SegmentAlgorithmType = "AUTOMATIC"
    item.SegmentAlgorithmName = "Phantom"
    item.SegmentedPropertyCategoryCodeSequence = coded(ALTERED)
    item.SegmentedPropertyTypeCodeSequence = coded(mask.kind)
    item.AnatomicRegionSequence = coded(mask.region)
    item.RecommendedDisplayCIELabValue = [43803, 26565, 37722]
    part.SegmentationType = "BINARY"
    part.SegmentSequence = Sequence([item])
    return part


def _pixels(mask: Mask) -> Dataset:
    """One bit a pixel, the first in the lowest bit, frames without a gap (PS3.5 8.1.1)."""
    part = Dataset()
    part.SamplesPerPixel, part.PhotometricInterpretation = 1, "MONOCHROME2"
    part.NumberOfFrames = len(mask.frames)
    part.Rows, part.Columns = mask.frames.shape[1:]
    part.BitsAllocated = part.BitsStored = 1
    part.HighBit = part.PixelRepresentation = 0
    packed = np.packbits(mask.frames.reshape(-1), bitorder="little").tobytes()
    part.PixelData = packed + b"\0" * (len(packed) % 2)
    part["PixelData"].VR = "OB"
    return part


def _references(mask: Mask) -> Dataset:
    item, part = Dataset(), Dataset()
    item.SeriesInstanceUID = mask.source_series
    item.ReferencedInstanceSequence = Sequence(
        [reference(mask.sop_class, image) for image in mask.images]
    )
    part.ReferencedSeriesSequence = Sequence([item])
    return part


def _dimensions(study: StudyFacts, series: SeriesFacts, mask: Mask) -> Dataset:
    """Frames are told apart by segment and, where they lie in the patient, by position."""
    organization, part = Dataset(), Dataset()
    organization.DimensionOrganizationUID = uid_from(f"{study.uid}/{series.number}/dimensions")
    part.DimensionOrganizationSequence = Sequence([organization])
    pointers = [(SEGMENT_POINTER, SEGMENT_GROUP)]
    if mask.geometry is not None:
        pointers.append((POSITION_POINTER, POSITION_GROUP))
    part.DimensionIndexSequence = Sequence([])
    for pointer, group in pointers:
        item = Dataset()
        item.DimensionOrganizationUID = organization.DimensionOrganizationUID
        item.DimensionIndexPointer, item.FunctionalGroupPointer = pointer, group
        part.DimensionIndexSequence.append(item)
    return part


def _shared(geometry: Geometry) -> Dataset:
    measures, orientation, part = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = [f"{geometry.spacing:.8g}"] * 2
    measures.SliceThickness = f"{geometry.thickness:g}"
    axes = (value for axis in geometry.orientation for value in axis)
    orientation.ImageOrientationPatient = [f"{value:.8g}" for value in axes]
    part.PixelMeasuresSequence = Sequence([measures])
    part.PlaneOrientationSequence = Sequence([orientation])
    return part


def _frame(mask: Mask, index: int) -> Dataset:
    content, segment, part = Dataset(), Dataset(), Dataset()
    content.DimensionIndexValues = [1] if mask.geometry is None else [1, index + 1]
    segment.ReferencedSegmentNumber = 1
    part.FrameContentSequence = Sequence([content])
    part.SegmentIdentificationSequence = Sequence([segment])
    part.DerivationImageSequence = Sequence([_derivation(mask, index)])
    if mask.geometry is not None:
        place = Dataset()
        place.ImagePositionPatient = [f"{v:.6f}" for v in mask.geometry.positions[index]]
        part.PlanePositionSequence = Sequence([place])
    return part


def _derivation(mask: Mask, index: int) -> Dataset:
    source, item = reference(mask.sop_class, mask.images[index]), Dataset()
    source.PurposeOfReferenceCodeSequence = coded(SOURCE)
    source.SpatialLocationsPreserved = "YES"
    item.DerivationCodeSequence = coded(DERIVED)
    item.SourceImageSequence = Sequence([source])
    return item
