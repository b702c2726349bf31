"""Synthetic DICOM files for measuring how fast headers are read.

A plain file is a CT slice of 30 elements. A realistic one has 234 elements at its top level, as
scanners write them: long descriptions, code sequences nested three deep with defined and undefined
lengths, private groups and a block of binary vendor data. Like those of scanners, the slices of a
series differ in times, exposure, window, references to other images, private values and vendor
data, also in length. Pixel data is 512 x 512 x 16 bit, stored as a hole so that a hundred thousand
files need little disk.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROWS = COLUMNS = 512
PIXEL_BYTES = ROWS * COLUMNS * 2
SLICES_PER_SERIES = 250
ROOT = "1.2.826.0.1.3680043.8.498.1"
CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
LONG_FORM = {"OB", "OW", "SQ", "UN", "UT"}
REALISTIC_ELEMENTS = 234

Element = tuple[int, str, bytes]


def write_files(folder: Path, count: int, *, realistic: bool) -> None:
    """Write `count` slices into `folder`, 250 to a series, 4 series to a study and patient."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        with (folder / f"I{number:06d}").open("wb") as file:
            file.write(header(number, realistic=realistic))
            file.truncate(file.tell() + PIXEL_BYTES)


def header(number: int, *, realistic: bool) -> bytes:
    """Return the bytes of slice `number` up to its pixel values."""
    elements = _plain(number)
    if realistic:
        elements += _varying(number)
        elements += [*_vendor_elements(REALISTIC_ELEMENTS - len(elements) - 2)]
    body = b"".join(element(*e) for e in sorted(elements))
    if realistic:
        reference = element(0x00081155, "UI", f"{ROOT}.4.{number ^ 1}".encode())
        body += undefined_sequence(0x00540410, [reference, reference])
    pixels = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, PIXEL_BYTES)
    return _file_meta(number) + body + pixels


def element(tag: int, vr: str, value: bytes) -> bytes:
    """Return one element in explicit VR little endian."""
    value += (b"\0" if vr in {"UI", "OB"} else b" ") * (len(value) % 2)
    if vr in LONG_FORM:
        return struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, vr.encode(), 0, len(value)) + value
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), len(value)) + value


def undefined_sequence(tag: int, items: Iterable[bytes]) -> bytes:
    """Return a sequence whose items and self have undefined length."""
    start = struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, b"SQ", 0, 0xFFFFFFFF)
    body = b"".join(
        b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + item + b"\xfe\xff\x0d\xe0\0\0\0\0" for item in items
    )
    return start + body + b"\xfe\xff\xdd\xe0\0\0\0\0"


def items(contents: Iterable[bytes]) -> bytes:
    """Return items of defined length."""
    return b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(c)) + c for c in contents)


def _file_meta(number: int) -> bytes:
    body = b"".join(
        (
            element(0x00020001, "OB", b"\0\1"),
            element(0x00020002, "UI", CT_IMAGE_STORAGE.encode()),
            element(0x00020003, "UI", f"{ROOT}.4.{number}".encode()),
            element(0x00020010, "UI", EXPLICIT_LITTLE_ENDIAN.encode()),
            element(0x00020012, "UI", f"{ROOT}.9".encode()),
        )
    )
    length = element(0x00020000, "UL", struct.pack("<I", len(body)))
    return bytes(128) + b"DICM" + length + body


