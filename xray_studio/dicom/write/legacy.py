"""Slices of CT, MR or PET as a Legacy Converted Enhanced object (PS3.3 A.70, A.71, A.72)."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID

from xray_studio.core.place import slice_grid
from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.values import tag_of, text
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.objects import MAKER, Code, coded, reference
from xray_studio.dicom.write.parts import PATIENT, SERIES, STUDY, Part, in_common, new_dataset

CLASSES = {
    "1.2.840.10008.5.1.4.1.1.2": "1.2.840.10008.5.1.4.1.1.2.2",
    "1.2.840.10008.5.1.4.1.1.4": "1.2.840.10008.5.1.4.1.1.4.4",
    "1.2.840.10008.5.1.4.1.1.128": "1.2.840.10008.5.1.4.1.1.128.1",
}
_FRAME_TYPES = {
    "1.2.840.10008.5.1.4.1.1.2.2": "CTImageFrameTypeSequence",
    "1.2.840.10008.5.1.4.1.1.4.4": "MRImageFrameTypeSequence",
    "1.2.840.10008.5.1.4.1.1.128.1": "PETFrameTypeSequence",
}
_CONVERSION: Code = ("109106", "DCM", "Enhanced Multi-frame Conversion Equipment")
_FRAME = ("FrameOfReferenceUID", "PositionReferenceIndicator", "PixelPaddingValue",
          "PixelPaddingRangeLimit")  # fmt: skip
_EQUIPMENT = ("Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions")
# Macro, and the attributes of the images that it takes.
_MACROS = (
    ("PixelMeasuresSequence", ("PixelSpacing", "SliceThickness", "SpacingBetweenSlices")),
    ("PlaneOrientationSequence", ("ImageOrientationPatient",)),
    ("PixelValueTransformationSequence", ("RescaleIntercept", "RescaleSlope", "RescaleType")),
    ("FrameVOILUTSequence", ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation",
                             "VOILUTFunction")),
)  # fmt: skip
_OWN = ("ImagePositionPatient",)
# What the new object says in its own words, or cannot say any more.
_LEFT_OUT = frozenset(
    ("SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "ImageType",
     "InstanceNumber", "ContentDate", "ContentTime", "NumberOfFrames", "Rows", "Columns",
     "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "BitsAllocated",
     "BitsStored", "HighBit", "PixelRepresentation", "InstanceCreationDate",
     "InstanceCreationTime",
     "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
     "BurnedInAnnotation", "PresentationLUTShape", "ContributingEquipmentSequence",
     "SmallestImagePixelValue", "LargestImagePixelValue")
)  # fmt: skip


def can_convert(parts: Sequence[Part]) -> bool:
    """Tell whether images are slices that a Legacy Converted Enhanced object can hold."""
    classes = {text(part.dataset, "SOPClassUID") for part in parts}
    frames = in_common(parts, tag_of("FrameOfReferenceUID"))
    places = all(part.place.position and part.place.orientation for part in parts)
    return len(classes) == 1 and classes <= CLASSES.keys() and frames is not None and places


def in_order(parts: Sequence[Part]) -> list[Part]:
    """Return slices as they lie, where they lie evenly, else as they come."""
    grid = slice_grid([part.place for part in parts])
    return [parts[number] for number in grid.order] if grid else list(parts)


def converted(parts: Sequence[Part]) -> Dataset:
    """Return one object of slices, which are in order, without its pixel attributes."""
    dataset = new_dataset(parts, (*PATIENT, *STUDY, *SERIES, *_FRAME, *_EQUIPMENT))
    sop_class = CLASSES[text(parts[0].dataset, "SOPClassUID")]
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(sop_class), UID(new_uid())
    dataset.SeriesInstanceUID = UID(new_uid())
    if "PositionReferenceIndicator" not in dataset:
        dataset.PositionReferenceIndicator = None
    for keyword in _EQUIPMENT:
        if not text(dataset, keyword):
            setattr(dataset, keyword, "UNKNOWN")
    _describe(dataset, parts)
    shared, each = Dataset(), [Dataset() for _ in parts]
    _frame_types(dataset, shared, sop_class)
    for macro, keywords in _MACROS:
        _macro(parts, shared, each, macro, keywords)
    _places(dataset, parts, each)
    _conversion(parts, each)
    _rest(dataset, parts, shared, each)
    dataset.SharedFunctionalGroupsSequence = Items([shared])
    dataset.PerFrameFunctionalGroupsSequence = Items(each)
    return dataset


def _describe(dataset: Dataset, parts: Sequence[Part]) -> None:
    """Say what the image is as a whole (PS3.3 C.8.16.2)."""
    first = {text(part.dataset, "ImageType").split("\\")[0] or "ORIGINAL" for part in parts}
    kind = first.pop() if len(first) == 1 else "MIXED"
    dataset.ImageType = [kind, "PRIMARY", "VOLUME", "NONE"]
    dataset.PixelPresentation = "MONOCHROME"
    dataset.VolumetricProperties = "VOLUME"
    dataset.VolumeBasedCalculationTechnique = "NONE"
    dataset.ContentQualification = "RESEARCH"
    dataset.PresentationLUTShape = "IDENTITY"
    told = {text(part.dataset, "BurnedInAnnotation").upper() for part in parts}
    dataset.BurnedInAnnotation = "YES" if "YES" in told else "NO"
    dataset.LossyImageCompression = "01" if any(p.clip.acquisition.lossy for p in parts) else "00"
    dataset.InstanceNumber, dataset.NumberOfFrames = 1, len(parts)
    now = datetime.now().astimezone()
    dataset.ContentDate, dataset.ContentTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    dataset.AcquisitionContextSequence = Items()
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = coded(_CONVERSION)
    item.Manufacturer = item.ManufacturerModelName = MAKER
    item.SoftwareVersions = VERSION
    item.ContributionDescription = "Legacy Enhanced Image created from Classic Images"
    dataset.ContributingEquipmentSequence = Items([item])


def _frame_types(dataset: Dataset, shared: Dataset, sop_class: str) -> None:
    item = Dataset()
    item.FrameType = list(dataset.ImageType)
    item.PixelPresentation = dataset.PixelPresentation
    item.VolumetricProperties = dataset.VolumetricProperties
    item.VolumeBasedCalculationTechnique = dataset.VolumeBasedCalculationTechnique
    setattr(shared, _FRAME_TYPES[sop_class], Items([item]))


def _macro(
    parts: Sequence[Part],
    shared: Dataset,
    each: Sequence[Dataset],
    macro: str,
    keywords: Sequence[str],
) -> None:
    """Put a macro where it belongs: once where all images have it alike, else into each frame."""
    made = [_macro_item(part, macro, keywords) for part in parts]
    if not any(len(item) for item in made):
        return
    if all(item == made[0] for item in made):
        setattr(shared, macro, Items([made[0]]))
        return
    for group, item in zip(each, made, strict=True):
        setattr(group, macro, Items([item]))


def _macro_item(part: Part, macro: str, keywords: Sequence[str]) -> Dataset:
    item = Dataset()
    for keyword in keywords:
        if text(part.dataset, keyword):
            item.add(part.dataset[tag_of(keyword)])
    if macro == "PixelValueTransformationSequence":
        modality = text(part.dataset, "Modality")
        for keyword, usual in (("RescaleIntercept", 0), ("RescaleSlope", 1),
                               ("RescaleType", "HU" if modality == "CT" else "US")):  # fmt: skip
            if keyword not in item:
                setattr(item, keyword, usual)
    return item


def _places(dataset: Dataset, parts: Sequence[Part], each: Sequence[Dataset]) -> None:
    """Say where each frame lies, and number the slices (PS3.3 C.7.6.16.2.2, C.7.6.17)."""
    organization = UID(new_uid())
    entry = Dataset()
    entry.DimensionOrganizationUID = organization
    dataset.DimensionOrganizationSequence = Items([entry])
    index = Dataset()
    index.DimensionOrganizationUID = organization
    index.DimensionIndexPointer = tag_of("InStackPositionNumber")
    index.FunctionalGroupPointer = tag_of("FrameContentSequence")
    index.DimensionDescriptionLabel = "In-Stack Position Number"
    dataset.DimensionIndexSequence = Items([index])
    for number, (part, group) in enumerate(zip(parts, each, strict=True), start=1):
        content, plane = Dataset(), Dataset()
        content.StackID = "1"
        content.InStackPositionNumber = number
        content.DimensionIndexValues = [number]
        stamp = _moment(part)
        if stamp:
            content.FrameAcquisitionDateTime = stamp
        plane.ImagePositionPatient = part.dataset.ImagePositionPatient
        group.FrameContentSequence = Items([content])
        group.PlanePositionSequence = Items([plane])


def _moment(part: Part) -> str:
    stamp = text(part.dataset, "AcquisitionDateTime")
    return stamp or text(part.dataset, "AcquisitionDate") + text(part.dataset, "AcquisitionTime")


def _conversion(parts: Sequence[Part], each: Sequence[Dataset]) -> None:
    """Say which image each frame was (PS3.3 C.7.6.16.2.21)."""
    for part, group in zip(parts, each, strict=True):
        source = part.dataset
        item = reference(text(source, "SOPClassUID"), text(source, "SOPInstanceUID"))
        group.ConversionSourceAttributesSequence = Items([item])


def _rest(
    dataset: Dataset, parts: Sequence[Part], shared: Dataset, each: Sequence[Dataset]
) -> None:
    """Keep every other attribute of the images, private ones too (PS3.3 C.7.6.16.2.22 and 23)."""
    taken = {tag_of(keyword) for keyword in (*_LEFT_OUT, *_OWN, *_EQUIPMENT)}
    taken |= {tag_of(keyword) for _, keywords in _MACROS for keyword in keywords}
    taken |= set(dataset.keys())
    common, own = Dataset(), [Dataset() for _ in parts]
    for tag in sorted({tag for part in parts for tag in part.dataset.keys()}):  # noqa: SIM118 - tags
        if tag in taken or tag.group in range(0x5000, 0x6100) or tag.element == 0:
            continue
        element = in_common(parts, tag)
        if element is not None:
            common.add(deepcopy(element))
            continue
        for part, item in zip(parts, own, strict=True):
            if tag in part.dataset:
                item.add(deepcopy(part.dataset[tag]))
    if len(common):
        shared.UnassignedSharedConvertedAttributesSequence = Items([common])
    for group, item in zip(each, own, strict=True):
        group.UnassignedPerFrameConvertedAttributesSequence = Items([item])
