"""Writes segmentations (PS3.3 A.51): segments, each with frames over images or frames of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import SegmentationStorage

from xray_studio.core.place import Vector
from xray_studio.dicom.write.objects import (
    MAKER,
    Code,
    coded,
    new_object,
    reference,
    save,
    uid_from,
)
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
MOMENT_POINTER, MOMENT_GROUP = 0x00209128, 0x00209111
FULL: Final = 255  # of a fractional segmentation, a place that is marked for sure


@dataclass(frozen=True)
class Geometry:
    """Where frames lie in the patient: positions of their first pixels, in mm.

    `spacing` is (row, column), `apart` how far slices lie from each other, None where that is not
    known. `planes` tell which slice each frame lies on, from 0; without them every frame has one of
    its own.
    """

    frame_of_reference: str
    orientation: tuple[Vector, Vector]
    spacing: tuple[float, float]
    thickness: float
    positions: tuple[Vector, ...]
    apart: float | None = None
    planes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Algorithm:
    """What marked something; the `family` of what is known beyond its name is a code.

    A person chose where a `guided` one looked.
    """

    name: str
    family: Code | None = None
    version: str = ""
    parameters: str = ""
    guided: bool = False


PHANTOM: Final = Algorithm("Phantom")


@dataclass(frozen=True)
class Content:
    """What a segmentation is called, who made it and when."""

    label: str
    description: str
    creator: str
    made: datetime


@dataclass(frozen=True)
class Subject:
    """What one segment is: `kind`, `region` and `category` are codes, `meaning` tells more.

    `algorithm` is None for what a hand drew. `lab` is the colour recommended, CIELab in 16-bit
    words.
    """

    label: str
    kind: Code
    region: Code | None = None
    category: Code = ALTERED
    algorithm: Algorithm | None = PHANTOM
    meaning: str = ""
    lab: tuple[int, int, int] = (43803, 26565, 37722)


@dataclass(frozen=True)
class Mask:
    """What is marked: `frames` (n, rows, columns), each on the image of `images` it stands on.

    Frames of numbers are fractional, from 0 to `FULL`. `images` are SOP Instance UIDs of class
    `sop_class` in the series `source_series`, "" for a frame that was made of none; where one image
    has several frames, `numbers` tell which, from 0. `of` tells which of the `subjects` each frame
    is of, from 0; without it all are of the first. `geometry` is None for projections, which have
    no place in the patient and name the directions of their rows and columns (`orientation`).
    """

    frames: NDArray[np.bool_] | NDArray[np.uint8]
    images: tuple[str, ...]
    sop_class: str
    source_series: str
    subjects: tuple[Subject, ...]
    geometry: Geometry | None = None
    orientation: tuple[str, str] | None = None
    numbers: tuple[int, ...] = ()
    of: tuple[int, ...] = ()

    @property
    def fractional(self) -> bool:
        """Whether frames tell how much of each pixel is marked."""
        return self.frames.dtype != np.bool_


def write_seg(path: Path, study: StudyFacts, series: SeriesFacts, mask: Mask) -> str:
    """Write a mask; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, series, mask), path)


