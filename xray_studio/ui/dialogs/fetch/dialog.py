"""Find in archive: studies are looked for, those that are chosen are fetched and opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Progress
from xray_studio.core.pacs.query import Match
from xray_studio.core.size_words import byte_words
from xray_studio.ui.archives import Archives, Known
from xray_studio.ui.dialogs.export.progress import ExportProgress, show_in_folder
from xray_studio.ui.dialogs.fetch.form import SearchForm
from xray_studio.ui.dialogs.fetch.found import FoundTree
from xray_studio.ui.dialogs.folder_button import FolderButton
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    footer,
    framed,
    heading,
    separator,
    sized,
)
from xray_studio.ui.dialogs.task_dialog import TaskDialog
from xray_studio.ui.fetching import MOST, Fetching, Wanted
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.look.theme import mark
from xray_studio.ui.work import Task

if TYPE_CHECKING:
    from xray_studio.services.pacs.fetching import Got

SIZE: Final = (1160, 700)
TITLE: Final = "Find in archive"
ABOUT: Final = "Studies come as the archive has them, into a new folder, and are opened from there"
SHOWN: Final = "Identity is shown here, though hidden elsewhere: it is what is looked for"
NOTHING_YET: Final = "Type what is known, and search."
NO_NODE: Final = (
    "No archive is known yet; add one under Nodes, or type its address as host:port/AETITLE."
)
NO_PLACE: Final = "Choose an archive, or type its address as host:port/AETITLE."
NOTHING: Final = "The archive has no such study."
CHOOSE: Final = "Choose studies or series to fetch."
CUT: Final = f"The first {MOST} studies that the archive told; look for less to see all."


class FetchDialog(TaskDialog):
    """Searches an archive, and closes when all that was chosen has come.

    It can be closed while it fetches, which then goes on in the jobs bar; one that is opened
    meanwhile shows that. `folder_used` tells the folder to propose the next time, `open_asked` what
    to open. `nodes` opens the list of nodes.
    """

    stopped = "Stopped. Nothing was kept."
    folder_used = Signal(str)
    open_asked = Signal(object)

    def __init__(
        self,
        work: Fetching,
        archives: Archives,
        nodes: Callable[[], object],
        folder: Path,
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._work, self._archives = work, archives
        self._asked = ""
        self._came: Path | None = None
        self.form, self.tree = SearchForm(self), FoundTree(self)
        self.nothing, self.stack = QLabel(NOTHING_YET, self), QStackedWidget(self)
        self.folder_button = FolderButton("Folder for what is fetched", self)
        self.progress = ExportProgress(self, left=MARGIN)
        self.close_button, self.stop_button = button("Close", self), button("Stop", self)
        self.partly_button = button("Open what came", self)
        self.fetch_button = button("Fetch and open", self, "accent")
        self._build(hidden=hidden)
        self._connect(nodes)
        self.folder_button.show_folder(folder)
        self._task = work.task
        if self._task is not None:
            self._begin()
        self._show_chosen()
        self._show_running(running=self._task is not None)
        archives.look()

    def target(self, node: str) -> Path:
        """Return a folder that is not there yet, named by the archive and the day."""
        plain = "".join(one if one.isalnum() or one in "-_" else "-" for one in node).strip("-")
        day = f"{datetime.now().astimezone():%Y-%m-%d}"
        name = f"{plain[:40] or 'archive'}-{day}"
        place, number = self.folder_button.folder / name, 1
        while place.exists():
            number += 1
            place = self.folder_button.folder / f"{name}-{number}"
        return place

    def done(self, result: int) -> None:
        """Stop what is asked for this dialog alone."""
        self._work.leave()
        super().done(result)

    def _build(self, *, hidden: bool) -> None:
        self.setWindowTitle(TITLE)
        mark(self.nothing, role="secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self.tree)
        self.stack.setContentsMargins(MARGIN, 12, MARGIN, 4)
        self.progress.bar.setAccessibleName("Progress of fetching")
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form)
        column.addWidget(separator(self))
        column.addWidget(self.stack, 1)
        column.addWidget(self.progress)
        right = [self.close_button, self.stop_button, self.partly_button, self.fetch_button]
        self.fetch_button.setDefault(True)
        framed(
            self, heading(TITLE, SHOWN if hidden else ABOUT, self), body,
            footer([self.folder_button], right),
        )  # fmt: skip
        sized(self, *SIZE)

    def _connect(self, nodes: Callable[[], object]) -> None:
        work = self._work
        self.form.asked.connect(self._search)
        self.form.nodes_button.clicked.connect(nodes)
        self.tree.opened.connect(self._list_series)
        self.tree.moved.connect(self._show_chosen)
        self.close_button.clicked.connect(self.reject)
        self.stop_button.clicked.connect(work.stop)
        self.partly_button.clicked.connect(self._open)
        self.fetch_button.clicked.connect(self._fetch)
        self.progress.show_button.clicked.connect(self._show_in_folder)
        self._archives.listed.connect(self._list_nodes)
        work.found.connect(self._show_found)
        work.unfound.connect(self._show_unfound)
        work.listed.connect(self.tree.show_series)
        work.unlisted.connect(self.tree.say)
        work.progressed.connect(self._progressed)
        work.fetched.connect(self._fetched)
        work.failed.connect(self._failed)
        work.ended.connect(self._ended)

    # -- looking

    def _list_nodes(self, known: Known) -> None:
        first = not self.form.node.count() and not self.form.where()
        usual = self._work.wanted.node if self._work.wanted is not None else ""
        self.form.offer(known.nodes, usual)
        if not known.nodes and not self._asked:
            self.nothing.setText(NO_NODE)
        if first:
            self.form.focus()

    def _search(self) -> None:
        node = self.form.where()
        if not node:
            self._say_nothing(NO_PLACE)
            return
        try:
            query = self.form.query()
        except UsageError as error:
            self._say_nothing(in_the_window(str(error)), "danger")
            return
        self._asked = node
        self._say_nothing(f"Asking {node}\N{HORIZONTAL ELLIPSIS}")
        self._work.search(node, query)

    def _show_found(self, studies: Sequence[Match]) -> None:
        if not studies:
            self._say_nothing(NOTHING)
            return
        self.tree.show_studies(studies)
        self.stack.setCurrentWidget(self.tree)
        self.tree.setFocus()
        self._show_chosen()

    def _show_unfound(self, why: str) -> None:
        self._say_nothing(why, "danger")

    def _say_nothing(self, words: str, role: str = "secondary") -> None:
        """Say something in place of studies."""
        self.tree.show_studies(())
        mark(self.nothing, role=role)
        self.nothing.setText(words)
        self.stack.setCurrentWidget(self.nothing)
        self._show_chosen()

    def _list_series(self, study_uid: str) -> None:
        self._work.list_series(self._asked, study_uid)

    # -- fetching

    def _show_chosen(self) -> None:
        """Show what would be fetched, while nothing is."""
        if self._task is not None:
            return
        chosen = self.tree.chosen()
        self.fetch_button.setEnabled(bool(chosen))
        studies = self.tree.rows.rowCount()
        if chosen:
            self.progress.say(_chosen_words(chosen))
        elif studies:
            self.progress.say(CUT if studies == MOST else f"{_counted(studies, 'study')}. {CHOOSE}")
        else:
            self.progress.say("")

    def _fetch(self) -> None:
        chosen = self.tree.chosen()
        if not chosen or self._work.task is not None:
            return
        self._came = None
        self.folder_used.emit(str(self.folder_button.folder))
        self._task = self._work.fetch(Wanted(self._asked, tuple(chosen), self.target(self._asked)))
        self._begin()
        self._show_running(running=True)

    def _begin(self) -> None:
        self.progress.begin("Asking what there is")

    def _show_progress(self, now: Progress) -> None:
        super()._show_progress(now)
        if now.partial is not None:
            size = byte_words(now.partial.bytes)
            self.progress.words.setText(f"{now.done:,} of {now.total:,} objects, {size}")

    def _fetched(self, task: Task, got: Got) -> None:
        if not self._is_done(task) or self._work.wanted is None:
            return
        self._came = self._work.wanted.folder
        if not got.missing:
            self._open()
            return
        lost = len(got.missing)
        why = in_the_window(got.missing[0].why.rstrip("."))
        came = f"{len(got.files):,} of {_counted(len(got.files) + lost, 'object')} came"
        self.progress.say(f"{came}. Missing {lost:,}: {why}.", "danger")
        self.progress.show_button.show()
        self._show_running(running=False)
        self.partly_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_running(self, *, running: bool) -> None:
        self.folder_button.setEnabled(not running)
        self.stop_button.setVisible(running)
        self.partly_button.setVisible(self._came is not None and not running)
        self.fetch_button.setEnabled(not running and bool(self.tree.chosen()))

    def _open(self) -> None:
        if self._came is not None:
            self.open_asked.emit([str(self._came)])
            self.accept()

    def _show_in_folder(self) -> None:
        if self._came is not None:
            show_in_folder(self._came / "any")


def _chosen_words(chosen: Sequence[Match]) -> str:
    """Return "1 study and 2 series, 96 objects", the objects where the archive tells them."""
    studies = sum(not one.series_instance_uid for one in chosen)
    series = len(chosen) - studies
    parts = [_counted(studies, "study")] if studies else []
    parts += [f"{series:,} series"] if series else []
    words = " and ".join(parts)
    if all(one.instances is not None for one in chosen):
        words += f", {_counted(sum(one.instances or 0 for one in chosen), 'object')}"
    return f"{words}."


def _counted(count: int, what: str) -> str:
    if count == 1:
        return f"1 {what}"
    return f"{count:,} studies" if what == "study" else f"{count:,} {what}s"
