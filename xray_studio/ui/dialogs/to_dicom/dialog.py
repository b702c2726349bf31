"""Dialog for videos into DICOM: which ones, what is done, whose they are, then writing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from xray_studio.core.job import Progress
from xray_studio.core.study import Catalog
from xray_studio.core.video.draft import Outlook, Video, clash, dated, outlook, whose
from xray_studio.ui.dialogs.export.progress import ExportProgress, show_in_folder
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
from xray_studio.ui.dialogs.to_dicom.confirm_page import ConfirmPage
from xray_studio.ui.dialogs.to_dicom.doing_page import DoingPage
from xray_studio.ui.dialogs.to_dicom.drafting import Drafting
from xray_studio.ui.dialogs.to_dicom.files_page import FilesPage
from xray_studio.ui.dialogs.to_dicom.pace import Pace
from xray_studio.ui.dialogs.to_dicom.step_row import StepRow
from xray_studio.ui.dialogs.to_dicom.whose_page import WhosePage
from xray_studio.ui.dialogs.to_dicom.words import counted, in_the_window, ways_words
from xray_studio.ui.drop import dropped_paths
from xray_studio.ui.video_imports import VideoImports, WantedVideos
from xray_studio.ui.work import Task

if TYPE_CHECKING:  # they load heavy libraries
    from xray_studio.services.to_dicom.many import Many

WIDTH, HEIGHT = 1120, 760
NAME: Final = "dicom-videos"
TITLE: Final = "Import video into DICOM"
SHOWN: Final = "Identity is shown here, though hidden elsewhere: it has to be confirmed"
ABOUT: Final = "Objects that an archive takes; the videos themselves stay as they are"
STEPS: Final = ("Videos", "What is done", "Whose they are", "Confirm and write")
FILES, DOING, WHOSE, CONFIRM = range(4)
STILL: Final = "Wait until every video was looked at."
NO_RATE: Final = "Choose the single pictures, and type how many follow in a second."
NONE_READ: Final = "Add a video that can be read."
AGAIN: Final = "Everything is shown once more before it is written."
NONE_WRITTEN: Final = "As chosen, nothing can be written; choose otherwise."


class ToDicomDialog(TaskDialog):
    """Makes objects of videos, page by page. It can be closed while it writes in the jobs bar.

    `folder_used` tells the folder to propose the next time, `open_asked` files to open,
    `send_asked` words and files to send.
    """

    stopped = "Stopped. Objects that were finished stay, each of them whole."
    folder_used = Signal(str)
    open_asked = Signal(object)
    send_asked = Signal(str, object)

    def __init__(
        self,
        catalog: Catalog,
        work: VideoImports,
        folder: Path,
        paths: Sequence[str] = (),
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._work, self.draft = work, Drafting(work, self)
        self._target, self._made = Path(), list[str]()
        self._pace = Pace()
        self.steps = StepRow(STEPS, self)
        self.files, self.doing = FilesPage(self), DoingPage(self)
        self.whose = WhosePage(catalog, self, hidden=hidden)
        self.confirm = ConfirmPage(self)
        self.pages = QStackedWidget(self)
        self.folder_button = FolderButton("Folder for DICOM objects", self)
        self.progress = ExportProgress(self, left=MARGIN)
        self.close_button, self.cancel_button = button("Close", self), button("Stop", self)
        self.back, self.next = button("Back", self), button("Next", self, "accent")
        self.write_button = button("Write", self, "accent")
        self.send_button = button("Send\N{HORIZONTAL ELLIPSIS}", self)
        self.open_button = button("Open", self, "accent")
        self._build(hidden=hidden)
        self._connect()
        self.folder_button.show_folder(folder)
        self._turn(FILES)
        if paths:
            self.draft.add(paths)

    def target(self) -> Path:
        """Return a folder that is not there yet."""
        place, number = self.folder_button.folder / NAME, 1
        while place.exists():
            number += 1
            place = self.folder_button.folder / f"{NAME}-{number}"
        return place

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take videos on the first page."""
        if self.pages.currentIndex() == FILES and dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        event.acceptProposedAction()
        self.draft.add(dropped_paths(event.mimeData()))

    def _build(self, *, hidden: bool) -> None:
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        for page in (self.files, self.doing, self.whose, self.confirm):
            self.pages.addWidget(page)
        self.progress.bar.setAccessibleName("Progress of the import")
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.steps)
        column.addWidget(separator(self))
        column.addWidget(self.pages, 1)
        column.addWidget(separator(self))
        column.addWidget(self.progress)
        right = [
            self.close_button, self.cancel_button, self.back, self.next, self.write_button,
            self.send_button, self.open_button,
        ]  # fmt: skip
        framed(
            self,
            heading(TITLE, SHOWN if hidden else ABOUT, self),
            body,
            footer([self.folder_button], right),
        )
        sized(self, WIDTH, HEIGHT)

    def _connect(self) -> None:
        work, draft, whose_page = self._work, self.draft, self.whose
        draft.changed.connect(self._show)
        draft.not_listed.connect(self.files.say)
        draft.not_identified.connect(whose_page.say)
        self.files.added.connect(draft.add)
        self.files.removed.connect(draft.remove)
        self.files.rate_told.connect(draft.tell_rate)
        self.doing.changed.connect(self._show)
        whose_page.told.connect(draft.tell)
        whose_page.study_asked.connect(draft.join_study)
        whose_page.object_asked.connect(draft.join_object)
        whose_page.table_asked.connect(draft.read_table)
        whose_page.nodes_asked.connect(work.find_nodes)
        whose_page.worklist.asked.connect(work.ask_worklist)
        work.nodes_found.connect(whose_page.worklist.offer)
        work.scheduled.connect(whose_page.worklist.show_entries)
        work.not_scheduled.connect(whose_page.worklist.say)
        self.folder_button.chosen.connect(self._show)
        self.close_button.clicked.connect(self.close)
        self.cancel_button.clicked.connect(self._cancel)
        self.back.clicked.connect(lambda: self._turn(self.pages.currentIndex() - 1))
        self.next.clicked.connect(lambda: self._turn(self.pages.currentIndex() + 1))
        self.write_button.clicked.connect(self._write)
        self.send_button.clicked.connect(self._send)
        self.open_button.clicked.connect(self._open)
        self.progress.show_button.clicked.connect(lambda: show_in_folder(self._target / "any"))
        self.finished.connect(work.leave)
        work.written.connect(self._written)
        work.failed.connect(self._failed)
        work.progressed.connect(self._progressed)
        work.ended.connect(self._ended)

    def _turn(self, page: int) -> None:
        """Show a page, with the focus where it begins."""
        self.pages.setCurrentIndex(page)
        self.steps.show_step(page)
        self._show()
        if page != CONFIRM:
            (self.files, self.doing, self.whose)[page].focus()
        else:
            self.write_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        """Show what is known on the page in sight, and whether it is enough to go on."""
        page, ready = self.pages.currentIndex(), self.draft.readable
        if page == FILES:
            self.files.show_videos(self.draft.videos)
        elif page == DOING:
            self.doing.show_videos(ready)
        elif page == WHOSE:
            self.whose.show_videos(ready)
        else:
            videos = self._final()
            self.confirm.show_videos(videos, self._outlooks(videos))
        problem = self._problem(page)
        self.next.setEnabled(not problem)
        self.write_button.setEnabled(not problem)
        self._show_buttons(page)
        self.progress.say(problem or self._prospect(page))

    def _problem(self, page: int) -> str:
        """Return why there is no going on from a page, "" where there is."""
        if page == FILES:
            if self.draft.pending:
                return STILL
            if any(one.timeless for one in self.draft.readable):
                return NO_RATE
            return "" if self.draft.readable else NONE_READ
        if page == WHOSE:
            return self.whose.problems() or clash(self.draft.readable)
        if not any(one.plan is not None for one in self._outlooks(self.draft.readable)):
            return NONE_WRITTEN
        return ""

    def _prospect(self, page: int) -> str:
        """Return what comes of it as things are."""
        ready = self.draft.readable
        lost = len(self.draft.videos) - len(ready)
        if page == FILES and lost:
            return f"{counted(lost)} cannot be read and {'is' if lost == 1 else 'are'} left out."
        if page == DOING:
            return ways_words([one.plan for one in self._outlooks(ready)])
        if page == CONFIRM:
            return f"Into the folder {self.target().name}. Nothing was written so far."
        return AGAIN if page == WHOSE else ""

    def _outlooks(self, videos: Sequence[Video]) -> list[Outlook]:
        wish = self.doing.wish()
        return [outlook(one, wish) for one in videos]

    def _final(self) -> list[Video]:
        """Return the videos with all that is told of them."""
        wish, region = self.doing.wish(), self.doing.region_code()
        told = [replace(one, identity=whose(one, wish, region)) for one in self.draft.readable]
        return dated(told)

    def _write(self) -> None:
        self._target = self.target()
        self.folder_used.emit(str(self.folder_button.folder))
        videos = self._final()
        self._pace.begin([one.facts.frames if one.facts else 0 for one in videos])
        doing, target = self.doing, self._target
        wanted = WantedVideos(videos, doing.wish(), target, doing.series.text().strip())
        self._task = self._work.write(wanted)
        self._show_running(running=True)
        self.progress.begin()

    def _cancel(self) -> None:
        if self._task is not None:
            self._work.cancel(self._task)

    def _show_progress(self, now: Progress) -> None:
        super()._show_progress(now)
        if now.partial is None:
            return
        self.confirm.show_standings(now.partial)
        done = sum(bool(one.written or one.reason) for one in now.partial)
        speed = self._pace.words([one.fraction for one in now.partial], time.monotonic())
        words = f"{done:,} of {counted(len(now.partial))}"
        self.progress.words.setText(f"{words}, {speed}" if speed else words)

    def _written(self, task: Task, result: Many) -> None:
        if not self._is_done(task):
            return
        self._made = [str(target) for one in result.written for target in one.targets]
        words = f"{counted(len(result.written))} written"
        lost = len(result.failed)
        if lost:
            words += f", {lost:,} not: {in_the_window(result.failed[0][1])}"
        if not self._made:
            self.progress.say(words, "danger")
            return
        self.progress.show_done(words)
        self._show_buttons(CONFIRM)
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ended(self, task: Task) -> None:
        stopped = task is self._task
        super()._ended(task)
        if stopped:
            self.confirm.say_stopped()

    def _show_running(self, *, running: bool) -> None:
        self.folder_button.setEnabled(not running)
        self._show_buttons(self.pages.currentIndex())

    def _show_buttons(self, page: int) -> None:
        busy, done = self._task is not None, bool(self._made)
        self.folder_button.setVisible(page == CONFIRM and not done)
        self.cancel_button.setVisible(busy)
        self.back.setVisible(page > FILES and not busy and not done)
        self.next.setVisible(page < CONFIRM)
        self.write_button.setVisible(page == CONFIRM and not busy and not done)
        self.send_button.setVisible(done)
        self.open_button.setVisible(done)
        for one in (self.next, self.write_button, self.open_button):
            one.setDefault(not one.isHidden())

    def _open(self) -> None:
        self.open_asked.emit(self._made)
        self.close()

    def _send(self) -> None:
        """Let somebody ask where the objects go; the dialog makes room for that one."""
        words, made = f"{counted(len(self._made), 'object')} of videos", self._made
        self.close()
        self.send_asked.emit(words, made)