def _object(study: StudyFacts, series: SeriesFacts, mask: Mask) -> FileDataset:
    dataset = new_object(SegmentationStorage, series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    content = Content("TRUTH", series.description, "Phantom^Studio", series.started)
    add_mask(dataset, mask, content, uid_from(f"{study.uid}/{series.number}/dimensions"))
    return dataset


def add_mask(dataset: Dataset, mask: Mask, content: Content, organization: str) -> None:
    """Add to an object of a patient, study and series what makes it a segmentation.

    `organization` is the UID of how its frames are told apart.
    """
    for part in (_image(content), _segments(mask), _pixels(mask), _references(mask)):
        dataset.update(part)
    dataset.update(_dimensions(mask, organization))
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


def _image(content: Content) -> Dataset:
    part = Dataset()
    part.ImageType = ["DERIVED", "PRIMARY"]
    part.InstanceNumber = 1
    part.ContentDate, part.ContentTime = f"{content.made:%Y%m%d}", f"{content.made:%H%M%S}"
    part.ContentLabel = content.label
    part.ContentDescription = content.description
    part.ContentCreatorName = content.creator
    part.LossyImageCompression = "00"
    part.BurnedInAnnotation = "NO"
    return part


def _segments(mask: Mask) -> Dataset:
    part = Dataset()
    part.SegmentationType = "FRACTIONAL" if mask.fractional else "BINARY"
    if mask.fractional:
        part.SegmentationFractionalType, part.MaximumFractionalValue = "PROBABILITY", FULL
    part.SegmentSequence = Sequence(
        [_segment(subject, number) for number, subject in enumerate(mask.subjects, 1)]
    )
    return part


def _segment(subject: Subject, number: int) -> Dataset:
    item, found = Dataset(), subject.algorithm
    item.SegmentNumber = number
    item.SegmentLabel = subject.label
    if found is None:
        item.SegmentAlgorithmType = "MANUAL"
    else:
        item.SegmentAlgorithmType = "SEMIAUTOMATIC" if found.guided else "AUTOMATIC"
        item.SegmentAlgorithmName = found.name
        if found.family is not None:
            item.SegmentationAlgorithmIdentificationSequence = Sequence([_known(found)])
    if subject.meaning:
        item.SegmentDescription = subject.meaning
    item.SegmentedPropertyCategoryCodeSequence = coded(subject.category)
    item.SegmentedPropertyTypeCodeSequence = coded(subject.kind)
    if subject.region is not None:
        item.AnatomicRegionSequence = coded(subject.region)
    item.RecommendedDisplayCIELabValue = list(subject.lab)
    return item


def _known(algorithm: Algorithm) -> Dataset:
    """Algorithm Identification Macro (PS3.3 10.16)."""
    item = Dataset()
    item.AlgorithmFamilyCodeSequence = coded(*filter(None, [algorithm.family]))
    item.AlgorithmName = algorithm.name
    item.AlgorithmVersion = algorithm.version
    item.AlgorithmParameters = algorithm.parameters
    item.AlgorithmSource = MAKER
    return item


def _pixels(mask: Mask) -> Dataset:
    """One bit a pixel, the first in the lowest bit, frames without a gap (PS3.5 8.1.1); or 8."""
    part = Dataset()
    part.SamplesPerPixel, part.PhotometricInterpretation = 1, "MONOCHROME2"
    part.NumberOfFrames = len(mask.frames)
    part.Rows, part.Columns = mask.frames.shape[1:]
    part.BitsAllocated = part.BitsStored = 8 if mask.fractional else 1
    part.HighBit, part.PixelRepresentation = part.BitsStored - 1, 0
    flat = mask.frames.reshape(-1)
    packed = (flat if mask.fractional else np.packbits(flat, bitorder="little")).tobytes()
    part.PixelData = packed + b"\0" * (len(packed) % 2)
    part["PixelData"].VR = "OB"
    return part


def _references(mask: Mask) -> Dataset:
    item, part = Dataset(), Dataset()
    item.SeriesInstanceUID = mask.source_series
    item.ReferencedInstanceSequence = Sequence(
        [reference(mask.sop_class, image) for image in dict.fromkeys(filter(None, mask.images))]
    )
    part.ReferencedSeriesSequence = Sequence([item])
    return part


def _dimensions(mask: Mask, organization: str) -> Dataset:
    """Frames are told apart by segment, and by position in the patient or the frame of a loop."""
    entry, part = Dataset(), Dataset()
    entry.DimensionOrganizationUID = organization
    part.DimensionOrganizationSequence = Sequence([entry])
    pointers = [(SEGMENT_POINTER, SEGMENT_GROUP)]
    if mask.geometry is not None:
        pointers.append((POSITION_POINTER, POSITION_GROUP))
    elif mask.numbers:
        pointers.append((MOMENT_POINTER, MOMENT_GROUP))
    part.DimensionIndexSequence = Sequence([])
    for pointer, group in pointers:
        item = Dataset()
        item.DimensionOrganizationUID = organization
        item.DimensionIndexPointer, item.FunctionalGroupPointer = pointer, group
        part.DimensionIndexSequence.append(item)
    return part


def _shared(geometry: Geometry) -> Dataset:
    measures, orientation, part = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = [f"{side:.8g}" for side in geometry.spacing]
    measures.SliceThickness = f"{geometry.thickness:.8g}"
    if geometry.apart is not None:
        measures.SpacingBetweenSlices = f"{geometry.apart:.8g}"
    axes = (value for axis in geometry.orientation for value in axis)
    orientation.ImageOrientationPatient = [f"{value:.8g}" for value in axes]
    part.PixelMeasuresSequence = Sequence([measures])
    part.PlaneOrientationSequence = Sequence([orientation])
    return part


def _frame(mask: Mask, index: int) -> Dataset:
    content, segment, part = Dataset(), Dataset(), Dataset()
    number = mask.of[index] + 1 if mask.of else 1
    content.DimensionIndexValues = [number]
    if mask.geometry is not None:
        planes = mask.geometry.planes
        content.DimensionIndexValues = [number, (planes[index] if planes else index) + 1]
    elif mask.numbers:
        content.DimensionIndexValues = [number, index + 1]
        content.TemporalPositionIndex = index + 1
    segment.ReferencedSegmentNumber = number
    part.FrameContentSequence = Sequence([content])
    part.SegmentIdentificationSequence = Sequence([segment])
    made_of = [_derivation(mask, index)] if mask.images[index] else []
    part.DerivationImageSequence = Sequence(made_of)
    if mask.geometry is not None:
        place = Dataset()
        place.ImagePositionPatient = [f"{v:.6f}" for v in mask.geometry.positions[index]]
        part.PlanePositionSequence = Sequence([place])
    return part


def _derivation(mask: Mask, index: int) -> Dataset:
    frames = mask.numbers[index : index + 1]
    source, item = reference(mask.sop_class, mask.images[index], frames), Dataset()
    source.PurposeOfReferenceCodeSequence = coded(SOURCE)
    source.SpatialLocationsPreserved = "YES"
    item.DerivationCodeSequence = coded(DERIVED)
    item.SourceImageSequence = Sequence([source])
    return item
