"""Headers of many files, fast: what a catalogue needs and nothing else.

Runs in worker processes, so neither pydicom nor numpy is imported here. What the light walk finds
irregular is reported as unsure and left to `judge`, which uses pydicom.
"""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from xray_studio.core import sniff
from xray_studio.core.archive import on_disk
from xray_studio.core.document_kinds import is_document
from xray_studio.core.errors import UnreadableError
from xray_studio.core.header import Header
from xray_studio.core.jpeg_segments import START, holds_infrared
from xray_studio.core.kinds import VOLUME
from xray_studio.core.reasons import (
    CUT_SHORT,
    DAMAGED,
    EMPTY,
    NO_PIXELS_LEFT,
    NO_SIZE,
    NOT_A_PICTURE,
    why_not_opened,
)
from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file.encoding import EXPLICIT_LITTLE, IMPLICIT_LITTLE, UNDEFINED, Form, form
from xray_studio.dicom.file.pieces import (
    FIRST_READ,
    OPEN_FLAGS,
    SHORT_READ,
    FilePieces,
    InflatedPieces,
    Pieces,
)
from xray_studio.dicom.frame_count import native_frames
from xray_studio.dicom.scan.alike import Alike, Sample
from xray_studio.dicom.scan.document_title import document_title
from xray_studio.dicom.scan.fields import (
    FRAMES_SLOT,
    FUNCTIONAL_GROUPS,
    IMAGE_ORIENTATION,
    IMAGE_POSITION,
    ORIENTATION_SLOT,
    POSITION_SLOT,
    ROWS_SLOT,
    SHARED_SLOTS,
    SOP_CLASS_SLOT,
    Facts,
    document_header,
    empty_fields,
    facts,
)
from xray_studio.dicom.scan.pixel_less import DIRECTORY, no_pixel_data
from xray_studio.dicom.scan.walk import (
    Cursor,
    Ending,
    Found,
    values_inside,
    walk_explicit,
    walk_implicit,
)

PREAMBLE_AND_LENGTH = 144
SECONDS_PER_BATCH = 0.2
KNOWN_FACTS = 4096
FUNCTIONAL_GROUP_ELEMENTS = 2000
PLANE_SEQUENCES = FUNCTIONAL_GROUPS | {0x00209113, 0x00209116}
DICM_AND_LENGTH = b"DICM\x02\0\0\0UL\x04\0"

Row = tuple[int, int, str, int | None, int, raw.Position | None, str]


class Batch(NamedTuple):
    """Headers of the first `done` of the paths that were asked for, as small as can be.

    `pictures` are (path, header, SOP Instance UID, Instance Number, frames, position, acquisition)
    with positions in the list of paths and in `headers`, documents among them with 0 frames;
    `skipped` are (path, reason), `others` (path, "image", "video", "volume" or "directory"),
    `unsure` (path, reason unless pydicom knows better).
    """

    done: int
    headers: list[Header]
    pictures: list[Row]
    skipped: list[tuple[int, str]]
    others: list[tuple[int, str]]
    unsure: list[tuple[int, str]]


_known: dict[tuple[bool, tuple[bytes, ...]], Facts] = {}
_alike = Alike()


def read_headers(paths: list[str]) -> Batch:
    """Read headers until all paths are done or a fifth of a second has passed."""
    reader = BatchReader()
    deadline = time.monotonic() + SECONDS_PER_BATCH
    done = 0
    for done, path in enumerate(paths, start=1):
        reader.read(done - 1, path)
        if time.monotonic() > deadline:
            break
    return reader.batch(done)


