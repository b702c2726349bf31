"""What files held when they were read last, so that an unchanged folder opens without reading it.

One SQLite file in the cache folder, readable by this user only. A file counts as unchanged while
its size, its times and its number on the disk are the same; one that was written within the last
seconds is not remembered, since it may still change within the resolution of its times. The index
may vanish at any moment and is made anew when it is damaged or of another version.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from xray_studio.core import reasons
from xray_studio.core.archive import container, may_be_inside
from xray_studio.core.header import Header
from xray_studio.core.study import Instance, Own, instance_of
from xray_studio.core.version import VERSION
from xray_studio.services.places import cache_folder
from xray_studio.services.settings import load_settings

NAME = "headers.sqlite"
REVISION = 1  # raised when headers are understood in another way
FRESH = 3.0  # seconds during which a file that was written is not remembered
UNUSED = 90 * 86_400  # seconds after which a folder is forgotten
LARGEST = 512 << 20  # bytes of the index; beyond it starts anew
PER_WRITE = 2000  # files that are written at once

Known: TypeAlias = "tuple[Header, Instance] | str"
Signature: TypeAlias = tuple[int, int, int, int]
"""Size, moments of the last change of content and of anything in nanoseconds, number on disk."""
_NOTHING = (None,) * 8

_TABLES = """
CREATE TABLE version (text TEXT);
CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB UNIQUE, used REAL);
CREATE TABLE headers (id INTEGER PRIMARY KEY, content TEXT UNIQUE);
CREATE TABLE files (
    folder INTEGER, name BLOB, size INTEGER, modified INTEGER, changed INTEGER, number INTEGER,
    reason TEXT, header INTEGER, uid TEXT, instance INTEGER, frames INTEGER,
    x REAL, y REAL, z REAL, acquisition TEXT, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
"""
_LOOK_UP = """
SELECT name, size, modified, changed, number,
    reason, header, uid, instance, frames, x, y, z, acquisition FROM files
WHERE folder = ? AND name IN (%s)
"""
_WRITE = "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_WRITE_HEADER = """
INSERT INTO headers (content) VALUES (?)
ON CONFLICT (content) DO UPDATE SET content = excluded.content RETURNING id
"""
_WRITE_FOLDER = """
INSERT INTO folders (path, used) VALUES (?, ?)
ON CONFLICT (path) DO UPDATE SET used = excluded.used RETURNING id
"""
_LASTING = (reasons.NOT_A_PICTURE, reasons.DAMAGED, reasons.CUT_SHORT, reasons.NO_SIZE)


def signature(path: str) -> Signature | None:
    """Return the signature of a file, of its archive for what is in one; None when it is gone."""
    try:
        found = os.stat(container(path) if may_be_inside(path) else path)  # noqa: PTH116 - faster
    except (OSError, ValueError):
        return None
    # Numbers of 64 bits as SQLite holds them.
    number = found.st_ino & ((1 << 63) - 1)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, number


def header_index(*, fresh: bool = False) -> HeaderIndex:
    """Return the index of this user, one that knows nothing when `fresh` or not wanted."""
    settings, _ = load_settings()
    wanted = settings.privacy.remember_headers
    place = cache_folder() / NAME
    if not wanted:
        forget_headers()
    elif fresh:
        return HeaderIndex(place, look_up=False)
    return HeaderIndex(place if wanted else None)


def forget_headers() -> None:
    """Remove what is remembered of all files."""
    with contextlib.suppress(OSError):
        (cache_folder() / NAME).unlink(missing_ok=True)


class HeaderIndex:
    """Looks files up and notes what they hold. Every method belongs to one thread.

    Without a `place` it knows and remembers nothing; without `look_up` it only takes notes. A disk
    that is full or an index in use elsewhere costs its help, never the scan.
    """

    def __init__(self, place: Path | None, *, look_up: bool = True) -> None:
        self._place, self._look_up = place, look_up
        self._database: sqlite3.Connection | None = None
        self._expected: dict[str, tuple[int, bytes, Signature]] = {}
        self._rows: list[tuple[object, ...]] = []
        self._now = 0
        self._folders: dict[str, int] = {}
        self._header_ids: dict[int, int] = {}
        self._headers: dict[int, Header] = {}
        self._kept: list[Header] = []  # as long as their identities are remembered
        if place is not None:
            with self._forgiving():
                self._database = _opened(place)

    def known(self, paths: Iterable[str]) -> dict[str, Known]:
        """Return what unchanged files hold; the others are expected to be noted."""
        found: dict[str, Known] = {}
        if self._database is None:
            return found
        with self._forgiving():
            for folder, several in itertools.groupby(paths, _folder_name):
                found |= self._known_in(folder, list(several))
        return found

    def note(self, path: str, what: Known) -> None:
        """Remember what a file holds, or why it is not opened if that lies in its content."""
        expected = self._expected.pop(path, None)
        if expected is None or (isinstance(what, str) and what not in _LASTING):
            return
        folder, name, sign = expected
        if self._now - max(sign[1], sign[2]) < FRESH * 1e9:
            return
        columns = self._columns(what)
        if columns is not None:
            self._rows.append((folder, name, *sign, *columns))
        if len(self._rows) >= PER_WRITE:
            self.save()

    def save(self) -> None:
        """Write what was noted."""
        rows, self._rows = self._rows, []
        if self._database is not None:
            with self._forgiving(), self._database:
                self._database.executemany(_WRITE, rows)

    def close(self) -> None:
        """Write what is left and close the file."""
        self.save()
        if self._database is not None:
            with self._forgiving():
                self._database.close()
            self._database = None

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Go on without an index when it fails; one that is damaged is removed."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, LookupError) as error:
            if self._database is not None:
                self._database.close()
            self._database = None
            busy = isinstance(error, sqlite3.OperationalError | OSError)
            if self._place is not None and not busy:
                with contextlib.suppress(OSError):
                    self._place.unlink(missing_ok=True)

    def _known_in(self, folder: str, paths: list[str]) -> dict[str, Known]:
        assert self._database is not None
        number, cut = self._folder(folder), len(folder) + 1
        self._now = time.time_ns()
        by_name = {os.fsencode(path[cut:]): path for path in paths}
        for name, path in by_name.items():
            if (sign := signature(path)) is not None:
                self._expected[path] = number, name, sign
        if not self._look_up:
            return {}
        query = _LOOK_UP % ",".join("?" * len(by_name))
        found: dict[str, Known] = {}
        for (
            name,
            *sign_then,
            reason,
            header,
            uid,
            instance,
            frames,
            x,
            y,
            z,
            acquired,
        ) in self._database.execute(query, (number, *by_name)).fetchall():
            path = by_name[name]
            if path not in self._expected or self._expected[path][2] != tuple(sign_then):
                continue
            del self._expected[path]
            place = None if x is None else (x, y, z)
            own = (uid, instance, frames, place, acquired)
            found[path] = reason or self._with_header(path, header, own)
        return found

    def _with_header(self, path: str, number: int, own: Own) -> tuple[Header, Instance]:
        header = self._header(number)
        return header, instance_of(path, header, own)

    def _folder(self, path: str) -> int:
        """Return the number of a folder, and note that it was used."""
        if path not in self._folders:
            assert self._database is not None
            with self._database:
                asked = (os.fsencode(path), time.time())
                (self._folders[path],) = self._database.execute(_WRITE_FOLDER, asked).fetchone()
        return self._folders[path]

    def _columns(self, what: Known) -> tuple[object, ...] | None:
        if isinstance(what, str):
            return what, *_NOTHING
        header, one = what
        number = self._header_ids.get(id(header)) or self._new_header(header)
        if number is None:
            return None
        place = one.image_position or (None, None, None)
        return (
            None,
            number,
            one.sop_instance_uid,
            one.instance_number,
            one.frames,
            *place,
            one.acquisition,
        )

    def _new_header(self, header: Header) -> int | None:
        if self._database is None:
            return None
        with self._forgiving():
            (number,) = self._database.execute(_WRITE_HEADER, (json.dumps(header),)).fetchone()
            self._kept.append(header)
            self._header_ids[id(header)] = int(number)
        return self._header_ids.get(id(header))

    def _header(self, number: int) -> Header:
        if number not in self._headers:
            assert self._database is not None
            (content,) = self._database.execute(
                "SELECT content FROM headers WHERE id = ?", (number,)
            ).fetchone()
            self._headers[number] = Header(*map(_as_tuple, json.loads(content)))
        return self._headers[number]


def _opened(place: Path) -> sqlite3.Connection:
    """Return the index, empty when there was none that can be used."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and place.stat().st_size > LARGEST:
        place.unlink()
    # What it holds names patients: nobody else may read it, from its first byte.
    os.close(os.open(place, os.O_CREAT | os.O_RDWR, 0o600))
    database = _connected(place)
    if not _is_current(database):
        database.close()
        place.unlink()
        os.close(os.open(place, os.O_CREAT | os.O_RDWR, 0o600))
        database = _connected(place)
        database.executescript(_TABLES)
        database.execute("INSERT INTO version VALUES (?)", (_version(),))
    _forget_unused(database)
    return database


def _connected(place: Path) -> sqlite3.Connection:
    """Return the file as a database that waits for no disk: it can be made anew.

    Waiting would be most of the time of a scan of many folders.
    """
    database = sqlite3.connect(place, timeout=1.0)
    database.execute("PRAGMA synchronous = OFF")
    return database


def _is_current(database: sqlite3.Connection) -> bool:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if not {"version", "folders", "headers", "files"} <= tables:
        return False
    return bool(database.execute("SELECT text FROM version").fetchall() == [(_version(),)])


def _version() -> str:
    return json.dumps((VERSION, REVISION, Header._fields, Instance._fields))


def _forget_unused(database: sqlite3.Connection) -> None:
    with database:
        old = (time.time() - UNUSED,)
        unused = "SELECT id FROM folders WHERE used < ?"
        database.execute(f"DELETE FROM files WHERE folder IN ({unused})", old)  # noqa: S608 - no outside text
        database.execute("DELETE FROM folders WHERE used < ?", old)


def _folder_name(path: str) -> str:
    """Return the folder of a path, quickly: there are very many."""
    return path.rpartition(os.sep)[0]


def _as_tuple(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
