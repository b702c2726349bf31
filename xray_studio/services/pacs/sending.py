"""Sending files: what they hold is taken into the queue, and the queue sends it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.pacs.entry import Entry, State
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.core.reasons import DAMAGED
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.services.decoding import awaited
from xray_studio.services.finding import FileFinder
from xray_studio.services.pacs.nodes import node_named
from xray_studio.services.pacs.runner import PATIENCE, Patience, run_queue
from xray_studio.services.pacs.store import Added, Queue

_READ: Final = "xray_studio.dicom.outgoing:read_outgoing"
_PER_REQUEST: Final = 128  # files


@dataclass(frozen=True, slots=True)
class Found:
    """Objects in files, and why others cannot be sent, by path."""

    objects: tuple[Outgoing, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes of all objects."""
        return sum(one.size for one in self.objects)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of files that were to be sent: entries of the queue, and what was left out.

    `known` are those that the queue had before: they are on their way, or have arrived.
    """

    entries: tuple[Entry, ...]
    known: tuple[Entry, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def arrived(self) -> int:
        """How many objects the node has."""
        return sum(one.state is State.SENT for one in (*self.entries, *self.known))

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Objects that the queue goes on with."""
        return tuple(one for one in (*self.entries, *self.known) if one.is_open)

    @property
    def given_up(self) -> tuple[Entry, ...]:
        """Objects that wait for a person."""
        stopped = {State.GIVEN_UP, State.PAUSED}
        return tuple(one for one in (*self.entries, *self.known) if one.state in stopped)


def outgoing_in(paths: Sequence[str]) -> Job[Found]:
    """Return the objects in files and below folders, each SOP Instance once.

    Raises UsageError where there are none.
    """
    left_out = dict[str, str]()
    files: list[str] = []
    for some in FileFinder(paths, lambda path, why: left_out.update({path: why})):
        files.extend(some)
        yield Progress(0, 0, "Looking for files")
    objects = dict[str, Outgoing]()
    for begin in range(0, len(files), _PER_REQUEST):
        few = files[begin : begin + _PER_REQUEST]
        answers = yield from _read(few, Progress(begin, len(files), "Reading headers"))
        for path, answer in zip(few, answers, strict=True):
            if isinstance(answer, str):
                left_out[path] = answer
            else:
                objects.setdefault(answer.sop_instance_uid, answer)
    if not objects:
        raise _nothing(left_out)
    return Found(tuple(objects.values()), tuple(left_out.items()))


def enqueue(paths: Sequence[str], node: str, *, again: bool = False) -> Job[tuple[Found, Added]]:
    """Take files into the queue for a node, by name or address; nothing is sent yet."""
    node_named(node)
    found = yield from outgoing_in(paths)
    added = yield from enqueue_found(found, node, again=again)
    return found, added


def enqueue_found(found: Found, node: str, *, again: bool = False) -> Job[Added]:
    """Take objects that were found into the queue for a node, by name or address."""
    node_named(node)
    yield Progress(0, 0, "Writing the queue")
    with Queue() as base:
        return base.add(node, found.objects, again=again)


def send(
    paths: Sequence[str], node: str, *, again: bool = False, patience: float = PATIENCE
) -> Job[Sent]:
    """Send files to a node through the queue, and wait for what is due within `patience` seconds.

    What has not arrived by then stays in the queue, with its reason; so does everything when the
    job is stopped or the program killed.
    """
    found, added = yield from enqueue(paths, node, again=again)
    mine = frozenset((*added.numbers, *(one.number for one in added.known)))
    yield from run_queue(Patience(patience, mine))
    with Queue() as base:
        now = {one.number: one for one in base.all() if one.number in mine}
    return Sent(
        tuple(now[number] for number in added.numbers if number in now),
        tuple(now[one.number] for one in added.known if one.number in now),
        found.left_out,
    )


def _nothing(left_out: dict[str, str]) -> UsageError:
    for path, why in left_out.items():
        return UsageError(f"There is nothing to send; {Path(path).name}: {why}.")
    return UsageError("There are no DICOM objects here; name other files or folders.")


def _read(paths: list[str], progress: Progress) -> Job[list[Outgoing | str]]:
    """Read some files in a worker process; one that is lost tells of each file alone."""
    try:
        return (yield from _asked(paths, progress))
    except StudioError as error:
        if isinstance(error, Cancelled):
            raise
        if len(paths) == 1:
            return [DAMAGED]
    answers: list[Outgoing | str] = []
    for path in paths:
        answers += yield from _read([path], progress)
    return answers


def _asked(paths: list[str], progress: Progress) -> Job[list[Outgoing | str]]:
    future: Future[list[Outgoing | str]] = run_apart(
        _READ, paths, priority=Priority.BATCH, time_limit=reading_time(paths)
    )
    return (yield from awaited(future, progress))
