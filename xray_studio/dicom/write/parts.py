"""Images that become one object, and what their attributes have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.place import FramePlace
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import tag_of, text
from xray_studio.dicom.pixels.colour import Palette
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.pixels.stored import PixelSource, layout_of, palette_of
from xray_studio.dicom.places import place_of
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.objects import CHARACTER_SET
from xray_studio.dicom.write.whole import Whole, read_whole

PATIENT = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientBirthTime",
    "PatientSex", "OtherPatientIDsSequence", "PatientComments", "EthnicGroup",
    "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence",
)  # fmt: skip
STUDY = (
    "StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber",
    "ReferringPhysicianName", "StudyDescription", "PatientAge", "PatientSize", "PatientWeight",
)  # fmt: skip
SERIES = (
    "Modality", "SeriesNumber", "SeriesDescription", "SeriesDate", "SeriesTime", "Laterality",
    "BodyPartExamined", "ProtocolName", "PatientPosition", "InstitutionName",
)  # fmt: skip
# Type 2: there even where nobody knows.
EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber", "ReferringPhysicianName", "SeriesNumber",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One image of one frame."""

    dataset: Dataset
    clip: Clip
    source: PixelSource
    syntax: str
    place: FramePlace

    @property
    def source_palette(self) -> Palette | None:
        """The palette of its colours."""
        return palette_of(self.source)

    @property
    def layout(self) -> PixelFormat:
        """Format of its pixels."""
        return layout_of(self.source)


def read_parts(paths: Sequence[str]) -> list[Part]:
    """Return images, each whole. Raises UsageError unless they show one study in one format."""
    parts = [_part(path) for path in paths]
    if len({text(part.dataset, "StudyInstanceUID") for part in parts}) > 1:
        raise UsageError("The images are of several studies; choose those of one study.")
    if len({_kind(part) for part in parts}) > 1:
        raise UsageError(
            "The images differ in size, depth, sign or colour; choose those of one kind."
        )
    return parts


def _part(path: str) -> Part:
    part = read_part(path)
    if part.source.shape[0] > 1:
        raise UsageError(
            "An object of several frames cannot be joined with others; choose single images."
        )
    return part


def read_part(path: str) -> Part:
    """Return an image or the frames of an object, with every attribute."""
    return part_of(read_whole(path))


def part_of(whole: Whole) -> Part:
    """Return an object that was read."""
    place = place_of(Groups.of(whole.dataset), 0)
    return Part(whole.dataset, whole.clip, whole.source, whole.header.transfer_syntax, place)


def _kind(part: Part) -> tuple[object, ...]:
    layout = part.layout
    return (
        layout.rows,
        layout.columns,
        layout.samples,
        layout.bits_allocated,
        layout.signed,
        layout.photometric if layout.samples == 1 else "",
        layout.floating,
    )


def in_common(parts: Sequence[Part], tag: int) -> DataElement | None:
    """Return an element that all images have with the same value, None where they differ."""
    return _common([part.dataset for part in parts], tag)


def _common(datasets: Sequence[Dataset], tag: int) -> DataElement | None:
    if any(tag not in dataset for dataset in datasets):
        return None
    first = datasets[0][tag]
    return first if all(dataset[tag] == first for dataset in datasets[1:]) else None


def new_dataset(parts: Sequence[Part], keywords: Iterable[str]) -> Dataset:
    """Return an object with what the images have in common of some attributes, in UTF-8.

    Dates and times are written as today's standard wants them (PS3.5 6.2), and an object of no
    study begins one.
    """
    dataset = shared_by([part.dataset for part in parts], keywords)
    if not text(dataset, "StudyInstanceUID"):
        dataset.StudyInstanceUID = new_uid()
    if "Laterality" not in dataset and not text(dataset, "BodyPartExamined"):
        dataset.Laterality = None  # the part may be one of a pair
    return dataset


def shared_by(datasets: Sequence[Dataset], keywords: Iterable[str]) -> Dataset:
    """Return what data sets have in common of some attributes, in UTF-8.

    Those of type 2 are there even where nobody knows.
    """
    dataset = Dataset()
    dataset.SpecificCharacterSet = CHARACTER_SET
    for keyword in keywords:
        element = _common(datasets, tag_of(keyword))
        if element is not None:
            dataset.add(_of_today(element))
        elif keyword in EMPTY:
            setattr(dataset, keyword, None)
    return dataset


def _of_today(element: DataElement) -> DataElement:
    """Return a date or time without the dots and colons that ACR-NEMA put into them."""
    marks = {"DA": ".", "TM": ":"}.get(str(element.VR))
    told = str(element.value or "")
    if marks is None or marks not in told:
        return element
    return DataElement(element.tag, element.VR, told.replace(marks, ""))
