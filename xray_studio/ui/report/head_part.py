"""Head of the panel: the engine, what begins a report, how far a draft is, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.report.words import (
    AGAIN,
    ANALYSE,
    BY_HAND,
    STOP,
    WRITE,
    badge_words,
    busy_words,
    reason_words,
)
from xray_studio.ui.report_state import STALE, Reporting, engine_shown, sections_shown
from xray_studio.ui.state import State
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.hint import hint

GAP, SHORTEST = 12, 8  # logical pixels, and letters of a title that are always seen
Adjust = QComboBox.SizeAdjustPolicy


class HeadPart(QWidget):
    """`asked` tells the name of an action to be done, `engine_chosen` the name of an engine."""

    asked = Signal(str)
    engine_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason, self.busy, self.problem, self.badge = (
            words_of_role(role, self) for role in ("secondary", "caption", "danger", "note")
        )
        self.engine = QComboBox(self)
        self.engine.setAccessibleName("Report engine")
        self.engine.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The longest title is wider than a narrow panel with large letters.
        self.engine.setSizeAdjustPolicy(Adjust.AdjustToMinimumContentsLengthWithIcon)
        self.engine.setMinimumContentsLength(SHORTEST)
        self.engine.activated.connect(
            lambda row: self.engine_chosen.emit(str(self.engine.itemData(row)))
        )
        about = "Let the engine write about the picture in view"
        self.write = self._button(WRITE, about, "write_draft")
        self.by_hand = self._button(BY_HAND, "Begin a report without an engine", "begin_report")
        about = "Findings, heat maps, a draft and one page of them"
        self.analyse = self._button(ANALYSE, about, "analyse_film")
        self.analyse.setAccessibleName("Analyse the film")
        self.write.clicked.connect(self._press)
        self.by_hand.clicked.connect(lambda: self.asked.emit("begin_report"))
        self.analyse.clicked.connect(lambda: self.asked.emit("analyse_film"))
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self._lay_out()

    @property
    def begins(self) -> QPushButton:
        """The button that begins a report, or stops one that is being written."""
        return self.by_hand if self.write.isHidden() else self.write

    def show_state(self, state: State) -> None:
        """Show what begins a report, and how far a draft is."""
        reporting, has_clip = state.reporting, state.view.clip is not None
        busy, begun = bool(reporting.busy), bool(sections_shown(state))
        self._show_engines(state)
        self._show_buttons(state, busy=busy, begun=begun)
        self.reason.setText("" if busy else reason_words(state, begun=begun))
        self.busy.setText(busy_words(reporting) if busy else "")
        self._show_progress(reporting)
        stale = reporting.stale and not busy
        self.problem.setText(STALE if stale else reporting.told)
        self.badge.setText(badge_words(reporting.report, reporting))
        for label in (self.reason, self.busy, self.problem, self.badge):
            label.setVisible(bool(label.text()))
        self.setVisible(has_clip or bool(self.reason.text() or self.badge.text()))

    def _show_buttons(self, state: State, *, busy: bool, begun: bool) -> None:
        has_clip, shown = state.view.clip is not None, engine_shown(state)
        usable = [one for one in state.reporting.engines or () if not one.unavailable]
        self.write.setText(STOP if busy else AGAIN if begun else WRITE)
        self.write.setAccessibleName(self.write.text())
        mark(self.write, kind="" if busy or begun else "accent")
        self.write.setVisible(has_clip and (busy or bool(usable)))
        self.write.setEnabled(busy or (shown is not None and not shown.unavailable))
        self.by_hand.setVisible(has_clip and not busy and not begun)
        self.analyse.setVisible(has_clip and not busy and not begun)

    def _show_engines(self, state: State) -> None:
        known = state.reporting.engines or ()
        if [self.engine.itemData(n) for n in range(self.engine.count())] != [e.name for e in known]:
            self.engine.clear()
            for one in known:
                self.engine.addItem(one.title, one.name)
                row = self.engine.count() - 1
                self.engine.setItemData(row, one.unavailable, Qt.ItemDataRole.ToolTipRole)
        shown = engine_shown(state)
        wanted = "" if shown is None else shown.name
        self.engine.setCurrentIndex(max(0, self.engine.findData(wanted)))
        self.engine.setVisible(state.view.clip is not None and len(known) > 0)
        self.engine.setEnabled(not state.reporting.busy)

    def _show_progress(self, reporting: Reporting) -> None:
        part = None if reporting.progress is None else reporting.progress.fraction
        self.progress.setRange(0, 0 if part is None else 100)
        self.progress.setValue(round(100.0 * (part or 0.0)))
        self.progress.setVisible(bool(reporting.busy))

    def _press(self) -> None:
        self.asked.emit("stop_draft" if self.write.text() == STOP else "write_draft")

    def _button(self, text: str, about: str, action: str) -> QPushButton:
        made = button(text, self)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(made, about, action)
        return made

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.write, 1)
        row.addWidget(self.by_hand, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.engine)
        column.addLayout(row)
        parts = (self.analyse, self.reason, self.busy, self.progress, self.problem, self.badge)
        for part in parts:
            column.addWidget(part)
