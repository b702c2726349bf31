"""The directory of a media folder, DICOMDIR (PS3.3 Annex F, PS3.10 8).

First what a file has to be listed by is read (`read_entries`), then the records are put together
with the offsets that lead from one to the next (`directory_bytes`). Both run in worker processes.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.dataset import data_stream, lenient_pydicom
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import Stamp, open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.records import LEVELS, record_kind, records_of

FILE_SET = "XRAY_STUDIO"
_ROOT, _LAST, _FLAG, _RECORDS = (0x0004, 0x1200), (0x0004, 0x1202), (0x0004, 0x1212), 0x1220
_IN_USE = 0xFFFF
_FOLDER, _LETTERS = "DICOM", "PSRI"  # patient, study, series, instance


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to be listed.

    `keys` tell its patient, study, series and instance apart, `order` sorts it among others;
    `records` are its four records as they stand behind their links. `head` is what has to come
    before the data set at `start`, for a file that has no File Meta Information.
    """

    keys: tuple[str, str, str, str]
    order: tuple[object, ...]
    records: tuple[bytes, bytes, bytes, bytes]
    syntax: str
    stamp: Stamp
    start: int
    head: bytes = b""


def read_entries(paths: tuple[str, ...]) -> list[Entry | StudioError]:
    """Return what each file is listed by, or why it has no place in a directory."""
    return [_read(path) for path in paths]


def _read(path: str) -> Entry | StudioError:
    try:
        with lenient_pydicom():
            return _entry(path)
    except StudioError as error:
        return error
    except Exception:  # noqa: BLE001 - damaged data can raise anything
        return UnreadableError("Its attributes are damaged.")


def _entry(path: str) -> Entry:
    with open_file(path) as file:
        head = file.read(HEAD_BYTES)
        start = find_start(head)
        dataset = read_dataset(
            data_stream(file, start),
            start.implicit,
            start.little_endian,
            stop_when=lambda tag, _vr, _length: tag.group >= 0x5400,
        )
        stamp = Stamp.of(file)
    kind = record_kind(dataset)
    if not kind:
        raise UnsupportedError("Objects of its kind are not listed in a DICOMDIR.")
    syntax = start.transfer_syntax or _plain(start.implicit, little=start.little_endian)
    keys, order, records = records_of(dataset, kind, syntax)
    bare = (
        b""
        if head[128:132] == b"DICM" and start.transfer_syntax
        else file_head(text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID"), syntax)
    )
    return Entry(keys, order, records, syntax, stamp, start.offset, bare)


def _plain(implicit: bool, *, little: bool) -> str:
    if not little:
        return syntaxes.EXPLICIT_BIG
    return syntaxes.IMPLICIT_LITTLE if implicit else syntaxes.EXPLICIT_LITTLE


def file_ids(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """Return a File ID for each entry, in their order: folders and names of at most 8 letters."""
    numbers: dict[tuple[str, ...], int] = {}
    below: Counter[tuple[str, ...]] = Counter()
    ids = []
    for entry in entries:
        parts = [_FOLDER]
        for level, letter in enumerate(_LETTERS, start=1):
            key = entry.keys[:level]
            if key not in numbers:
                below[key[:-1]] += 1
                numbers[key] = below[key[:-1]]
            parts.append(f"{letter}{numbers[key]:06}")
        ids.append(tuple(parts))
    return ids


@dataclass(slots=True)
class _Node:
    """One record: its bytes behind the links, what lies below, and where it stands."""

    body: bytes
    below: list[_Node]
    at: int = 0


def directory_bytes(entries: Sequence[Entry], ids: Sequence[tuple[str, ...]]) -> bytes:
    """Return a DICOMDIR that lists entries, which are sorted, under their File IDs."""
    roots = _tree(list(zip(entries, ids, strict=True)), 0)
    head = file_head(MediaStorageDirectoryStorage, new_uid(), ExplicitVRLittleEndian)
    leading = Dataset()
    leading.FileSetID = FILE_SET
    front = head + as_bytes(leading, ExplicitVRLittleEndian)
    every = list(_walk(roots))
    begin = len(front) + 3 * 12 - 2 + 12  # two offsets, the flag, and the sequence's own header
    for node in every:
        node.at = begin
        begin += 8 + len(_linked(node, 0))
    body = b"".join(_item(node, following) for node, following in _with_next(roots))
    links = struct.pack("<HH2sHI", *_ROOT, b"UL", 4, roots[0].at)
    links += struct.pack("<HH2sHI", *_LAST, b"UL", 4, roots[-1].at)
    links += struct.pack("<HH2sHH", *_FLAG, b"US", 2, 0)
    records = struct.pack("<HH2sHI", 0x0004, _RECORDS, b"SQ", 0, len(body))
    return front + links + records + body


def _tree(listed: list[tuple[Entry, tuple[str, ...]]], level: int) -> list[_Node]:
    """Return the records of one level, each with those below it."""
    if level == LEVELS - 1:
        return [_Node(_leaf(entry, file_id), []) for entry, file_id in listed]
    nodes = []
    for _, group in groupby(listed, key=lambda pair: pair[0].keys[level]):
        same = list(group)
        nodes.append(_Node(same[0][0].records[level], _tree(same, level + 1)))
    return nodes


def _leaf(entry: Entry, file_id: tuple[str, ...]) -> bytes:
    """Return a record of a file: its File ID comes behind its type (0004,1430)."""
    name = "\\".join(file_id).encode("ascii")
    name += b" " * (len(name) % 2)
    element = struct.pack("<HH2sH", 0x0004, 0x1500, b"CS", len(name)) + name
    kind = 8 + struct.unpack("<H", entry.records[-1][6:8])[0]
    return entry.records[-1][:kind] + element + entry.records[-1][kind:]


def _walk(nodes: Sequence[_Node]) -> Iterator[_Node]:
    for node in nodes:
        yield node
        yield from _walk(node.below)


def _with_next(nodes: Sequence[_Node]) -> Iterator[tuple[_Node, int]]:
    """Yield every record with the place of the next one of its level, 0 for the last."""
    for node, following in pairwise([*nodes, None]):
        assert node is not None
        yield node, following.at if following is not None else 0
        yield from _with_next(node.below)


def _linked(node: _Node, following: int) -> bytes:
    lower = node.below[0].at if node.below else 0
    links = struct.pack("<HH2sHI", 0x0004, 0x1400, b"UL", 4, following)
    links += struct.pack("<HH2sHH", 0x0004, 0x1410, b"US", 2, _IN_USE)
    links += struct.pack("<HH2sHI", 0x0004, 0x1420, b"UL", 4, lower)
    return links + node.body


def _item(node: _Node, following: int) -> bytes:
    data = _linked(node, following)
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(data)) + data
