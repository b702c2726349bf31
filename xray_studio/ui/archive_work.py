"""Archive work: what the window does with archives, and the dialogs for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from xray_studio.core.kinds import LOOSE
from xray_studio.ui.actions.menus import open_menu
from xray_studio.ui.archives import Archives
from xray_studio.ui.browser.model import Row
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.send.scopes import menu_words, of_files, scopes
from xray_studio.ui.errand import Errand
from xray_studio.ui.fetching import Fetching
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.queue_look import QueueLook
from xray_studio.ui.sending import Sending
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:
    from xray_studio.services.pacs.fetching import Got


class ArchiveWork(Errand):
    """Asks what goes to which node, and what nodes there are."""

    def __init__(self, session: Session, runner: JobRunner, desk: Desk, window: QWidget) -> None:
        super().__init__(session, runner, desk, window)
        self._window = window
        self.archives = Archives(runner, self)
        self.sending = Sending(runner, self)
        self.queue = QueueLook(runner, self)
        self.fetching = Fetching(runner, self)
        self.fetching.fetched.connect(self._fetched)
        self.fetching.failed.connect(self._not_fetched)
        self.sending.told.connect(self.told)

    def send(self, row: Row | None = None) -> None:
        """Ask where a row of the browser goes, or the series on screen and what is around it."""
        state = self._session.state
        found = scopes(state.catalog, state.front, row, hidden=state.identity_hidden)
        self._desk.send(found, self.sending, self.archives)

    def send_files(self, words: str, paths: Sequence[str]) -> None:
        """Ask where objects in files go, which need not be open."""
        self._desk.send((of_files(words, paths),), self.sending, self.archives)

    def find(self, preferences: Preferences, then: Callable[[list[str]], None]) -> None:
        """Ask an archive what it has; `then` opens what was fetched."""
        hidden = self._session.state.identity_hidden
        self._desk.find_in_archive(self.fetching, self.archives, preferences, then, hidden=hidden)

    def _fetched(self, _task: Task, got: Got) -> None:
        """Say what came while no dialog does."""
        if "fetch" in self._desk.dialogs or self.fetching.wanted is None:
            return
        words = f"{_objects(len(got.files))} came into {self.fetching.wanted.folder}"
        if got.missing:
            self.told.emit(f"{words}; {_objects(len(got.missing))} did not.", "danger")
        else:
            self.told.emit(f"{words}.", "done")

    def _not_fetched(self, _task: Task, sentence: str) -> None:
        if "fetch" not in self._desk.dialogs:
            self.told.emit(sentence, "danger")

    def show_queue(self) -> None:
        """List what is on its way."""
        hidden = self._session.state.identity_hidden
        self._desk.show_queue(self.queue, self.sending, hidden=hidden)

    def open_menu(self, row: Row, place: QPoint) -> None:
        """Open the menu of a row of the browser at a place of the screen."""
        send = QAction(menu_words(row), self._window)
        kinds = {series.kind for study in row.patient.studies for series in study.series}
        send.setEnabled(not kinds <= LOOSE and not self._session.state.scanning)
        send.triggered.connect(lambda: self.send(row))
        send.setParent(open_menu([[send]], place, self._window))


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count:,} objects"
