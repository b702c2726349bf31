"""Headers that are alike: the slices of a stack differ in a handful of values only.

From two headers of one stack a template is made: the bytes that are equal, and between them the
values that differ. Where the next header has the same bytes in the same places, its structure is
the same, element by element, and only the values in between are read. Anything else is walked
through as usual, so a template changes how fast a header is read and never what is read.
"""

from __future__ import annotations

import threading
from itertools import repeat
from typing import NamedTuple

from xray_studio.dicom.file.encoding import UNDEFINED, Form
from xray_studio.dicom.scan.fields import SHARED_SLOTS, TAGS, Facts, lookup
from xray_studio.dicom.scan.walk import MAXIMUM_ELEMENTS, Cursor, skip_undefined

FREE_BUILDS = 4
MATCHES_PER_BUILD = 16
SHORT, LONG, NESTED = 2, 4, 0
NO_SLOT = len(TAGS)


class Part(NamedTuple):
    """Bytes that are equal, and what stands behind them.

    `width` is the size of a length field in bytes, or NESTED for the items of a sequence of
    undefined length; `slot` is where the value belongs among those that each picture has its own,
    behind the last of them when nobody wants it.
    """

    equal: bytes
    width: int
    slot: int


class Sample(NamedTuple):
    """A header that was walked through: its bytes, where it starts and what it said."""

    data: bytes
    start: int
    layout: Form
    facts: Facts
    own: list[bytes]


class Match(NamedTuple):
    """What a header says that is alike, and where the value of its pixel data starts."""

    facts: Facts
    own: list[bytes]
    value: int
    length: int


class Element(NamedTuple):
    """One element: where it, its length field and its value start, and where it ends."""

    key: int
    start: int
    field: int
    width: int
    end: int


class Template:
    """What the headers of a stack have in common."""

    def __init__(self, sample: Sample, parts: list[Part], tail: bytes) -> None:
        self.sample, self.parts, self.tail = sample, parts, tail
        (self.pixel_length,) = sample.layout.length(tail, len(tail) - 4)

    def match(self, data: bytes, start: int) -> Match | None:
        """Return what a header says, None when it is not alike."""
        layout = self.sample.layout
        unpack_length, unpack_short = layout.length, layout.short_length
        own, position, last = self.sample.own[:], start, len(data) - 4
        wanted = len(own)
        for equal, width, slot in self.parts:
            if not data.startswith(equal, position):
                return None
            position += len(equal)
            if position > last:
                return None
            if width == SHORT:
                (length,) = unpack_short(data, position)
            elif width == LONG:
                (length,) = unpack_length(data, position)
            else:
                length = _nested_length(data, position, layout)
            position += width
            if slot < wanted:
                own[slot] = data[position : position + length]
            position += length
        if not data.startswith(self.tail, position):
            return None
        return Match(self.sample.facts, own, position + len(self.tail), self.pixel_length)


class Alike(threading.local):
    """The template of the stack that is being read, made from its first headers.

    Each thread has its own, since two scans can run at once.
    """

    def __init__(self) -> None:
        self._start_anew(None)

    def _start_anew(self, sample: Sample | None) -> None:
        self._sample = sample
        self._template: Template | None = None
        self._differing: set[int] = set()
        self._builds = self._matches = 0

    def match(self, data: bytes, start: int, layout: Form) -> Match | None:
        """Return what a header says that is alike, None when it must be walked through."""
        template = self._template
        if template is None or template.sample.layout is not layout:
            return None
        match = template.match(data, start)
        self._matches += match is not None
        return match

    def learn(self, sample: Sample) -> None:
        """Take note of a header that was walked through, up to its pixel data."""
        known = self._sample
        if known is None or known.facts is not sample.facts or known.layout is not sample.layout:
            self._start_anew(sample)
        elif self._builds < FREE_BUILDS + self._matches // MATCHES_PER_BUILD:
            self._builds += 1
            template = _template(known, sample, self._differing)
            if template is None:
                self._sample, self._differing = sample, set()
            else:
                self._template = template


def _template(one: Sample, other: Sample, differing: set[int]) -> Template | None:
    """Return what two headers have in common, None when their structure differs.

    Elements in `differing` (counted from 0) are known to differ; those found are added.
    """
    first, second = _elements(one), _elements(other)
    if not _same_structure(one, first, other, second):
        return None
    slots, _, _ = lookup(one.layout)
    parts: list[Part] = []
    since = one.start
    for number, (a, b) in enumerate(zip(first, second, strict=True)):
        if number in differing or one.data[a.field : a.end] != other.data[b.field : b.end]:
            differing.add(number)
            slot = slots.get(a.key, NO_SLOT) - SHARED_SLOTS
            if slot < 0:
                return None  # what a stack shares must never be passed over
            parts.append(Part(one.data[since : a.field], a.width, slot))
            since = a.end
    return Template(one, parts, one.data[since : first[-1].end])


def _same_structure(
    one: Sample, first: list[Element], other: Sample, second: list[Element]
) -> bool:
    """Tell whether two headers have the same elements, each once, and equal pixel data."""
    if not first or len(first) != len(second) or len({e.key for e in first}) != len(first):
        return False
    heads_equal = all(
        one.data[a.start : a.field] == other.data[b.start : b.field]
        for a, b in zip(first, second, strict=True)
    )
    a, b = first[-1], second[-1]
    return heads_equal and one.data[a.field : a.end] == other.data[b.field : b.end]


def _elements(sample: Sample) -> list[Element]:
    """Return every element, the pixel data with its head only; none if that is not reached."""
    data, layout = sample.data, sample.layout
    _, pixels, _ = lookup(layout)
    found: list[Element] = []
    position = sample.start
    for _ in repeat(None, MAXIMUM_ELEMENTS):
        if position > len(data) - 12:
            return []
        element = _element(data, position, layout)
        if element is None:
            return []
        if element.key in pixels:
            return [*found, element._replace(end=element.field + element.width)]
        found.append(element)
        position = element.end
    return []


def _element(data: bytes, position: int, layout: Form) -> Element | None:
    if not layout.explicit:
        key, length = layout.head(data, position)
        field, width = position + 4, LONG
    else:
        key, vr, length = layout.head(data, position)
        field, width = position + 6, SHORT
        if vr not in layout.short:
            (length,) = layout.length(data, position + 8)
            field, width = position + 8, LONG
            if vr not in layout.long or (length == UNDEFINED and vr == layout.unknown):
                return None
    value = field + width
    if length != UNDEFINED or width == SHORT:
        return Element(key, position, field, width, value + length)
    end = value + _nested_length(data, value, layout)
    return Element(key, position, value, NESTED, end)


def _nested_length(data: bytes, start: int, layout: Form) -> int:
    """Return how long the items of a sequence are, more than there is when they do not end."""
    cursor = Cursor(Nothing(), 0, data, start)
    return cursor.position - start if skip_undefined(cursor, layout) else len(data)


class Nothing:
    """Pieces of which there are no more."""

    def piece(self, _start: int, _size: int = 0) -> bytes:
        """Return nothing."""
        return b""
