"""Walks over the elements of a data set up to its pixel data, as fast as Python can.

The loops look alike on purpose and are written out: a call per element would double their time.
They raise nothing on damaged data, they say how they ended. Their work is bounded.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from itertools import repeat

from xray_studio.dicom.file.encoding import IMPLICIT_LITTLE, UNDEFINED, Form
from xray_studio.dicom.file.pieces import Pieces

MAXIMUM_ELEMENTS = 2_000_000
MAXIMUM_VALUE = 1 << 16


class Ending(enum.Enum):
    """Why a walk ended."""

    PIXELS = "at the pixel data"
    END = "at the end of the data set"
    CUT = "the file is shorter than its last element"
    IRREGULAR = "what stands there is no element"


Stop = tuple[Ending, int, int]
"""End of a walk; at the pixel data also where its value starts, and its length."""


class Found:
    """What a walk collects: raw values by slot, and where chosen sequences start.

    `wanted` holds tag keys with slots, `pixels` the keys to stop at, `noted` the keys of sequences
    whose position is put into `places`.
    """

    __slots__ = ("_slots", "noted", "pixels", "places", "values", "wanted")

    def __init__(
        self, wanted: dict[int, int], slots: int, pixels: frozenset[int], noted: frozenset[int]
    ) -> None:
        self.wanted, self.pixels, self.noted = wanted, pixels, noted
        self._slots = slots
        self.clear()

    def clear(self) -> None:
        """Forget what was collected."""
        self.values: list[bytes] = [b""] * self._slots
        self.places: list[int] = []


class Cursor:
    """A position in a piece of the data set; `base` is where the piece starts."""

    __slots__ = ("base", "data", "position", "source")

    def __init__(self, source: Pieces, start: int, data: bytes, position: int = 0) -> None:
        self.source, self.base = source, start
        self.data, self.position = data, position

    def refill(self) -> bool:
        """Move the piece to the position. False when fewer than 8 bytes are left."""
        self.base += self.position
        self.position = 0
        data = self.source.piece(self.base)
        # A short element at the very end is 8 bytes: room for reading the longer form.
        self.data = data + b"\0\0\0\0" if len(data) < 12 else data
        return len(data) >= 8

    def value(self, length: int) -> bytes:
        """Return `length` bytes from the position, none when they are not there or too many."""
        if length > MAXIMUM_VALUE:
            return b""
        value = self.data[self.position : self.position + length]
        if len(value) < length:
            value = self.source.piece(self.base + self.position, length)
        return value if len(value) == length else b""

    def at_end(self) -> Stop:
        """Return how a walk ended that ran out of bytes."""
        if self.base == 0 or self.source.piece(self.base - 1, 1):
            return (Ending.END if len(self.data) <= 4 else Ending.CUT, 0, 0)
        return (Ending.CUT, 0, 0)


def walk_explicit(cursor: Cursor, form: Form, found: Found) -> Stop:
    """Collect values of an explicit VR data set until its pixel data."""
    unpack, unpack_length, short, long = form.head, form.length, form.short, form.long
    wanted, pixels, noted, values = found.wanted, found.pixels, found.noted, found.values
    data, position = cursor.data, cursor.position
    last = len(data) - 12
    for _ in repeat(None, MAXIMUM_ELEMENTS):
        if position > last:
            cursor.position = position
            if not cursor.refill():
                return cursor.at_end()
            data, position = cursor.data, 0
            last = len(data) - 12
        key, vr, length = unpack(data, position)
        if vr in short:
            position += 8
        elif vr in long:
            (length,) = unpack_length(data, position + 8)
            position += 12
            if key in pixels:
                return (Ending.PIXELS, cursor.base + position, length)
            if key in noted:
                found.places.append(cursor.base + position - 12)
            if length == UNDEFINED:
                cursor.position = position
                inner = IMPLICIT_LITTLE if vr == form.unknown else form
                if not skip_undefined(cursor, inner):
                    return (Ending.IRREGULAR, 0, 0)
                data, position = cursor.data, cursor.position
                last = len(data) - 12
                continue
        else:
            return (Ending.IRREGULAR, 0, 0)
        if key in wanted:
            value = data[position : position + length]
            if len(value) < length:
                cursor.position = position
                value = cursor.value(length)
                if not value:
                    return (Ending.CUT, 0, 0)
            values[wanted[key]] = value
        position += length
    return (Ending.IRREGULAR, 0, 0)


def walk_implicit(cursor: Cursor, form: Form, found: Found) -> Stop:
    """Collect values of an implicit VR data set until its pixel data."""
    unpack = form.head
    wanted, pixels, noted, values = found.wanted, found.pixels, found.noted, found.values
    data, position = cursor.data, cursor.position
    last = len(data) - 12
    for _ in repeat(None, MAXIMUM_ELEMENTS):
        if position > last:
            cursor.position = position
            if not cursor.refill():
                return cursor.at_end()
            data, position = cursor.data, 0
            last = len(data) - 12
        key, length = unpack(data, position)
        position += 8
        if key in pixels:
            return (Ending.PIXELS, cursor.base + position, length)
        if key in noted:
            found.places.append(cursor.base + position - 8)
        if length == UNDEFINED:
            cursor.position = position
            if not skip_undefined(cursor, form):
                return (Ending.IRREGULAR, 0, 0)
            data, position = cursor.data, cursor.position
            last = len(data) - 12
            continue
        if key in wanted:
            value = data[position : position + length]
            if len(value) < length:
                cursor.position = position
                value = cursor.value(length)
                if not value:
                    return (Ending.CUT, 0, 0)
            values[wanted[key]] = value
        position += length
    return (Ending.IRREGULAR, 0, 0)


def skip_undefined(cursor: Cursor, form: Form) -> bool:
    """Move behind a sequence of undefined length whose header was just read.

    Returns False when what stands inside is not made of items and elements.
    """
    return _skip_explicit(cursor, form) if form.explicit else _skip_implicit(cursor, form)


def _skip_explicit(cursor: Cursor, form: Form) -> bool:
    unpack, unpack_length, short, long = form.head, form.length, form.short, form.long
    item, item_end, sequence_end = form.item, form.item_end, form.sequence_end
    data, position, depth = cursor.data, cursor.position, 1
    last = len(data) - 12
    for _ in repeat(None, MAXIMUM_ELEMENTS):
        if position > last:
            cursor.position = position
            if not cursor.refill():
                return False
            data, position = cursor.data, 0
            last = len(data) - 12
        key, vr, length = unpack(data, position)
        position += 8
        # Delimiters first: the length of an item could pass for a VR.
        if key == item:
            (length,) = unpack_length(data, position - 4)
            position += 0 if length == UNDEFINED else length
        elif key == sequence_end:
            depth -= 1
            if depth == 0:
                cursor.position = position
                return True
        elif vr in short:
            position += length
        elif vr in long:
            (length,) = unpack_length(data, position)
            position += 4
            if length != UNDEFINED:
                position += length
            elif vr == form.unknown:  # PS3.5 6.2.2: encoded as implicit VR little endian
                cursor.position = position
                if not _skip_implicit(cursor, IMPLICIT_LITTLE):
                    return False
                data, position = cursor.data, cursor.position
                last = len(data) - 12
            else:
                depth += 1
        elif key != item_end:
            return False
    return False


def _skip_implicit(cursor: Cursor, form: Form) -> bool:
    unpack, item, sequence_end = form.head, form.item, form.sequence_end
    data, position, depth = cursor.data, cursor.position, 1
    last = len(data) - 12
    for _ in repeat(None, MAXIMUM_ELEMENTS):
        if position > last:
            cursor.position = position
            if not cursor.refill():
                return False
            data, position = cursor.data, 0
            last = len(data) - 12
        key, length = unpack(data, position)
        position += 8
        if key == sequence_end:
            depth -= 1
            if depth == 0:
                cursor.position = position
                return True
        elif length != UNDEFINED:
            position += length
        elif key != item:
            depth += 1
    return False


def values_inside(
    cursor: Cursor, form: Form, enter: frozenset[int], wanted: frozenset[int], limit: int
) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value) of the `wanted` tags at any depth, looking at `limit` elements at most.

    Goes into every item, every sequence of undefined length and the sequences of `enter`. Ends
    early, and without a word, where the data does.
    """
    delimiters = (form.item, form.item_end, form.sequence_end)
    for _ in repeat(None, limit):
        if cursor.position + 12 > len(cursor.data) and not cursor.refill():
            return
        head = _element_head(cursor, form)
        if head is None:
            return
        key, length = head
        tag = form.key(key)
        if key in delimiters or tag in enter or length == UNDEFINED:
            continue
        if tag in wanted:
            yield tag, cursor.value(length)
        cursor.position += length


def _element_head(cursor: Cursor, form: Form) -> tuple[int, int] | None:
    """Return tag key and length and move to the value; None where no element stands."""
    data, position = cursor.data, cursor.position
    cursor.position += 8
    if not form.explicit:
        key, length = form.head(data, position)
        return key, length
    key, vr, length = form.head(data, position)
    if vr in form.long and key != form.item:
        cursor.position += 4
        return key, form.length(data, position + 8)[0]
    known = vr in form.short or key in {form.item, form.item_end, form.sequence_end}
    return (key, length) if known else None
