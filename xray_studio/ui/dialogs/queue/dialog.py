"""Send queue: what is on its way to archives, why it is not there yet, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.job import Progress
from xray_studio.core.pacs.entry import DUE, State
from xray_studio.core.size_words import byte_words
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.dialogs.queue.model import COLUMNS, QueueModel
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.queue_look import MOST_SENT, QueueLook
from xray_studio.ui.sending import Sending
from xray_studio.ui.widgets.asking import show_part, show_words
from xray_studio.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from xray_studio.services.pacs.shown import Row, Shown

TITLE: Final = "Send queue"
ABOUT: Final = "Each object goes once; what has not arrived is tried again, also after a restart"
SIZE: Final = (1080, 600)
OFTEN: Final = 1000  # milliseconds
STATES: Final[Mapping[str, tuple[State, ...]]] = {
    "going": (*DUE, State.SENDING), "stopped": (State.PAUSED, State.GIVEN_UP),
    "sent": (State.SENT,),
}  # fmt: skip
CALLED: Final = {"going": "On its way", "stopped": "Stopped", "sent": "Sent"}
NOTHING: Final = {
    "going": "Nothing is on its way. Send puts what is open, or a row of the browser, here.",
    "stopped": "Nothing was paused or given up.",
    "sent": "Nothing has arrived yet.",
}
UNASKED: Final = "The node may have it already, and then gets it twice."
SURE: Final = "{} not arrived and would not be sent; Remove once more takes {} out."
_WIDTHS: Final = (220, 120, 96, 56, 96)


class QueueDialog(QDialog):
    """Lists entries and changes those that are selected; it is read anew every second."""

    def __init__(
        self, queue: QueueLook, sending: Sending, parent: QWidget, *, hidden: bool = False
    ) -> None:
        super().__init__(parent)
        self._queue, self._sending = queue, sending
        self._sure: frozenset[int] = frozenset()
        self._problem = False
        self.model, self.view = QueueModel(self, hidden=hidden), QTreeView(self)
        self.which = Segmented("Entries", tuple(CALLED.items()), self)
        self.words, self.bar = QLabel(self), QProgressBar(self)
        self.nothing, self.message = QLabel(self), QLabel(self)
        self.send_now = button("Send now", self)
        self.retry, self.unasked = button("Retry", self), button("Send unasked", self)
        self.pause, self.remove = button("Pause", self), button("Remove", self)
        self.close_button = button("Close", self)
        self._timer = QTimer(self, interval=OFTEN)
        self._build()
        self._connect()
        self._show_selected()
        self._show_running()
        self._timer.start()
        self._look()

    def done(self, result: int) -> None:
        """Stop what is done for this dialog alone."""
        self._timer.stop()
        self._queue.leave()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle(TITLE)
        self._build_view()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(px(120))
        self.bar.setAccessibleName("Progress of sending")
        self.unasked.setToolTip(UNASKED)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.nothing, self.words):
            mark(label, role="secondary")
        self.message.setWordWrap(True)
        self.message.setContentsMargins(12, 0, 12, 0)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self.view)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        self.which.setMinimumWidth(px(360))
        row.addWidget(self.which)
        row.addStretch(1)
        for part in (self.words, self.bar, self.send_now):
            row.addWidget(part)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN - 12, 12, MARGIN - 12, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        column.addWidget(self.message)
        self.message.hide()
        left = [self.retry, self.unasked, self.pause, self.remove]
        framed(self, heading(TITLE, ABOUT, self), body, footer(left, [self.close_button]))
        sized(self, *SIZE)

    def _build_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setAccessibleName("Entries of the send queue")
        header = view.header()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(_WIDTHS):
            view.setColumnWidth(column, px(width))
        remove = QAction("Remove", view)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self.remove.click)
        view.addAction(remove)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._look)
        self.which.chosen.connect(self._look_elsewhere)
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        for press, run in (
            (self.send_now, self._send_now), (self.retry, self._retry), (self.pause, self._pause),
            (self.unasked, self._retry_unasked), (self.remove, self._remove),
            (self.close_button, self.accept),
        ):  # fmt: skip
            press.clicked.connect(run)
        self._queue.listed.connect(self._list)
        self._queue.changed.connect(self._changed)
        self._queue.refused.connect(self._refused)
        self._sending.progressed.connect(self._show_progress)
        self._sending.counted.connect(self._show_running)

    # -- what is shown

    def _look(self) -> None:
        self._queue.look(sent=self.which.value() == "sent")

    def _look_elsewhere(self) -> None:
        self._queue.leave()
        self._say("")
        self._queue.look(sent=self.which.value() == "sent")

    def _list(self, shown: Shown | None) -> None:
        states = STATES[self.which.value()]
        rows = () if shown is None else [one for one in shown.rows if one.state in states]
        numbers, top = self._numbers(), self.view.verticalScrollBar().value()
        if self.model.show(rows):
            self._select(numbers)
            self.view.verticalScrollBar().setValue(top)
        self.nothing.setText(NOTHING[self.which.value()])
        self.stack.setCurrentIndex(1 if rows else 0)
        for key, name in CALLED.items():
            count = 0 if shown is None else sum(shown.counts[state] for state in STATES[key])
            self.which.set_text(key, f"{name} {count:,}")
        self._show_selected()
        self._show_running()

    def _select(self, numbers: frozenset[int]) -> None:
        """Select the entries of some numbers again."""
        chosen, last = QItemSelection(), len(COLUMNS) - 1
        for place, row in enumerate(self.model.rows):
            if row.number in numbers:
                chosen.select(self.model.index(place, 0), self.model.index(place, last))
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(chosen, flags.ClearAndSelect)

    def _selected(self) -> list[Row]:
        places = self.view.selectionModel().selectedRows()
        return [self.model.rows[index.row()] for index in places]

    def _numbers(self) -> frozenset[int]:
        places = self.view.selectionModel().selectedRows()
        return frozenset(self.model.rows[one.row()].number for one in places)

    def _show_selected(self) -> None:
        """Offer what can be done with what is selected."""
        rows = self._selected()
        waiting = [one for one in rows if one.state in DUE]
        stopped = [one for one in rows if one.state in STATES["stopped"]]
        self.retry.setEnabled(bool(waiting or stopped))
        self.pause.setEnabled(bool(waiting))
        self.remove.setEnabled(any(one.state is not State.SENDING for one in rows))
        self.unasked.setVisible(any(one.unsure for one in (*waiting, *stopped)))
        held = bool(self._sure) and self._sure == self._numbers()
        if not held and not self._problem:
            self._say(self._reason(rows))

    def _reason(self, rows: Sequence[Row]) -> str:
        """Return the whole reason that entries share, for which a column may have no room."""
        told = {self.model.reason(row) for row in rows}
        return told.pop() if len(told) == 1 else ""

    def _show_running(self) -> None:
        running = self._sending.running
        self.send_now.setText("Stop" if running else "Send now")
        self.send_now.setAccessibleName("Stop sending" if running else "Send now")
        going = self.which.value() == "going" and self.model.rowCount() > 0
        self.send_now.setEnabled(running or going)
        self.bar.setVisible(running)
        if not running:
            self.words.setText(self._idle_words())

    def _idle_words(self) -> str:
        """Return what is said beside the list while nothing is sent."""
        if self.which.value() == "sent":
            cut = self.model.rowCount() == MOST_SENT
            return f"The latest {MOST_SENT:,}" if cut else ""
        going = self.which.value() == "going" and self.model.rowCount() > 0
        return "Sending is stopped" if self._sending.stopped and going else ""

    def _show_progress(self, progress: Progress) -> None:
        show_part(self.bar, progress.fraction)
        self._show_running()
        self.words.setText(_progress_words(progress))

    # -- what is done

    def _send_now(self) -> None:
        if self._sending.running:
            self._sending.stop()
            return
        self._queue.retry([one.number for one in self.model.rows if one.state in DUE])

    def _retry(self) -> None:
        self._queue.retry(sorted(self._numbers()))

    def _retry_unasked(self) -> None:
        self._queue.retry(sorted(self._numbers()), unasked=True)

    def _pause(self) -> None:
        self._queue.pause(sorted(self._numbers()))

    def _remove(self) -> None:
        """Forget what is selected; what has not arrived only when that is said twice."""
        numbers = self._numbers()
        unsent = sum(one.state is not State.SENT for one in self._selected())
        if unsent and self._sure != numbers:
            words = "1 object has" if unsent == 1 else f"{unsent:,} objects have"
            self._say(SURE.format(words, "it" if unsent == 1 else "them"), "danger")
            self._sure = numbers
            return
        self._say("")
        self._queue.remove(sorted(numbers))

    def _changed(self) -> None:
        self._say("")
        self._sending.begin_again()
        self._look_elsewhere()

    def _refused(self, why: str) -> None:
        self._say(why, "danger")
        self._problem = True

    def _say(self, words: str, role: str = "secondary") -> None:
        self._sure, self._problem = frozenset(), False
        mark(self.message, role=role)
        show_words(self.message, words)


def _progress_words(progress: Progress) -> str:
    """Return "3 of 12 objects, 45.3 MB", or what is waited for."""
    parts = [f"{progress.done:,} of {progress.total:,} objects" if progress.total else ""]
    size = getattr(progress.partial, "bytes", 0)
    parts.append(byte_words(size) if size else "")
    told = ", ".join(filter(None, parts))
    return told if progress.message == "Sending" else f"{progress.message}: {told}"
