"""The queue on disk: one SQLite file in the user's data folder, for its owner alone.

What it was told to keep is on the disk when a call returns (write-ahead log, full synchronisation),
whatever ends the program or the machine. Several programs may look at it and change it at a time;
one sends (`services.pacs.runner`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

from xray_studio.core.errors import StudioError, WriteError
from xray_studio.core.files import PRIVATE, write_failure
from xray_studio.core.pacs.entry import DUE, OPEN, Entry, State
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.services.places import data_folder

NAME: Final = "queue.sqlite"
REVISION: Final = 1
BUSY: Final = 10.0  # seconds that another program may write
BESIDE: Final = 65_536  # bytes of the index beside the write-ahead log, and some of that
AT_ONCE: Final = 500  # numbers in one question
FARTHEST: Final = 86_400.0  # seconds; what is due later was noted by a clock that went wrong

_OBJECT: Final = tuple(field.name for field in fields(Outgoing))
_OWN: Final = (
    "state", "attempts", "due", "reason", "at", "unsure", "denials", "changed",
)  # fmt: skip
_COLUMNS: Final = ("number", "node", *_OBJECT, *_OWN)
_TABLE: Final = """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, node TEXT NOT NULL, path BLOB NOT NULL,
    sop_class_uid TEXT, sop_instance_uid TEXT NOT NULL, study_instance_uid TEXT,
    series_instance_uid TEXT, transfer_syntax_uid TEXT, offset INTEGER, size INTEGER,
    modified INTEGER, state TEXT NOT NULL, attempts INTEGER, due REAL, reason TEXT, at TEXT,
    unsure INTEGER, denials INTEGER, changed REAL, UNIQUE (node, sop_instance_uid)
);
CREATE INDEX by_state ON entries (state, due);
"""
_DUE: Final = ", ".join(f"'{state}'" for state in DUE)
_OPEN: Final = ", ".join(f"'{state}'" for state in OPEN)


def queue_file() -> Path:
    """Return where the queue is, or will be when something is sent."""
    return data_folder() / "pacs" / NAME


@dataclass(frozen=True, slots=True)
class Added:
    """Numbers of what was taken in, and entries that were there before and stay as they are."""

    numbers: tuple[int, ...] = ()
    known: tuple[Entry, ...] = ()


class Queue:
    """What is to be sent, by number. Every method belongs to the thread that made it."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the queue, a new one where there is none. Raises StudioError where it cannot be."""
        self._path = path or queue_file()
        self._base = self._opened()

    @property
    def path(self) -> Path:
        """Where the queue is."""
        return self._path

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, node: str, objects: Iterable[Outgoing], *, again: bool) -> Added:
        """Take objects in for a node.

        One that is on its way stays as it is. One that has arrived or was given up is sent anew
        only when `again`, and stays unsure where nobody knows whether the node has it.
        """
        numbers, known = list[int](), list[Entry]()
        with self._writing() as base:
            for one in objects:
                before = _one(base, "node = ? AND sop_instance_uid = ?", node, one.sop_instance_uid)
                if before is None:
                    numbers.append(_insert(base, node, one))
                elif again and not before.is_open and before.state is not State.PAUSED:
                    state = State.UNKNOWN if before.unsure else State.WAITING
                    anew = Entry(before.number, node, one, state, unsure=before.unsure,
                                 at=before.at, changed=time.time())  # fmt: skip
                    _write(base, anew)
                    numbers.append(before.number)
                else:
                    known.append(before)
        return Added(tuple(numbers), tuple(known))

    def all(self, state: State | None = None) -> list[Entry]:
        """Return every entry, of one state alone where it is named."""
        where, values = ("state = ?", (str(state),)) if state else ("1", ())
        return self._select(f"{where} ORDER BY number", *values)

    def named(self, numbers: Collection[int]) -> list[Entry]:
        """Return entries by their numbers, in order; those that are gone are left out."""
        ordered, found = sorted(numbers), list[Entry]()
        for begin in range(0, len(ordered), AT_ONCE):
            few = ordered[begin : begin + AT_ONCE]
            found += self._select(f"number IN ({', '.join('?' * len(few))}) ORDER BY number", *few)
        return found

    def unsent(self) -> list[Entry]:
        """Return every entry that has not arrived."""
        return self._select("state != ? ORDER BY number", str(State.SENT))

    def latest_sent(self, most: int) -> list[Entry]:
        """Return what has arrived last, the latest first."""
        return self._select("state = ? ORDER BY changed DESC LIMIT ?", str(State.SENT), most)

    def took(self, node: str) -> bool:
        """Tell whether anything has arrived for a node."""
        return bool(self._select("node = ? AND state = ? LIMIT 1", node, str(State.SENT)))

    def counts(self) -> dict[State, int]:
        """Return how many entries there are in each state."""
        with self._told():
            rows = self._base.execute("SELECT state, count(*) FROM entries GROUP BY state")
            found = {State(state): int(count) for state, count in rows}
        return {state: found.get(state, 0) for state in State}

    def due(self, now: float, most: int) -> list[Entry]:
        """Return what is due at a moment, what has waited longest first."""
        return self._select(
            f"state IN ({_DUE}) AND (due <= ? OR due > ?) ORDER BY due, number LIMIT ?",
            now, now + FARTHEST, most,
        )  # fmt: skip

    def open(self, since: int = 0) -> list[tuple[int, State, float]]:
        """Return number, state and due moment of what is not settled, from a number on."""
        with self._told():
            rows = self._base.execute(
                f"SELECT number, state, due FROM entries WHERE state IN ({_OPEN}) AND number >= ?",  # noqa: S608 - no outside text
                (since,),
            ).fetchall()
        return [(number, State(state), due) for number, state, due in rows]

    def save(self, entries: Iterable[Entry]) -> None:
        """Write entries as they are now. Raises WriteError where the disk takes nothing."""
        with self._writing() as base:
            for one in entries:
                _write(base, one)

    def claim(self, entries: Iterable[Entry], change: Callable[[Entry], Entry]) -> list[Entry]:
        """Change those entries that nobody changed meanwhile, and return them changed."""
        taken = []
        with self._writing() as base:
            for one in entries:
                now = _one(base, "number = ?", one.number)
                if now == one:
                    taken.append(change(one))
                    _write(base, taken[-1])
        return taken

    def change(
        self, change: Callable[[Entry], Entry], numbers: Sequence[int] | None = None
    ) -> list[Entry]:
        """Change entries, all or those of some numbers, and return those that became others."""
        changed = []
        with self._writing() as base:
            for one in _several(base, "1 ORDER BY number"):
                if numbers is not None and one.number not in numbers:
                    continue
                after = change(one)
                if after != one:
                    _write(base, after)
                    changed.append(after)
        return changed

    def remove(self, numbers: Sequence[int]) -> int:
        """Forget entries that are not going out, and return how many."""
        removed = 0
        with self._writing() as base:
            for number in numbers:
                removed += base.execute(
                    "DELETE FROM entries WHERE number = ? AND state != ?",
                    (number, str(State.SENDING)),
                ).rowcount
        return removed

    def forget_sent(self, before: float) -> None:
        """Forget what arrived before a moment."""
        with self._writing() as base:
            base.execute(
                "DELETE FROM entries WHERE state = ? AND changed < ?", (str(State.SENT), before)
            )

    def _select(self, where: str, *values: Any) -> list[Entry]:
        with self._told():
            return _several(self._base, where, *values)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Change the queue as a whole or not at all."""
        with self._told():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell failures of the database in sentences."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.DatabaseError) -> StudioError:
        code = getattr(error, "sqlite_errorname", "")
        if "FULL" in code or ("IOERR" in code and _is_full(self._path.parent)):
            return WriteError(f"{NAME} cannot be written: the disk is full; free some space.")
        if "BUSY" in code or "LOCKED" in code:
            return StudioError("The queue is in use by another program; try again in a moment.")
        if "CORRUPT" in code or "NOTADB" in code:
            return StudioError(
                f"The queue is damaged; move {self._path} away, and send again what was in it."
            )
        return WriteError(
            f"{NAME} cannot be read or written; check the folder {self._path.parent}."
        )

    def _opened(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # It names files and objects of patients: nobody else may read it, from its first byte.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, PRIVATE))
        except OSError as error:
            raise write_failure(self._path, error) from error
        base = sqlite3.connect(self._path, timeout=BUSY, isolation_level=None)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = FULL")
            _make(base)
        except sqlite3.DatabaseError as error:
            base.close()
            raise self._failure(error) from error
        except StudioError:
            base.close()
            raise
        return base


def _is_full(folder: Path) -> bool:
    """Tell whether a disk has no room for what the database keeps beside its file.

    Where it cannot grow that, the database tells of a disk that fails, not of one that is full.
    """
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < BESIDE
    return False


def _make(base: sqlite3.Connection) -> None:
    """Make the table where there is none. Raises StudioError for one of a later version."""
    base.execute("BEGIN IMMEDIATE")
    (revision,) = base.execute("PRAGMA user_version").fetchone()
    if revision == 0:
        for statement in _TABLE.split(";"):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {REVISION}")
    base.execute("COMMIT")
    if revision > REVISION:
        raise StudioError("The queue is of a later version of this program; use that one.")


def _several(base: sqlite3.Connection, where: str, *values: Any) -> list[Entry]:
    query = f"SELECT {', '.join(_COLUMNS)} FROM entries WHERE {where}"  # noqa: S608 - no outside text
    return [_entry(row) for row in base.execute(query, values).fetchall()]


def _one(base: sqlite3.Connection, where: str, *values: Any) -> Entry | None:
    found = _several(base, where, *values)
    return found[0] if found else None


def _entry(row: Sequence[Any]) -> Entry:
    number, node, path, *rest = row
    cut = len(_OBJECT) - 1
    state, attempts, due, reason, at, unsure, denials, changed = rest[cut:]
    return Entry(
        number, node, Outgoing(os.fsdecode(path), *rest[:cut]), State(state), attempts, due,
        reason, at, bool(unsure), denials, changed,
    )  # fmt: skip


def _values(entry: Entry) -> list[Any]:
    one = entry.object
    return [
        os.fsencode(one.path), *(getattr(one, name) for name in _OBJECT[1:]),
        *(str(entry.state) if name == "state" else getattr(entry, name) for name in _OWN),
    ]  # fmt: skip


def _write(base: sqlite3.Connection, entry: Entry) -> None:
    names = (*_OBJECT, *_OWN)
    sets = ", ".join(f"{name} = ?" for name in names)
    base.execute(
        f"UPDATE entries SET {sets} WHERE number = ?",  # noqa: S608 - no outside text
        (*_values(entry), entry.number),
    )


def _insert(base: sqlite3.Connection, node: str, one: Outgoing) -> int:
    entry = Entry(0, node, one, changed=time.time())
    names = ("node", *_OBJECT, *_OWN)
    made = base.execute(
        f"INSERT INTO entries ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - no outside text
        (node, *_values(entry)),
    )
    assert made.lastrowid is not None
    return made.lastrowid