class BatchReader:
    """Reads headers one by one and collects what a batch holds."""

    def __init__(self) -> None:
        self._fields: dict[Form, Found] = {}
        self._first_read = FIRST_READ
        self._headers: list[Header] = []
        self._header_index: dict[int, int] = {}
        self._pictures: list[Row] = []
        self._skipped: list[tuple[int, str]] = []
        self._others: list[tuple[int, str]] = []
        self._unsure: list[tuple[int, str]] = []

    def batch(self, done: int) -> Batch:
        """Return what was collected."""
        return Batch(done, self._headers, self._pictures, self._skipped, self._others, self._unsure)

    def read(self, index: int, path: str) -> None:
        """Read the header of one file."""
        try:
            descriptor = os.open(on_disk(path), OPEN_FLAGS)
        except OSError as error:
            self.skip(index, why_not_opened(error))
            return
        try:
            self._read_open(index, path, FilePieces(descriptor, self._first_read))
        except OSError as error:
            self.skip(index, why_not_opened(error))
        finally:
            os.close(descriptor)

    def skip(self, index: int, reason: str) -> None:
        """Note a file that is no picture."""
        self._skipped.append((index, reason))

    def _read_open(self, index: int, path: str, file: FilePieces) -> None:
        first = file.first
        if first[128:140] == DICM_AND_LENGTH:
            start = 144 + int.from_bytes(first[140:144], "little")
            layout = _usual_layout(first[start : start + 8])
            if layout is not None:
                self._read_usual(index, file, start, layout)
                return
        if not first:
            self.skip(index, EMPTY)
        elif first[128:132] == b"DICM":
            self._read_odd(index, file)
        elif kind := sniff.kind(first, path):
            infrared = first.startswith(START) and holds_infrared(path)
            self._others.append((index, VOLUME if infrared else kind))
        elif reason := sniff.not_opened(first, path):
            self.skip(index, reason)
        else:
            self._read_odd(index, file)

    def _read_usual(self, index: int, file: FilePieces, start: int, layout: Form) -> None:
        """Read a file that is most likely one slice of many that are alike."""
        first = file.first
        match = _alike.match(first, start, layout)
        if match is not None:
            known, own, value, length = match
            room = _room(file, file, value, length)
            self._add_picture(index, known, own, room, native=length != UNDEFINED)
            return
        known_and_value = self._read_data_set(index, file, Cursor(file, 0, first, start), layout)
        if known_and_value is not None and known_and_value[1] <= len(first):
            own = self._fields[layout].values[SHARED_SLOTS:]
            _alike.learn(Sample(first, start, layout, known_and_value[0], own))

    def _read_odd(self, index: int, file: FilePieces) -> None:
        """Read a file that is not in the most common form, if it is DICOM at all."""
        from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start

        head = file.first if file.size <= len(file.first) else file.piece(0, HEAD_BYTES)
        try:
            start = find_start(head)
        except UnreadableError:
            self.skip(index, _no_data_set(file))
            return
        if start.class_uid == DIRECTORY:
            self._others.append((index, "directory"))
            return
        cursor = Cursor(file, 0, file.first, start.offset)
        if start.deflated:
            cursor = Cursor(InflatedPieces(file.descriptor, start.offset), 0, b"")
        layout = form(explicit=not start.implicit, little=start.little_endian)
        self._read_data_set(index, file, cursor, layout)

    def _read_data_set(
        self, index: int, file: FilePieces, cursor: Cursor, layout: Form
    ) -> tuple[Facts, int] | None:
        """Walk through a data set.

        Returns the facts of a picture and where its pixel values start, if the top level told all.
        """
        found = self._fields.get(layout) or self._fields.setdefault(layout, empty_fields(layout))
        found.clear()
        begin = cursor.base + cursor.position
        walk = walk_explicit if layout.explicit else walk_implicit
        ending, value, length = walk(cursor, layout, found)
        if ending is not Ending.PIXELS:
            if ending is Ending.END and is_document(raw.text(found.values[SOP_CLASS_SLOT])):
                title = document_title(Cursor(cursor.source, begin, b""), layout, found.values)
                self.add_document(index, found.values, layout.little, title)
            else:
                self._no_picture(index, file, ending, found.values)
            return None
        # Headers of one folder are alike: a short one lets the next file be read in a short piece.
        self._first_read = SHORT_READ if value < SHORT_READ else FIRST_READ
        if found.places and cursor.source is file:
            _fill_plane(file, layout, found.places, found.values)
        room = _room(file, cursor.source, value, length)
        known = self.add(index, found.values, layout.little, room, native=length != UNDEFINED)
        return None if known is None or found.places else (known, value)

    def _no_picture(
        self, index: int, file: FilePieces, ending: Ending, values: list[bytes]
    ) -> None:
        sop_class = raw.text(values[SOP_CLASS_SLOT])
        marked = file.first[128:132] == b"DICM"
        if not (marked or sop_class or values[ROWS_SLOT]):
            self.skip(index, NOT_A_PICTURE)
        elif ending is Ending.END:
            self.skip(index, no_pixel_data(sop_class))
        else:
            self._unsure.append((index, CUT_SHORT if ending is Ending.CUT else DAMAGED))

    def add(
        self, index: int, values: list[bytes], little: bool, room: int, *, native: bool
    ) -> Facts | None:
        """Add a picture from its raw values; return what it shares with others of its stack.

        `room` is how many bytes of pixel data are there; encapsulated (not `native`) 0 or more.
        """
        shared = tuple(values[:SHARED_SLOTS])
        known = _known.get((little, shared)) or _learn(little, shared)
        if known is None:
            self._unsure.append((index, NO_SIZE))
            return None
        self._add_picture(index, known, values[SHARED_SLOTS:], room, native=native)
        return known

    def add_document(self, index: int, values: list[bytes], little: bool, title: str) -> None:
        """Add a document from its raw values."""
        header = document_header(tuple(values[:SHARED_SLOTS]), title, little=little)
        uid, number, _, _, *times = values[SHARED_SLOTS:]
        self._headers.append(header)
        self._pictures.append(
            (
                index,
                len(self._headers) - 1,
                raw.text(uid),
                raw.integer(number),
                0,
                None,
                _acquired(times, header),
            )
        )

    def _add_picture(
        self, index: int, known: Facts, own: list[bytes], room: int, *, native: bool
    ) -> None:
        header, row_bits, frame_bits = known
        uid, number, frame_count, position, *times = own
        frames = max(0, raw.integer(frame_count) or 0)
        if native and frame_bits:
            frames = native_frames(frames, room, row_bits, frame_bits)
        else:
            frames = max(1, frames) if room else 0
        if not frames:
            self.skip(index, NO_PIXELS_LEFT)
            return
        picture = (
            index,
            self._index_of(header),
            raw.text(uid),
            raw.integer(number),
            frames,
            raw.position(position),
            _acquired(times, header),
        )
        self._pictures.append(picture)

    def _index_of(self, header: Header) -> int:
        # The same header is the same object as long as it is remembered.
        index = self._header_index.setdefault(id(header), len(self._headers))
        if index == len(self._headers):
            self._headers.append(header)
        return index


