"""Fetching: archives are searched, and what was found comes here, in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.query import Level, Match, Query
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:
    from xray_studio.services.pacs.fetching import Got

FETCH: Final = "archive fetch"
MOST: Final = 500  # studies that are listed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Studies and series that are wanted of a node, by its name or address, in a new folder."""

    node: str
    matches: tuple[Match, ...]
    folder: Path


class Fetching(QObject):
    """Searches one archive at a time, and fetches from one.

    `found` tells studies, `unfound` why there are none; `listed` the UID of a study and its series,
    `unlisted` the UID and why there are none. `fetched` tells the task and what came, `failed` the
    task and a sentence; `progressed` and `ended` the task. `task` and `wanted` are what is being
    fetched, None and what was wanted last while nothing is.
    """

    found = Signal(object)
    unfound = Signal(str)
    listed = Signal(str, object)
    unlisted = Signal(str, str)
    fetched = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._numbers = count()
        self._searches: list[Task] = []
        self.task: Task | None = None
        self.wanted: Wanted | None = None
        runner.progressed.connect(self._pass_on)
        runner.ended.connect(self._ended)

    def search(self, node: str, query: Query) -> None:
        """Look for studies; a search before, and the series that it asked for, are given up."""
        self.leave()
        self._ask(node, query, self.found.emit, self.unfound.emit)

    def list_series(self, node: str, study_uid: str) -> None:
        """Ask which series a study has."""
        query = Query(Level.SERIES, study_instance_uid=study_uid)
        self._ask(
            node, query, partial(self.listed.emit, study_uid),
            partial(self.unlisted.emit, study_uid),
        )  # fmt: skip

    def leave(self) -> None:
        """Give up what is asked; what is fetched goes on."""
        for task in self._searches:
            self._runner.give_up(task)
        self._searches.clear()

    def fetch(self, wanted: Wanted) -> Task:
        """Fetch what is wanted, while nothing else is fetched."""
        task = self._runner.start(
            _fetched(wanted), title=f"Fetching from {wanted.node}", lane=FETCH,
            on_result=lambda got: self.fetched.emit(task, got),
            on_error=lambda error: self.failed.emit(task, in_the_window(str(error))),
        )  # fmt: skip
        self.task, self.wanted = task, wanted
        return task

    def stop(self) -> None:
        """Stop fetching; nothing of it stays."""
        if self.task is not None:
            self._runner.give_up(self.task)

    def _ask(
        self, node: str, query: Query, told: Callable[[Any], None], refused: Callable[[str], None]
    ) -> None:
        # In a lane of its own: an archive that hangs holds up no other question.
        task = self._runner.start(
            _found(node, query), title=f"Searching {node}", visible=False,
            lane=f"archive search {next(self._numbers)}", on_result=told,
            on_error=lambda error: refused(_words(error)),
        )  # fmt: skip
        self._searches.append(task)

    def _pass_on(self, task: Task) -> None:
        if task is self.task:
            self.progressed.emit(task)

    def _ended(self, task: Task) -> None:
        if task in self._searches:
            self._searches.remove(task)
        if task is self.task:
            self.task = None
            self.ended.emit(task)


def _words(error: StudioError) -> str:
    return in_the_window(str(error))


def _found(node: str, query: Query) -> Job[list[Match]]:
    yield Progress(message="Searching")
    from xray_studio.services.pacs.asking import find
    from xray_studio.services.pacs.nodes import node_named

    found = yield from find(node_named(node), query, MOST if query.level is Level.STUDY else 0)
    return found


def _fetched(wanted: Wanted) -> Job[Got]:
    yield Progress(message="Asking what there is")
    from xray_studio.services.pacs.fetching import retrieve
    from xray_studio.services.pacs.nodes import node_named

    got = yield from retrieve(node_named(wanted.node), wanted.matches, wanted.folder)
    return got
