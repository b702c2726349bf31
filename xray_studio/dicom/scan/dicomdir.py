"""Files that a DICOMDIR names (PS3.3 Annex F), damaged directories too.

Records are read one after the other: neither their offsets nor their types are needed to find
Referenced File ID (0004,1500), so wrong offsets, a lost patient or another order do no harm.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file.encoding import Form, form
from xray_studio.dicom.file.part10 import find_start
from xray_studio.dicom.file.pieces import OPEN_FLAGS, FilePieces
from xray_studio.dicom.scan.walk import (
    Cursor,
    Ending,
    Found,
    values_inside,
    walk_explicit,
    walk_implicit,
)

REFERENCED_FILE_ID = 0x00041500
DIRECTORY_RECORDS = 0x00041220
MAXIMUM_ELEMENTS = 5_000_000


@dataclass(frozen=True, slots=True)
class Directory:
    """Files named by a DICOMDIR: those that are there, and those that are not.

    `empty` tells that its list of records is there and has none; a damaged one can name no files
    either.
    """

    files: tuple[str, ...]
    missing: tuple[str, ...]
    empty: bool = False


def read_directory(path: str) -> Directory:
    """Return the files that the DICOMDIR at `path` names, in its order.

    Raises UnreadableError when the file cannot be read at all.
    """
    names = _Names(Path(path).parent)
    files: dict[str, None] = {}
    missing: dict[str, None] = {}
    found_ids = _file_ids(path)
    for parts in found_ids or ():
        found = names.find(parts)
        if found is None:
            missing[str(names.folder.joinpath(*parts))] = None
        else:
            files[str(found)] = None
    return Directory(tuple(files), tuple(missing), empty=found_ids is None)


def _file_ids(path: str) -> list[tuple[str, ...]] | None:
    """Return the file IDs of a directory, None where its list of records is empty."""
    try:
        descriptor = os.open(on_disk(path), OPEN_FLAGS)
    except OSError as error:
        raise UnreadableError("The DICOMDIR cannot be opened; open its folder instead.") from error
    try:
        file = FilePieces(descriptor)
        start = find_start(file.first)
        layout = form(explicit=not start.implicit, little=start.little_endian)
        if _has_no_records(Cursor(file, 0, file.first, start.offset), layout):
            return None
        cursor = Cursor(file, 0, file.first, start.offset)
        wanted, enter = frozenset((REFERENCED_FILE_ID,)), frozenset((DIRECTORY_RECORDS,))
        found = [
            value for _, value in values_inside(cursor, layout, enter, wanted, MAXIMUM_ELEMENTS)
        ]
    finally:
        os.close(descriptor)
    return [parts for value in found if (parts := _parts(value))]


def _has_no_records(cursor: Cursor, layout: Form) -> bool:
    """Tell whether the Directory Record Sequence is there and its length is 0."""
    walk = walk_explicit if layout.explicit else walk_implicit
    records = frozenset((layout.key(DIRECTORY_RECORDS),))
    ending, _, length = walk(cursor, layout, Found({}, 0, records, frozenset()))
    return ending is Ending.PIXELS and length == 0


def _parts(value: bytes) -> tuple[str, ...]:
    """Return the names of a file ID; none when it leads out of the medium."""
    parts = tuple(part.strip() for part in raw.text(value).split("\\"))
    unsafe = any(part in {"", ".", ".."} or "/" in part or "\0" in part for part in parts)
    return () if unsafe else parts


@dataclass
class _Names:
    """Finds files as media name them: in capitals, while copies have small letters or a suffix."""

    folder: Path
    _listed: dict[Path, dict[str, Path]] = field(default_factory=dict)

    def find(self, parts: tuple[str, ...]) -> Path | None:
        exact = self.folder.joinpath(*parts)
        if exact.is_file():
            return exact
        path = self.folder
        for part in parts:
            found = self._below(path).get(part.casefold())
            if found is None:
                return None
            path = found
        return path if path.is_file() else None

    def _below(self, folder: Path) -> dict[str, Path]:
        """Return what lies in a folder by lower-case name, with and without suffix or version."""
        if folder not in self._listed:
            try:
                paths = sorted(folder.iterdir())
            except OSError:
                paths = []
            plain = {path.name.partition(";")[0].casefold(): path for path in paths}
            self._listed[folder] = {path.stem.casefold(): path for path in paths} | plain
        return self._listed[folder]
