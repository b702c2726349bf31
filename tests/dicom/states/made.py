"""Presentation states and segmentations made for tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.dicom.objects import make_object

SEG = "1.2.840.10008.5.1.4.1.1.66.4"


def referring(image: Dataset, *frames: int) -> Dataset:
    """Return an item that names an image, and frames of it from 1."""
    item = Dataset()
    item.ReferencedSOPClassUID = image.SOPClassUID
    item.ReferencedSOPInstanceUID = image.SOPInstanceUID
    if frames:
        item.ReferencedFrameNumber = [*frames]
    return item


def make_seg(
    images: list[Dataset],
    masks: np.ndarray,
    *,
    segments: list[int] | None = None,
    kind: str = "BINARY",
    most: int = 255,
    sources: bool = True,
    **attributes: Any,
) -> Dataset:
    """Return a segmentation: mask n, of segment n of `segments`, lies on image n."""
    numbers = segments or [1] * len(masks)
    packed = masks.astype(np.uint8)
    if kind == "BINARY":
        bits = np.packbits((masks > 0).reshape(-1), bitorder="little").tobytes()
        data, depth = bits + b"\0" * (len(bits) % 2), 1
    else:
        data, depth = packed.tobytes() + b"\0" * (packed.size % 2), 8
    seg = make_object(None, SOPClassUID=SEG, Modality="SEG", SeriesDescription="Marked")
    seg.StudyInstanceUID, seg.SeriesInstanceUID = images[0].StudyInstanceUID, generate_uid()
    seg.SegmentationType = kind
    if kind == "FRACTIONAL":
        seg.MaximumFractionalValue, seg.SegmentationFractionalType = most, "PROBABILITY"
    seg.Rows, seg.Columns = masks.shape[1:]
    seg.NumberOfFrames = len(masks)
    seg.SamplesPerPixel, seg.PhotometricInterpretation = 1, "MONOCHROME2"
    seg.BitsAllocated = seg.BitsStored = depth
    seg.HighBit, seg.PixelRepresentation = depth - 1, 0
    seg.SegmentSequence = [_segment(number) for number in sorted(set(numbers))]
    seg.SharedFunctionalGroupsSequence = [Dataset()]
    seg.PerFrameFunctionalGroupsSequence = [
        _frame(image if sources else None, number)
        for image, number in zip(images, numbers, strict=True)
    ]
    for keyword, value in attributes.items():
        setattr(seg, keyword, value)
    seg.PixelData = data
    seg["PixelData"].VR = "OB"
    return seg


def _segment(number: int) -> Dataset:
    item, kind = Dataset(), Dataset()
    kind.CodeValue, kind.CodingSchemeDesignator = "4147007", "SCT"
    kind.CodeMeaning = "Mass"
    item.SegmentNumber, item.SegmentLabel = number, f"Segment {chr(64 + number)}"
    item.SegmentAlgorithmType = "MANUAL"
    item.SegmentedPropertyTypeCodeSequence = [kind]
    item.SegmentedPropertyCategoryCodeSequence = [kind]
    if number == 1:
        item.RecommendedDisplayCIELabValue = [34885, 53485, 50171]  # sRGB red
    return item


def _frame(image: Dataset | None, number: int) -> Dataset:
    item, segment, derived = Dataset(), Dataset(), Dataset()
    segment.ReferencedSegmentNumber = number
    item.SegmentIdentificationSequence = [segment]
    if image is not None:
        derived.SourceImageSequence = [referring(image)]
        item.DerivationImageSequence = [derived]
    return item
