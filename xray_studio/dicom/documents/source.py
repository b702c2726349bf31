"""The whole data set of a document, and what every kind of document tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from xray_studio.core.content import Code
from xray_studio.core.corner_text import format_date, format_time
from xray_studio.core.document import Document
from xray_studio.core.document_kinds import name, noun
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.attributes.dataset import data_stream
from xray_studio.dicom.attributes.facts import read_identity
from xray_studio.dicom.attributes.values import items, text
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.dicom.file.raw_values import printable

CUT_SHORT = "The document is damaged: the file is cut short."
UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Source:
    """A data set with where it was read from."""

    dataset: Dataset
    path: str
    little_endian: bool = True

    @property
    def sop_class_uid(self) -> str:
        """SOP Class UID."""
        return text(self.dataset, "SOPClassUID")


def read_source(path: str) -> Source:
    """Return the data set of a file, every element of it.

    Raises UnreadableError when it is no DICOM file, damaged or cut short.
    """
    with open_file(path) as file:
        start = find_start(file.read(HEAD_BYTES))
        stream: Any = data_stream(file, start)
        dataset = read_dataset(stream, start.implicit, start.little_endian)
    if any(_is_cut(element) for element in dataset.values()):
        raise UnreadableError(CUT_SHORT)
    return Source(dataset, path, start.little_endian)


def _is_cut(element: Any) -> bool:
    if not isinstance(element, RawDataElement) or element.length == UNDEFINED:
        return False
    return len(element.value or b"") < element.length


def blank(source: Source) -> Document:
    """Return a document that tells who and what it is about and has no content yet."""
    dataset = source.dataset
    return Document(
        title=name(source.sop_class_uid),
        kind=noun(source.sop_class_uid),
        identity=read_identity(dataset),
        sop_class_uid=source.sop_class_uid,
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        series_instance_uid=text(dataset, "SeriesInstanceUID"),
        study_instance_uid=text(dataset, "StudyInstanceUID"),
        modality=text(dataset, "Modality"),
        path=source.path,
    )


def code(dataset: Dataset, keyword: str) -> Code:
    """Return the first code of a code sequence (PS3.3 8.8), an empty one when there is none."""
    found = items(dataset, keyword)
    if not found:
        return Code()
    item = found[0]
    value = next(filter(None, (text(item, which) for which in _CODE_VALUES)), "")
    return Code(value, text(item, "CodingSchemeDesignator"), plain(text(item, "CodeMeaning")))


_CODE_VALUES = ("CodeValue", "LongCodeValue", "URNCodeValue")


def plain(value: str) -> str:
    """Return text with its line ends and nothing else that is not printable."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return "\n".join(printable(line).rstrip() for line in lines).strip("\n")


def moment_text(date: str, time: str = "") -> str:
    """Return DA and TM values, or a DT value alone, as "2026-11-20 09:41:07"."""
    if not time and len(date) > 8 and date[:8].isdigit():
        clock = date[8:].partition("+")[0].partition("-")[0]
        zone = date[8 + len(clock) :]
        words = (format_date(date[:8]), format_time(clock), f"UTC{zone}" if zone else "")
        return " ".join(filter(None, words))
    return " ".join(filter(None, (format_date(date), format_time(time))))
