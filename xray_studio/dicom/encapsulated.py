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
from xray_studio.dicom import syntaxes
from xray_studio.dicom.streams import CODESTREAM_START, JP2_SIGNATURE, JPEG_START

ITEM = 0xFFFEE000
SEQUENCE_END = 0xFFFEE0DD
LARGEST_TABLE = 64 << 20
PEEK = 64

Fragment: TypeAlias = tuple[int, int]
Fragments: TypeAlias = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a pixel data value.

    `fragments` are (offset, length) of their values in the file. `whole` is False when the file
    ends within the last fragment or what follows is no item.
    """

    table: tuple[int, ...]
    fragments: Fragments
    whole: bool


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
    whole = True
    while position + 8 <= size:
        tag, length = _header(file, position)
        if tag != ITEM:
            whole = tag == SEQUENCE_END
            break
        whole = position + 8 + length <= size
        fragments.append((position + 8, min(length, size - position - 8)))
        position += 8 + length
    return Items(table, tuple(fragments), whole)


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
    kept = _without_cut_end(items)
    filled = tuple(fragment for fragment in kept if fragment[1])
    if not filled:
        raise UnreadableError("The compressed pixel data holds no whole frame; it is cut short.")
    found = _by_tables(kept, items.fragments, (extended, items.table), frames)
    index = FrameIndex(found or _by_fragments(file, filled, frames, syntax, items))
    _warn(index, frames, whole=items.whole)
    return index


def _without_cut_end(items: Items) -> Fragments:
    return items.fragments if items.whole else items.fragments[:-1]


def _by_tables(
    kept: Fragments,
    every: Fragments,
    tables: tuple[tuple[int, ...], ...],
    frames: int,
) -> tuple[Fragments, ...] | None:
    """Return frames by the first table that has one entry a frame, each at an item."""
    for table in tables:
        if len(table) == frames:
            found = by_offsets(kept, every, table)
            if found is not None:
                return found
    return None


def by_offsets(
    kept: Fragments, every: Fragments, table: Sequence[int]
) -> tuple[Fragments, ...] | None:
    """Return frames by their offsets from the first item, None when the table does not fit."""
    first = every[0][0]
    position = {fragment[0] - first: i for i, fragment in enumerate(every)}
    starts = [position.get(offset) for offset in table]
    if None in starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):  # type: ignore[operator]  # None is excluded first
        return None
    ends = [*starts[1:], len(every)]
    spans = [every[a:b] for a, b in zip(starts, ends, strict=True)]
    whole = [span for span in spans if span[-1] in kept[-1:] or span[-1][0] < kept[-1][0]]
    return tuple(tuple(f for f in span if f[1]) for span in whole)


def _by_fragments(
    file: BinaryIO, filled: Fragments, frames: int, syntax: str, items: Items
) -> tuple[Fragments, ...]:
    missing = 0 if items.whole else 1
    if len(filled) + missing == frames:
        return tuple((fragment,) for fragment in filled)
    marked = _by_marks(file, filled, _mark(syntax))
    if marked:
        return marked
    if frames == 1 and items.whole:
        return (filled,)
    if frames > 1 and len(filled) % frames == 0:
        step = len(filled) // frames
        return tuple(filled[i : i + step] for i in range(0, len(filled), step))
    return tuple((fragment,) for fragment in filled)


def _by_marks(
    file: BinaryIO, fragments: Fragments, begins: Callable[[bytes], bool] | None
) -> tuple[Fragments, ...]:
    """Return frames that begin where a fragment begins like a compressed frame."""
    if begins is None:
        return ()
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


def _warn(index: FrameIndex, frames: int, *, whole: bool) -> None:
    found = len(index.frames)
    if not whole:
        index.warnings.append(f"The file is cut short: {found} of {frames} frames are whole.")
    elif found != frames:
        index.warnings.append(f"The object says {frames} frames but holds {found}.")