def _usual_layout(element: bytes) -> Form | None:
    """Return the layout of a data set that starts with group 8, little endian, as most files do."""
    vr = element[4:6]
    if element[:2] != b"\x08\0":
        return None
    if vr.isalpha() and vr.isupper():
        return EXPLICIT_LITTLE
    return IMPLICIT_LITTLE if element[6:] == b"\0\0" else None


def _no_data_set(file: FilePieces) -> str:
    """Return why a file has no data set that a walk could start with."""
    if file.first[128:132] != b"DICM":
        return NOT_A_PICTURE
    return CUT_SHORT if file.size <= PREAMBLE_AND_LENGTH else DAMAGED


def _learn(little: bool, shared: tuple[bytes, ...]) -> Facts | None:
    """Decode the values that the pictures of a stack share, and remember them."""
    known = facts(shared, little=little)
    if known is not None:
        if len(_known) >= KNOWN_FACTS:
            _known.clear()
        _known[little, shared] = known
    return known


def _acquired(times: list[bytes], header: Header) -> str:
    """Return when the picture was made, "" when the file tells no date."""
    exact, date, time_of_day, content_date, content_time = times
    if exact and (found := raw.moment_of_datetime(exact)):
        return found
    day = date or content_date or header.study_date.encode()
    return raw.moment(day, time_of_day or content_time)


def _room(file: FilePieces, source: Pieces, value: int, length: int) -> int:
    """Return how many bytes of pixel data are there, as far as that costs nothing to tell."""
    if length == UNDEFINED:
        return has_fragment(source, value)
    return min(length, file.size - value) if source is file else length


def has_fragment(pieces: Pieces, start: int) -> int:
    """Return 1 when encapsulated pixel data (PS3.5 A.4) holds more than its offset table."""
    table = pieces.piece(start, 8)
    after = start + 8 + int.from_bytes(table[4:8], "little")
    return int(pieces.piece(after, 4) == b"\xfe\xff\x00\xe0")


def _fill_plane(file: FilePieces, layout: Form, places: list[int], values: list[bytes]) -> None:
    """Take position and orientation of a single frame from its functional groups."""
    if values[POSITION_SLOT] or (raw.integer(values[FRAMES_SLOT]) or 1) > 1:
        return
    slots = {IMAGE_POSITION: POSITION_SLOT, IMAGE_ORIENTATION: ORIENTATION_SLOT}
    for place in places:
        cursor = Cursor(file, place, b"")
        wanted = frozenset(slots)
        inside = values_inside(cursor, layout, PLANE_SEQUENCES, wanted, FUNCTIONAL_GROUP_ELEMENTS)
        for tag, value in inside:
            values[slots[tag]] = value
