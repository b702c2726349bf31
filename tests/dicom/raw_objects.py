"""DICOM files put together byte by byte, so that any of their rules can be broken."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG = "1.2.840.10008.1.2.4.50"
UNDEFINED = 0xFFFFFFFF
LONG_FORM = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}

ROWS, COLUMNS = 4, 6


@dataclass(frozen=True)
class Writer:
    """Writes elements in one of the encodings of PS3.5 7.1."""

    explicit: bool = True
    order: str = "<"

    def tag(self, tag: int) -> bytes:
        return struct.pack(self.order + "HH", tag >> 16, tag & 0xFFFF)

    def element(self, tag: int, vr: str, value: bytes | str | int, length: int = -1) -> bytes:
        if isinstance(value, int):
            value = struct.pack(self.order + ("H" if vr == "US" else "I"), value)
        value = value.encode("latin-1") if isinstance(value, str) else value
        value += (b"\0" if vr in {"UI", "OB"} else b" ") * (len(value) % 2)
        length = len(value) if length < 0 else length
        return self._head(tag, vr, length) + value

    def sequence(self, tag: int, items: Iterable[bytes], *, undefined: bool = False) -> bytes:
        if not undefined:
            body = b"".join(self.tag(0xFFFEE000) + self._size(len(i)) + i for i in items)
            return self.element(tag, "SQ", body)
        end = self.tag(0xFFFEE00D) + self._size(0)
        body = b"".join(self.tag(0xFFFEE000) + self._size(UNDEFINED) + i + end for i in items)
        return self._head(tag, "SQ", UNDEFINED) + body + self.tag(0xFFFEE0DD) + self._size(0)

    def _head(self, tag: int, vr: str, length: int) -> bytes:
        if not self.explicit:
            return self.tag(tag) + self._size(length)
        if vr in LONG_FORM:
            return self.tag(tag) + vr.encode() + b"\0\0" + self._size(length)
        return self.tag(tag) + vr.encode() + struct.pack(self.order + "H", length)

    def _size(self, length: int) -> bytes:
        return struct.pack(self.order + "I", length)


WRITERS = {
    EXPLICIT: Writer(),
    IMPLICIT: Writer(explicit=False),
    BIG_ENDIAN: Writer(order=">"),
    DEFLATED: Writer(),
    JPEG: Writer(),
}


def file_meta(syntax: str = EXPLICIT, sop_class: str = CT) -> bytes:
    """Return preamble and File Meta Information."""
    writer = Writer()
    body = (
        writer.element(0x00020001, "OB", b"\0\1")
        + writer.element(0x00020002, "UI", sop_class)
        + writer.element(0x00020003, "UI", "1.2.3")
        + writer.element(0x00020010, "UI", syntax)
    )
    return bytes(128) + b"DICM" + writer.element(0x00020000, "UL", len(body)) + body


def dicom_file(data_set: bytes, syntax: str = EXPLICIT, sop_class: str = CT) -> bytes:
    """Return a whole file; the data set is deflated if the syntax says so."""
    if syntax == DEFLATED:
        deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data_set = deflate.compress(data_set) + deflate.flush()
    return file_meta(syntax, sop_class) + data_set


def head(writer: Writer = WRITERS[EXPLICIT], sop_class: str = CT, number: int = 7) -> bytes:
    """Return the elements of groups 8 to 20 of a slice."""
    texts = [
        (0x00080005, "CS", "ISO_IR 100"),
        (0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        (0x00080016, "UI", sop_class),
        (0x00080018, "UI", f"1.2.3.{number}"),
        (0x00080020, "DA", "20261120"),
        (0x00080022, "DA", "20261121"),
        (0x00080030, "TM", "094107"),
        (0x00080032, "TM", "1015"),
        (0x00080060, "CS", "CT"),
        (0x00081030, "LO", "Study"),
        (0x0008103E, "LO", "Series"),
        (0x00100010, "PN", "M\xfcller^Anna"),
        (0x00100020, "LO", "ID-1"),
        (0x0020000D, "UI", "1.2.3.4"),
        (0x0020000E, "UI", "1.2.3.4.5"),
        (0x00200011, "IS", "3"),
        (0x00200013, "IS", str(number)),
        (0x00200032, "DS", "-1.5\\2\\3e1"),
        (0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
    ]
    return b"".join(writer.element(*text) for text in texts)


def pixel_description(
    writer: Writer = WRITERS[EXPLICIT], rows: int = ROWS, columns: int = COLUMNS, frames: int = 1
) -> bytes:
    """Return the elements of group 28."""
    return (
        writer.element(0x00280002, "US", 1)
        + writer.element(0x00280004, "CS", "MONOCHROME2")
        + (writer.element(0x00280008, "IS", str(frames)) if frames > 1 else b"")
        + writer.element(0x00280010, "US", rows)
        + writer.element(0x00280011, "US", columns)
        + writer.element(0x00280100, "US", 16)
    )


def native_pixels(writer: Writer = WRITERS[EXPLICIT], size: int = ROWS * COLUMNS * 2) -> bytes:
    """Return uncompressed pixel data."""
    return writer.element(0x7FE00010, "OW", bytes(size))


def fragments(*contents: bytes) -> bytes:
    """Return encapsulated pixel data with an empty offset table (PS3.5 A.4)."""
    items = b"".join(
        struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content for content in (b"", *contents)
    )
    start = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, UNDEFINED)
    return start + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def ct_slice(syntax: str = EXPLICIT, number: int = 7, extra: bytes = b"") -> bytes:
    """Return a small but complete slice; `extra` stands before group 28."""
    writer = WRITERS[syntax]
    body = head(writer, number=number) + extra + pixel_description(writer) + native_pixels(writer)
    return dicom_file(body, syntax)
