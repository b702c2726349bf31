"""Jobs bar: what is going on, how far it is, time left and a way to stop it; memory; messages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from xray_studio.core.job import Progress, TimeLeft
from xray_studio.core.pacs.entry import OPEN, State
from xray_studio.core.time_words import duration_words
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State as WindowState
from xray_studio.ui.work import JobRunner, Task

HEIGHT = 32
AT_ONCE = 2
MEGABYTE = 1 << 20
MESSAGE_TIME = 10_000
IN_FOLDER = "Show in folder"


class JobStrip(QWidget):
    """One job: title, bar, how far, time left, Cancel."""

    cancelled = Signal(object)

    def __init__(self, task: Task, *, hidden: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = task
        self._left = TimeLeft(time.monotonic())
        self.title = QLabel(self)
        self.bar = QProgressBar(self)
        self.words = QLabel(self)
        self.cancel = QPushButton("Cancel", self)
        self._build()
        self.show_title(hidden=hidden)
        self.show_progress(task.progress)

    def show_title(self, *, hidden: bool) -> None:
        """Say what the job does, without names of folders while patient identity is hidden."""
        words = self.task.words(hidden=hidden)
        self.title.setText(words)
        self.bar.setAccessibleName(f"Progress of {words}")
        self.cancel.setAccessibleName(f"Cancel {words}")

    def show_progress(self, progress: Progress) -> None:
        """Show how far the job is."""
        fraction = progress.fraction
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round((fraction or 0.0) * 1000))
        self.words.setText(progress_words(progress, self._left.update(progress, time.monotonic())))

    def _build(self) -> None:
        mark(self.title, role="secondary")
        mark(self.words, role="secondary")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(150)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self.cancel, kind="link")
        self.cancel.clicked.connect(lambda: self.cancelled.emit(self.task))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for widget in (self.title, self.bar, self.words, self.cancel):
            row.addWidget(widget)


class JobsBar(QWidget):
    """The bar along the lower edge of the window.

    `folder_asked` tells a file to be shown there, `queue_asked` that the send queue is.
    """

    folder_asked = Signal(object)
    queue_asked = Signal()

    def __init__(self, session: Session, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self.strips: list[JobStrip] = []
        self.message = QLabel(self)
        self.link = QPushButton(self)
        self.queue = QPushButton(self)
        self.memory = QLabel(self)
        self.more = QLabel(self)
        self._clear = QTimer(self, interval=MESSAGE_TIME, singleShot=True)
        self._build()
        session.changed.connect(self._follow)
        runner.added.connect(self._add)
        runner.progressed.connect(self._progress)
        runner.ended.connect(self._remove)
        self._clear.timeout.connect(lambda: self.say(""))

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.setFixedHeight(px(HEIGHT))

    def say(self, text: str, role: str = "secondary", link: str = "") -> None:
        """Show a message for a while; `link` is the text of the button beside it."""
        self._text = text
        mark(self.message, role=role)
        self.link.setText(link)
        self.link.setVisible(bool(link))
        self._elide()
        self._clear.start()

    def show_queue(self, counts: Mapping[State, int]) -> None:
        """Show how many objects wait to be sent or for a person, nothing where none do."""
        waiting = sum(counts[state] for state in OPEN)
        stopped = counts[State.PAUSED] + counts[State.GIVEN_UP]
        parts = [f"{waiting:,} to send" if waiting else "", f"{stopped:,} stopped" * bool(stopped)]
        self.queue.setText(", ".join(filter(None, parts)))
        self.queue.setAccessibleName(f"Send queue: {self.queue.text()}")
        self.queue.setToolTip("Open the send queue")
        self.queue.setVisible(bool(waiting or stopped))

    def say_saved(self, text: str, path: Path) -> None:
        """Say what was saved, with a link to the folder that holds it."""
        self._saved = path
        self.say(text, "done", IN_FOLDER)

    def resizeEvent(self, event: object) -> None:
        """Shorten the message to the room there is."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt passes a QResizeEvent
        self._elide()

    def _elide(self) -> None:
        metrics = self.message.fontMetrics()
        room = max(200, self.width() - 420)
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        self.message.setText(shown)
        self.message.setToolTip(self._text if shown != self._text else "")

    def _build(self) -> None:
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.follow_look()
        self.setAccessibleName("Jobs and messages")
        self._text, self._saved = "", Path()
        self.link.clicked.connect(lambda: self.folder_asked.emit(self._saved))
        mark(self.link, kind="link")
        self.link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.link.hide()
        self.queue.clicked.connect(self.queue_asked)
        mark(self.queue, kind="link")
        self.queue.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.queue.hide()
        self.more.hide()
        for label in (self.memory, self.more):
            mark(label, role="caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(16)
        self._jobs = QHBoxLayout()
        self._jobs.setSpacing(32)
        row.addLayout(self._jobs)
        row.addWidget(self.message)
        row.addWidget(self.link)
        row.addStretch(1)
        row.addWidget(self.queue)
        row.addWidget(self.memory)
        row.addWidget(self.more)

    def _follow(self, old: WindowState, new: WindowState) -> None:
        if old.identity_hidden != new.identity_hidden:
            for strip in self.strips:
                strip.show_title(hidden=new.identity_hidden)
        if old.memory != new.memory:
            used, limit = (round(part / MEGABYTE) for part in new.memory)
            self.memory.setText(f"cache {used:,} of {limit:,} MB" if used else "")

    def _add(self, task: Task) -> None:
        if task.visible:
            hidden = self._session.state.identity_hidden
            strip = JobStrip(task, hidden=hidden, parent=self)
            strip.cancelled.connect(self._cancel)
            self.strips.append(strip)
            self._jobs.addWidget(strip)
            self._arrange()

    def _progress(self, task: Task) -> None:
        for strip in self.strips:
            if strip.task is task:
                strip.show_progress(task.progress)

    def _cancel(self, task: Task) -> None:
        self._runner.cancel(task)
        self._remove(task)

    def _remove(self, task: Task) -> None:
        for strip in [strip for strip in self.strips if strip.task is task]:
            self.strips.remove(strip)
            self._jobs.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        for number, strip in enumerate(self.strips):
            strip.setVisible(number < AT_ONCE)
        waiting = len(self.strips) - AT_ONCE
        self.more.setText(f"{waiting} more waiting")
        self.more.setVisible(waiting > 0)
        self.message.setVisible(not self.strips)
        self.link.setVisible(not self.strips and bool(self.link.text()))


def progress_words(progress: Progress, left: float | None) -> str:
    """Return "64 % · 4 s left", or what is known so far."""
    fraction = progress.fraction
    if fraction is None:
        return progress.message or (f"{progress.done:,}" if progress.done else "")
    parts = [f"{round(fraction * 100)} %", "" if left is None else f"{duration_words(left)} left"]
    return " · ".join(filter(None, parts))
