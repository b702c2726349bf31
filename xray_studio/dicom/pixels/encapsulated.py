"""Finding the frames of encapsulated pixel data (PS3.5 A.4) without reading them.

The value is a sequence of items: an offset table, then fragments. Tables are often empty, sometimes
wrong; fragments need not match frames. The order of trust: a table that fits the items, one
fragment a frame, the marks at which compressed frames begin.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import BinaryIO, TypeAlias

from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.streams import CODESTREAM_START, JP2_SIGNATURE, JPEG_START

ITEM = 0xFFFEE000
SEQUENCE_END = 0xFFFEE0DD
LARGEST_TABLE = 64 << 20
PEEK = 64

Fragment: TypeAlias = tuple[int, int]
Fragments: TypeAlias = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a pixel data value.

    `fragments` are (offset, length) of the values that are whole. `ended` tells that the end mark
    was reached; otherwise `cut` may be the offset of a fragment that the file ends within.
    """

    table: tuple[int, ...]
    fragments: Fragments
    ended: bool
    cut: int | None = None


@dataclass(slots=True)
class FrameIndex:
    """Where the frames lie: the fragments of each one, and what was wrong on the way."""

    frames: tuple[Fragments, ...]
    warnings: list[str] = field(default_factory=list)


def walk_items(file: BinaryIO, offset: int, size: int) -> Items:
    """Return the items of a pixel data value at `offset` in a file of `size` bytes.

    Raises UnreadableError when there is no item at all.
    """
    table_at, table_length, position = _item(file, offset, size)
    file.seek(table_at)
    data = file.read(min(table_length, LARGEST_TABLE))
    table = struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
    fragments: list[Fragment] = []
    tag, cut = ITEM, None
    while position + 8 <= size and cut is None:
        tag, length = _header(file, position)
        if tag != ITEM:
            break
        position += 8
        if position + length > size:
            cut = position
        else:
            fragments.append((position, length))
            position += length
    return Items(table, tuple(fragments), tag == SEQUENCE_END, cut)


def _item(file: BinaryIO, position: int, size: int) -> tuple[int, int, int]:
    """Return value offset, length and end of the offset table item."""
    if position + 8 <= size:
        tag, length = _header(file, position)
        if tag == ITEM and position + 8 + length <= size:
            return position + 8, length, position + 8 + length
    raise UnreadableError("The compressed pixel data holds no frames; the file is damaged.")


def _header(file: BinaryIO, position: int) -> tuple[int, int]:
    file.seek(position)
    data = file.read(8)
    if len(data) < 8:
        return 0, 0
    group, element, length = struct.unpack("<HHI", data)
    return (group << 16) | element, length


def index_frames(
    file: BinaryIO,
    items: Items,
    frames: int,
    syntax: str,
    extended: tuple[int, ...] = (),
) -> FrameIndex:
    """Return where each frame lies.

    `frames` is Number of Frames, `extended` the Extended Offset Table. What the data says wins over
    Number of Frames, with a warning. Raises UnreadableError when no frame can be found.
    """
    filled = tuple(fragment for fragment in items.fragments if fragment[1])
    if not filled:
        raise UnreadableError("The compressed pixel data holds no whole frame; it is cut short.")
    by_table = _by_tables(items, (extended, items.table), frames)
    found = by_table or _by_fragments(file, items, filled, frames, syntax)
    if not found:
        raise UnreadableError("The file is cut short: no frame of it is whole.")
    index = FrameIndex(found)
    _warn(index, frames, items)
    return index


def _by_tables(
    items: Items, tables: tuple[tuple[int, ...], ...], frames: int
) -> tuple[Fragments, ...] | None:
    """Return frames by the first table that has one entry a frame, each at an item."""
    for table in tables:
        if len(table) == frames:
            found = by_offsets(items, table)
            if found is not None:
                return found
    return None


def by_offsets(items: Items, table: Sequence[int]) -> tuple[Fragments, ...] | None:
    """Return the whole frames by their offsets from the first item; None when they do not fit.

    Where the end mark was not reached, the last frames may be missing.
    """
    fragments = items.fragments
    first, end = fragments[0][0], sum(fragments[-1]) + 8
    number = {offset - first: i for i, (offset, _) in enumerate(fragments)}
    number[end - first] = len(fragments)
    beyond = end - first + (items.cut is not None)
    if table[0] != 0 or any(a >= b for a, b in pairwise(table)):
        return None
    spans: list[Fragments] = []
    for begin, stop in pairwise([*table, beyond]):
        if not items.ended and (begin >= end - first or stop > end - first):
            break
        if begin not in number or stop not in number:
            return None
        spans.append(tuple(f for f in fragments[number[begin] : number[stop]] if f[1]))
    return tuple(spans) or None


def _by_fragments(
    file: BinaryIO, items: Items, filled: Fragments, frames: int, syntax: str
) -> tuple[Fragments, ...]:
    if len(filled) + (items.cut is not None) == frames:
        return tuple((fragment,) for fragment in filled)
    begins = _mark(syntax)
    marked = _by_marks(file, filled, begins) if begins else ()
    if begins and marked:
        return _without_rest(file, items, marked, begins)
    if frames == 1:
        return (filled,) if items.cut is None else ()
    if items.ended and len(filled) % frames == 0:
        step = len(filled) // frames
        return tuple(filled[i : i + step] for i in range(0, len(filled), step))
    return tuple((fragment,) for fragment in filled)


def _without_rest(
    file: BinaryIO, items: Items, found: tuple[Fragments, ...], begins: Callable[[bytes], bool]
) -> tuple[Fragments, ...]:
    """Leave out the last frame when the fragment that the file ends within belongs to it."""
    if items.cut is None or begins(_peek(file, (items.cut, PEEK))):
        return found
    one_each = len(found) > 1 and all(len(frame) == 1 for frame in found)
    return found if one_each else found[:-1]


def _by_marks(
    file: BinaryIO, fragments: Fragments, begins: Callable[[bytes], bool]
) -> tuple[Fragments, ...]:
    """Return frames that begin where a fragment begins like a compressed frame."""
    starts = [i for i, fragment in enumerate(fragments) if begins(_peek(file, fragment))]
    if not starts or starts[0] != 0:
        return ()
    return tuple(fragments[a:b] for a, b in pairwise([*starts, len(fragments)]))


def _peek(file: BinaryIO, fragment: Fragment) -> bytes:
    file.seek(fragment[0])
    return file.read(min(PEEK, fragment[1]))


def _mark(syntax: str) -> Callable[[bytes], bool] | None:
    """Return the test that tells the beginning of a frame, None where there is no mark."""
    if syntax == syntaxes.RLE:
        return _begins_rle
    if syntax in {syntaxes.DEFLATED_FRAMES, syntaxes.ENCAPSULATED_UNCOMPRESSED}:
        return None
    return lambda head: head.startswith((JPEG_START, CODESTREAM_START, JP2_SIGNATURE))


def _begins_rle(head: bytes) -> bool:
    """Tell whether bytes look like an RLE header: a few segments, the first right behind it."""
    if len(head) < 64:
        return False
    count, first = struct.unpack("<II", head[:8])
    return bool(1 <= count <= 15 and first == 64)


def _warn(index: FrameIndex, frames: int, items: Items) -> None:
    found = len(index.frames)
    if items.cut is not None or (found < frames and not items.ended):
        index.warnings.append(f"The file is cut short: {found} of {frames} frames are whole.")
    elif found != frames:
        index.warnings.append(f"The object says {frames} frames but holds {found}.")
