"""The queue as a person sees it: rows with their reasons in words, and what can be done."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.entry import Entry, State, paused, retried
from xray_studio.core.pacs.node import is_address
from xray_studio.core.time_words import duration_words
from xray_studio.services.pacs.store import Queue, queue_file


@dataclass(frozen=True, slots=True)
class Row:
    """One object in the queue, in words. `seconds` until it goes on, None where it does not.

    `reason` is the part of `words` that tells no time. `unsure`: nobody knows whether the node
    has it.
    """

    number: int
    node: str
    state: State
    words: str
    path: str
    sop_instance_uid: str
    attempts: int
    seconds: float | None
    reason: str = ""
    unsure: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return Path(self.path).name

    def facts(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {
            "number": self.number, "node": self.node, "state": str(self.state),
            "reason": self.words or None, "file": self.path,
            "sop_instance_uid": self.sop_instance_uid, "attempts": self.attempts,
            "seconds": None if self.seconds is None else round(self.seconds, 1),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The queue: its rows, and how many there are in each state."""

    rows: tuple[Row, ...]
    counts: dict[State, int]

    def facts(self) -> dict[str, Any]:
        """Return the queue as plain values."""
        return {
            "counts": {str(state): count for state, count in self.counts.items()},
            "entries": [row.facts() for row in self.rows],
        }


def row_of(entry: Entry, now: float) -> Row:
    """Return an entry in words."""
    going = entry.state in {State.WAITING, State.FAILED, State.UNKNOWN}
    seconds = max(0.0, entry.due - now) if going else None
    return Row(
        entry.number, entry.node, entry.state, _words(entry, seconds), entry.object.path,
        entry.object.sop_instance_uid, entry.attempts, seconds,
        entry.reason.rstrip("."), entry.unsure,
    )  # fmt: skip


def shown(*, sent: bool = False) -> Shown:
    """Return the queue; what has arrived is counted, and listed only where wanted."""
    now = time.time()
    with Queue() as base:
        entries, counts = base.all() if sent else base.unsent(), base.counts()
    return Shown(tuple(row_of(one, now) for one in entries), counts)


def latest_sent(most: int) -> Shown:
    """Return what has arrived last, at most so many, the latest first."""
    now = time.time()
    with Queue() as base:
        return Shown(tuple(row_of(one, now) for one in base.latest_sent(most)), base.counts())


def unreached(entries: Sequence[Entry]) -> dict[str, int]:
    """Return nodes that were only typed and never took anything, each with how many wait for it.

    That is what an address with a slip looks like.
    """
    typed = Counter(one.node for one in entries if is_address(one.node) and one.attempts)
    with Queue() as base:
        return {node: count for node, count in typed.items() if not base.took(node)}


@dataclass(frozen=True, slots=True)
class Later:
    """What waits besides what was due: how many objects, and those for nodes never reached."""

    known: int
    unreached: dict[str, int]


def later(due: Sequence[Entry]) -> Later:
    """Return what waits besides what was due in a run; `unreached` counts what was due too."""
    with Queue() as base:
        waiting = [one for one in base.unsent() if one.is_open]
    never = unreached(waiting)
    numbers = {one.number for one in due}
    rest = [one for one in waiting if one.number not in numbers and one.node not in never]
    return Later(len(rest), never)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many entries are in each state, and the seconds until one goes on; None: none does."""

    counts: dict[State, int]
    seconds: float | None = None


def ahead() -> Ahead:
    """Return what the queue has still to do. Where nothing was ever sent, none is made."""
    if not queue_file().exists():
        return Ahead(dict.fromkeys(State, 0))
    now = time.time()
    with Queue() as base:
        counts, going = base.counts(), base.open()
    moments = [now if state is State.SENDING else due for _, state, due in going]
    return Ahead(counts, max(0.0, min(moments) - now) if moments else None)


def pause(numbers: Sequence[int] | None = None) -> list[Row]:
    """Let entries wait for a person, all or some; return those that do so now."""
    return _changed(partial(paused, now=time.time()), numbers)


def retry(numbers: Sequence[int] | None = None, *, unasked: bool = False) -> list[Row]:
    """Let entries that failed, wait or were given up go on at once; return those that do.

    `unasked`: also where nobody knows whether the node has them, which may then get them twice.
    """
    return _changed(partial(retried, now=time.time(), unasked=unasked), numbers)


def remove(numbers: Sequence[int] | None = None, *, node: str = "") -> int:
    """Forget entries by number, what has not arrived at a node, or all that has arrived.

    Return how many. Raises UsageError for what the queue does not have.
    """
    with Queue() as base:
        if node:
            numbers = [one.number for one in base.unsent() if one.node == node]
            if not numbers:
                raise UsageError(f"Nothing in the queue waits for {node}; pacs queue lists it.")
        elif numbers is None:
            numbers = [one.number for one in base.all(State.SENT)]
        _check(base, numbers)
        return base.remove(numbers)


def _changed(change: Any, numbers: Sequence[int] | None) -> list[Row]:
    now = time.time()
    with Queue() as base:
        _check(base, numbers or ())
        return [row_of(one, now) for one in base.change(change, numbers)]


def _check(base: Queue, numbers: Sequence[int]) -> None:
    known = {one.number for one in base.all()} if numbers else set[int]()
    for number in numbers:
        if number not in known:
            raise UsageError(f"The queue has no entry {number}; pacs queue lists those it has.")


def _words(entry: Entry, seconds: float | None) -> str:
    """Return why an entry is where it is, and what comes next."""
    why = entry.reason.rstrip(".")
    if entry.state is State.UNKNOWN:
        return f"{why}; {entry.at} will be asked whether it has it{_in(seconds)}"
    if entry.state is State.FAILED:
        return f"{why}; tried again{_in(seconds) or ' now'}"
    return why


def _in(seconds: float | None) -> str:
    return f" in {duration_words(seconds)}" if seconds and seconds >= 1.0 else ""