def _plain(number: int) -> list[Element]:
    """Return 29 elements of a CT slice; Pixel Data is the thirtieth."""
    series, index = divmod(number, SLICES_PER_SERIES)
    study = series // 4
    texts = [
        (0x00080005, "CS", "ISO_IR 100"),
        (0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        (0x00080016, "UI", CT_IMAGE_STORAGE),
        (0x00080018, "UI", f"{ROOT}.4.{number}"),
        (0x00080020, "DA", "20261120"),
        (0x00080030, "TM", "094107.000000"),
        (0x00080050, "SH", f"A{study:07d}"),
        (0x00080060, "CS", "CT"),
        (0x00081030, "LO", "CT chest"),
        (0x0008103E, "LO", "Axial 2.0"),
        (0x00100010, "PN", f"Synthetic^Patient{study}"),
        (0x00100020, "LO", f"P{study:05d}"),
        (0x00100030, "DA", "19700101"),
        (0x00100040, "CS", "O"),
        (0x00180050, "DS", "2.0"),
        (0x0020000D, "UI", f"{ROOT}.2.{study}"),
        (0x0020000E, "UI", f"{ROOT}.3.{series}"),
        (0x00200011, "IS", str(series % 4 + 1)),
        (0x00200013, "IS", str(index + 1)),
        (0x00200032, "DS", f"-100.0\\-100.0\\{index * 2.0}"),
        (0x00200037, "DS", "1.0\\0.0\\0.0\\0.0\\1.0\\0.0"),
        (0x00280004, "CS", "MONOCHROME2"),
        (0x00280030, "DS", "0.7\\0.7"),
    ]
    shorts = [
        (0x00280002, 1),
        (0x00280010, ROWS),
        (0x00280011, COLUMNS),
        (0x00280100, 16),
        (0x00280101, 12),
        (0x00280103, 0),
    ]
    return [(tag, vr, text.encode()) for tag, vr, text in texts] + [
        (tag, "US", struct.pack("<H", value)) for tag, value in shorts
    ]


def _varying(number: int) -> list[Element]:
    """Return elements in which the slices of a series differ."""
    index = number % SLICES_PER_SERIES
    texts = [
        (0x00080022, "DA", "20261120"),
        (0x00080023, "DA", "20261120"),
        (0x00080032, "TM", f"0942{index / 10:05.2f}"),
        (0x00080033, "TM", f"0943{index / 10:05.2f}"),
        (0x00181150, "IS", str(500 + index % 7)),
        (0x00181151, "IS", str(80 + index % 41)),
        (0x00181152, "IS", str(9 + index % 3)),
        (0x00201041, "DS", str(index * 2.0)),
        (0x00281050, "DS", str(30 + index % 90)),
        (0x00281051, "DS", str(300 + index % 90)),
        (0x00191020, "DS", f"{index * 0.37:.6f}"),
        (0x00191021, "LO", "slice " * (1 + index % 4)),
        (0x00431020, "IS", str(index * 1009 % 65_536)),
    ]
    source = element(0x00081155, "UI", f"{ROOT}.8.{number}".encode())
    values: list[Element] = [(tag, vr, text.encode()) for tag, vr, text in texts]
    values.append((0x00082112, "SQ", items([source])))
    values.append((0x00291010, "OB", random.Random(number).randbytes(2048)))
    return values


@cache
def _vendor_elements(count: int) -> tuple[Element, ...]:
    """Return `count` elements around the plain ones: acquisition, codes and private groups."""
    elements = [_code_sequence(tag) for tag in CODE_SEQUENCES]
    elements += [(0x00181000 + 2 * i, "LO", b"Value of a device") for i in range(40)]
    elements += [(0x00189000 + 2 * i, "DS", b"12.500000\\3.25") for i in range(30)]
    elements += [(0x00290010, "LO", b"VENDOR HEADER")]
    elements += [(0x00321000 + 2 * i, "SH", b"Requested") for i in range(20)]
    groups = (0x0009, 0x0019, 0x0021, 0x0043, 0x0045)
    elements += [(group << 16 | 0x0010, "LO", b"VENDOR 1.0") for group in groups]
    left = count - len(elements)
    elements += [_private(groups[i % len(groups)], i // len(groups)) for i in range(left)]
    return tuple(elements)


CODE_SEQUENCES = (
    0x00081032, 0x00081110, 0x00081111, 0x00081140, 0x00082218, 0x00082228,
    0x00100024, 0x00101002, 0x00180012, 0x00321064, 0x00400275, 0x00400555,
)  # fmt: skip


def _code_sequence(tag: int) -> Element:
    """Return a sequence of three items, each with a sequence of two codes, of mixed lengths."""
    code = (
        element(0x00080100, "SH", b"T-D3000")
        + element(0x00080102, "SH", b"SRT")
        + element(0x00080104, "LO", b"Chest")
    )
    uid = element(0x00081155, "UI", f"{ROOT}.7".encode())
    inner = element(0x00400441, "SQ", items([code, code]))
    loose = undefined_sequence(0x00400441, [code, code])
    return tag, "SQ", items([uid + inner, uid + loose, code])


def _private(group: int, index: int) -> Element:
    tag = group << 16 | 0x1000 + index
    kinds = [("LO", b"Private text of a vendor"), ("DS", b"0.125"), ("UN", bytes(16))]
    return (tag, *kinds[index % 3])
