"""Colour palettes of PALETTE COLOR objects (PS3.3 C.7.6.3.1.5 and C.7.9.2 segmented)."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.attributes.luts import little_endian, signed_word, words
from xray_studio.dicom.attributes.values import value
from xray_studio.dicom.pixels.colour import Palette

COLOURS = ("Red", "Green", "Blue")
Entries = npt.NDArray[np.uint16]


def read_palette(dataset: Dataset, *, signed: bool) -> Palette:
    """Return the palette of an object.

    Raises UnreadableError when it is missing or broken: without it there are no colours.
    """
    tables = [_colour(dataset, colour) for colour in COLOURS]
    descriptor = words(dataset, "RedPaletteColorLookupTableDescriptor")
    if len(descriptor) < 3 or any(not len(table) for table in tables):
        raise UnreadableError("The colour palette is missing or broken; the file is damaged.")
    length = max(len(table) for table in tables)
    entries = _eight_bits(np.stack([_lengthened(table, length) for table in tables], axis=1))
    return Palette(signed_word(descriptor[1], signed), entries.tobytes())


def _colour(dataset: Dataset, colour: str) -> Entries:
    """Return the entries of one colour of the palette as stored, shape (n,), none when cut."""
    descriptor = words(dataset, f"{colour}PaletteColorLookupTableDescriptor")
    if len(descriptor) < 3:
        return np.empty(0, np.uint16)
    count, bits = descriptor[0] & 0xFFFF or 65_536, descriptor[2]
    entries = _entries(dataset, colour, count, bits)
    return _low_byte(entries, bits) if len(entries) == count else np.empty(0, np.uint16)


def _entries(dataset: Dataset, colour: str, count: int, bits: int) -> Entries:
    """Return at most `count` entries, whether they are told one by one or in segments."""
    data = value(dataset, f"{colour}PaletteColorLookupTableData")
    if data:
        return _plain(dataset, colour, data, count)
    segments = value(dataset, f"Segmented{colour}PaletteColorLookupTableData")
    if isinstance(segments, bytes):
        return expand_segments(segments, bits, little_endian(dataset))[:count]
    return np.empty(0, np.uint16)


def _plain(dataset: Dataset, colour: str, data: object, count: int) -> Entries:
    if isinstance(data, bytes) and len(data) < 2 * count:  # 8-bit entries packed two to a word
        return np.frombuffer(data, np.uint8)[:count].astype(np.uint16)
    return np.array(words(dataset, f"{colour}PaletteColorLookupTableData")[:count], np.uint16)


def _low_byte(entries: Entries, bits: int) -> Entries:
    """Return entries without what stands above the low byte where they have 8 bits."""
    return entries & np.uint16(0xFF) if bits <= 8 else entries


def _eight_bits(entries: Entries) -> npt.NDArray[np.uint8]:
    """Return entries of all colours as bytes: the high byte, unless they only use the low one.

    That is told from all colours at once: a dark one alone may well stay within the low byte.
    """
    return (entries >> 8 if int(entries.max()) > 255 else entries).astype(np.uint8)


def _lengthened(table: Entries, length: int) -> Entries:
    return np.pad(table, (0, length - len(table)), mode="edge")


def expand_segments(data: bytes, bits: int, little: bool) -> Entries:
    """Return the entries of Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2).

    Raises UnreadableError when a segment is broken.
    """
    code = "B" if bits <= 8 else "H"
    size = struct.calcsize(code)
    order = "<" if little else ">"
    numbers = struct.unpack(f"{order}{len(data) // size}{code}", data[: len(data) // size * size])
    try:
        return np.array(_expand(numbers, size), np.int64).astype(np.uint16)
    except IndexError:
        raise UnreadableError("The colour palette is broken; the file is damaged.") from None


def _expand(numbers: tuple[int, ...], size: int) -> list[int]:
    entries: list[int] = []
    position = 0
    while position + 2 < len(numbers) and len(entries) < 65_536:
        position = _segment(numbers, position, entries, size)
    return entries


def _segment(numbers: tuple[int, ...], position: int, entries: list[int], size: int) -> int:
    """Add one segment's entries and return where the next one begins."""
    kind, count = numbers[position], numbers[position + 1]
    if kind == 0:  # discrete
        entries.extend(numbers[position + 2 : position + 2 + count])
        return position + 2 + count
    if kind == 1:  # linear
        entries.extend(_line(entries[-1], numbers[position + 2], count))
        return position + 3
    if kind == 2:  # indirect: repeat segments that begin at a byte offset
        low_first = numbers[position + 2 : position + (6 if size == 1 else 4)]
        offset = sum(v << (8 * size * i) for i, v in enumerate(low_first))
        _repeat(numbers, offset // size, count, entries, size)
        return position + (6 if size == 1 else 4)
    raise IndexError


def _repeat(
    numbers: tuple[int, ...], position: int, count: int, entries: list[int], size: int
) -> None:
    for _ in range(count):
        if numbers[position] == 2:  # an indirect segment must not point to another one
            raise IndexError
        position = _segment(numbers, position, entries, size)


def _line(first: int, last: int, count: int) -> list[int]:
    return [round(first + (last - first) * (i + 1) / count) for i in range(count)]
