"""Every tag of a DICOM object as rows of text, for the tags panel and `info`.

Read by pydicom in a worker process. What a damaged file still tells is shown, with a last row that
says that reading ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from xray_studio.core import sniff
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import run_apart
from xray_studio.dicom.attributes.dataset import PIXEL_TAGS, UNDEFINED, data_stream, lenient_pydicom
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.dicom.file.raw_values import printable
from xray_studio.dicom.tag_values import value_text

SECONDS = 15.0
LONGEST_VALUE = 4 << 20
MOST_ITEMS = 200
MOST_ROWS = 20_000

Element = RawDataElement | DataElement


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag as text: "(0010,0010)", name, VR and value, and how deep it is nested (from 0).

    An item of a sequence is a row too, with the tag "(FFFE,E000)"; `keyword` is "" where PS3.6
    knows none.
    """

    tag: str
    name: str
    vr: str = ""
    value: str = ""
    depth: int = 0
    keyword: str = ""


def read_tags(path: str) -> tuple[TagRow, ...]:
    """Return every tag of a DICOM object, File Meta Information first.

    Raises UnreadableError when the file is no DICOM file or nothing of it can be read.
    """
    return run_apart(tag_rows, path, time_limit=SECONDS).result()


def tag_rows(path: str) -> tuple[TagRow, ...]:
    """Return what `read_tags` does; runs in a worker process."""
    with open_file(path) as file, lenient_pydicom():
        head = file.read(HEAD_BYTES)
        if head[128:132] != b"DICM" and sniff.kind(head, path):
            raise UnreadableError("This is not a DICOM file, so it has no tags.")
        start = find_start(head)
        listing = _Listing()
        listing.add_elements(_file_meta(file, head[: start.offset]))
        stream = data_stream(file, start)
        listing.add_elements(_data_set(stream, start.implicit, start.little_endian))
    if not any(row.tag for row in listing.rows):
        raise UnreadableError("The file holds no readable DICOM data.")
    return tuple(listing.rows[:MOST_ROWS])


def _file_meta(file: BinaryIO, head: bytes) -> Iterator[Element]:
    """Yield group 2, which is always explicit VR little endian (PS3.10 7.1)."""
    mark = head.find(b"\x02\0", 128) if head[:2] != b"\x02\0" else 0
    if mark >= 0:
        file.seek(mark)
        yield from data_element_generator(file, False, True, stop_when=_behind_file_meta)


def _behind_file_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag >> 16 != 0x0002


def _data_set(stream: Any, implicit: bool, little_endian: bool) -> Iterator[Element]:
    """Yield the elements of a data set; those that hold pixels come without their value."""
    pixels: list[tuple[BaseTag, str | None, int]] = []

    def at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag in PIXEL_TAGS:
            pixels.append((tag, vr, length))
        return tag in PIXEL_TAGS

    while True:
        yield from data_element_generator(
            stream, implicit, little_endian, stop_when=at_pixels, defer_size=LONGEST_VALUE
        )
        if not pixels:
            return
        tag, vr, length = pixels.pop()
        value = stream.tell() + (12 if vr in EXPLICIT_VR_LENGTH_32 else 8)
        yield RawDataElement(tag, vr, length, None, value, implicit, little_endian)
        if length == UNDEFINED:
            return  # compressed frames: to look behind them they would have to be read
        stream.seek(value + length)


@dataclass(slots=True)
class _Listing:
    """Rows so far."""

    rows: list[TagRow] = field(default_factory=list)

    def add_elements(self, elements: Iterator[Element]) -> None:
        """Add top-level elements, up to where the data is damaged."""
        read: dict[BaseTag, Element] = {}
        not_read: dict[BaseTag, RawDataElement] = {}
        damaged = False
        try:
            for element in elements:
                if isinstance(element, RawDataElement) and element.value is None and element.length:
                    not_read[element.tag] = element
                else:
                    read[BaseTag(element.tag)] = element
                    damaged = damaged or _is_cut(element)
        except Exception:  # noqa: BLE001 - pydicom raises anything on damaged data
            damaged = True
        self._add_dataset(Dataset(read), 0, not_read)
        if damaged:
            self.rows.append(TagRow("", "The rest is damaged and cannot be read"))

    def _add_dataset(
        self, dataset: Dataset, depth: int, not_read: dict[BaseTag, RawDataElement] | None = None
    ) -> None:
        left_out = not_read or {}
        for tag in sorted((*dataset.keys(), *left_out)):
            if len(self.rows) >= MOST_ROWS:
                self.rows[MOST_ROWS - 1 :] = [TagRow("", "More tags are not listed")]
                return
            if tag in left_out:
                element = left_out[tag]
                self.rows.append(_row(element, depth, value_text("", None, element.length)))
            else:
                self._add_element(dataset, tag, depth)

    def _add_element(self, dataset: Dataset, tag: BaseTag, depth: int) -> None:
        raw = dataset.get_item(tag, keep_deferred=True)
        length = raw.length if isinstance(raw, RawDataElement) else 0
        try:
            element = dataset[tag]
        except Exception:  # noqa: BLE001 - values that break their VR
            broken = raw.value if isinstance(raw, RawDataElement) else b""
            self.rows.append(_row(raw, depth, value_text("UN", broken, length)))
            return
        if element.VR == "SQ":
            self._add_sequence(element, depth)
        else:
            self.rows.append(_row(element, depth, value_text(element.VR, element.value, length)))

    def _add_sequence(self, element: DataElement, depth: int) -> None:
        items = list(element.value or ())
        count = "1 item" if len(items) == 1 else f"{len(items):,} items"
        self.rows.append(_row(element, depth, count))
        for number, item in enumerate(items[:MOST_ITEMS], start=1):
            self.rows.append(TagRow("(FFFE,E000)", f"Item {number}", depth=depth + 1))
            self._add_dataset(item, depth + 2)
        if len(items) > MOST_ITEMS:
            left = f"{len(items) - MOST_ITEMS:,} more items are not listed"
            self.rows.append(TagRow("", left, depth=depth + 1))


def _is_cut(element: Element) -> bool:
    """Tell whether a value is shorter than its element says: the file ends inside it."""
    if not isinstance(element, RawDataElement) or not isinstance(element.value, bytes):
        return False
    return element.length != UNDEFINED and len(element.value) < element.length


def _row(element: Element | None, depth: int, value: str) -> TagRow:
    assert element is not None
    tag = BaseTag(element.tag)
    return TagRow(
        tag=f"({tag.group:04X},{tag.element:04X})",
        name=_name(element, tag),
        vr=printable(str(element.VR or "")),
        value=value,
        depth=depth,
        keyword=keyword_for_tag(tag),
    )


def _name(element: Element, tag: BaseTag) -> str:
    """Return the name of PS3.6, or of pydicom's list of private tags."""
    if isinstance(element, DataElement):
        return str(element.name).strip("[]")
    if tag.is_private:
        return "Private tag data"
    return str(DataElement(tag, "UN", b"").name)
