"""Reads a file and checks it: preamble, File Meta Information, data set and pixel data."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from xray_studio.core.conformance import Checked, worst_first
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.dicom.attributes.dataset import (
    FLOAT_PIXEL_DATA,
    PIXEL_DATA,
    PIXEL_TAGS,
    PixelElement,
    data_stream,
    lenient_pydicom,
    pixel_element,
)
from xray_studio.dicom.conformance.check import DIRECTORY_CLASS, check_root
from xray_studio.dicom.conformance.encoding import check_encoding
from xray_studio.dicom.conformance.file_meta import check_file_meta
from xray_studio.dicom.conformance.general import check_order
from xray_studio.dicom.conformance.item import item_of, keyword_of
from xray_studio.dicom.conformance.pixels import PixelFacts
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import object_table
from xray_studio.dicom.file.inflate import InflatedFile
from xray_studio.dicom.file.opening import Stamp, open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, Start, find_start
from xray_studio.dicom.pixels.encapsulated import walk_items

UNDEFINED = 0xFFFFFFFF
_META_BEGINS = 132
_DELIMITER = 8  # bytes of Sequence Delimitation Item
_PREAMBLE = "PS3.10 7.1"


def check_file(path: str) -> Checked:
    """Return the findings of a file. Runs in a worker process; raises nothing of the file's."""
    head = b""
    try:
        with open_file(path) as file, lenient_pydicom():
            head = file.read(HEAD_BYTES)
            return _checked(path, file, head)
    except (StudioError, MemoryError) as error:
        told = str(error) or "The file needs more memory than there is."
        return Checked(path, problem=told, is_dicom=b"DICM" in head[:1024] or not head)
    except Exception as error:  # noqa: BLE001 - pydicom raises many kinds on damaged data
        told = f"The file is damaged: its data set cannot be read ({type(error).__name__})."
        return Checked(path, problem=told)


def _checked(path: str, file: BinaryIO, head: bytes) -> Checked:
    report = Report()
    start = find_start(head)
    stream, size = data_stream(file, start), Stamp.of(file).size
    dataset, facts = _read(stream, start, size)
    if not len(dataset):
        raise UnreadableError("The file holds no readable DICOM data.")
    _check_raw(dataset, report)
    root = item_of(dataset)
    _check_head(head, start, root, report)
    directory = start.class_uid == DIRECTORY_CLASS
    check_root(root, start.transfer_syntax, facts, report, whole=True, directory=directory)
    sop_class = DIRECTORY_CLASS if directory else root.text("SOPClassUID")
    definition = object_table(sop_class)
    kind = definition.name if definition else ""
    return Checked(path, kind, sop_class, worst_first(report.findings.values()))


def _check_head(head: bytes, start: Start, root: Any, report: Report) -> None:
    if head[128:132] != b"DICM":
        report.error("", "It has no preamble with DICM, as a file has.", _PREAMBLE)
    begin = max(head.find(b"DICM", 0, 1024) + 4, 0) if b"DICM" in head[:1024] else 0
    if start.offset <= begin:
        report.error("", "It has no File Meta Information, as a file has.", _PREAMBLE)
        return
    meta = item_of(read_dataset(BytesIO(head[begin : start.offset]), False, True))
    check_encoding(meta, report, explicit=True)
    check_file_meta(meta, root, report, length=start.offset - begin - 12)


def _read(stream: Any, start: Start, size: int) -> tuple[Dataset, PixelFacts | None]:
    """Return the attributes but pixel data, and what that tells of itself."""

    def ends(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        return int(tag) in PIXEL_TAGS

    dataset = read_dataset(stream, start.implicit, start.little_endian, stop_when=ends)
    found = pixel_element(stream, start, size)
    if found is None or found.tag not in PIXEL_TAGS:
        return dataset, None
    facts, end = _facts(stream, found, size)
    if end is not None:
        stream.seek(end)
        dataset.update(read_dataset(stream, start.implicit, start.little_endian))
    return dataset, facts


def _facts(stream: Any, found: PixelElement, size: int) -> tuple[PixelFacts, int | None]:
    """Return what pixel data tells of itself and where it ends, None where nothing can follow."""
    floating = found.tag != PIXEL_DATA and found.tag >= FLOAT_PIXEL_DATA
    if found.length is not None:
        end = found.offset + found.length if found.available >= found.length else None
        if isinstance(stream, InflatedFile):
            stream.set_limit(None)
        facts = PixelFacts(found.length, found.available, words=found.words, floating=floating)
        return facts, end
    try:
        items = walk_items(stream, found.offset, size)
    except UnreadableError:
        return PixelFacts(None, found.available, ended=False), None
    last, length = items.fragments[-1] if items.fragments else (found.offset, 0)
    facts = PixelFacts(None, found.available, len(items.fragments), len(items.table), items.ended)
    return facts, last + length + _DELIMITER if items.ended else None


def _check_raw(dataset: Dataset, report: Report) -> None:
    """Check what only the bytes tell: order of tags, even lengths, values cut short."""
    tags = list(dataset.keys())
    check_order([int(tag) for tag in tags], report)
    for tag in tags:
        raw: object = dataset.get_item(tag)
        if not isinstance(raw, RawDataElement) or raw.length == UNDEFINED:
            continue
        if raw.length % 2:
            report.error(keyword_of(int(tag)), "Its length is odd.", "PS3.5 7.1.1")
        if len(raw.value or b"") < raw.length:
            report.error(keyword_of(int(tag)), "The file ends within it.", "PS3.5 7.1.1")
