"""Heatmap panel: asks a detector about the picture in view and shows what it marks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QProgressBar, QScrollArea, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button, separator
from xray_studio.ui.heatmap.detector_part import DetectorPart
from xray_studio.ui.heatmap.feedback_part import FeedbackPart
from xray_studio.ui.heatmap.map_part import MapPart
from xray_studio.ui.heatmap.region_part import RegionPart
from xray_studio.ui.heatmap.threshold_part import ThresholdPart
from xray_studio.ui.heatmap.why_part import WhyPart
from xray_studio.ui.heatmap.words import (
    AGAIN,
    LOOK,
    RESEARCH,
    SAVE,
    STOP,
    busy_words,
    error_words,
    facts_words,
    reason_words,
)
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import (
    Answer,
    answer_of,
    asked_detector,
    holds,
    offers_of,
    why_not_shown,
)
from xray_studio.ui.viewer.unusual_commands import UnusualCommands, can_save_result
from xray_studio.ui.widgets.asking import button_row, show_part, show_words, words_of_role
from xray_studio.ui.widgets.hint import hint

MARGIN = 16


class HeatmapPanel(QScrollArea):
    """Detectors, regions, threshold, map.

    `asked` tells the name of an action to be done, `offers_wanted` that somebody looks at the panel
    and the detectors for the clip in view are not known yet.
    """

    asked = Signal(str)
    offers_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, UnusualCommands(session)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Heatmap")
        self.setWidget(self._page())
        session.changed.connect(self._follow)
        self._show(session.state)

    def focus(self) -> None:
        """Give the focus to the list of regions, without any to the button that looks."""
        listed = self.regions.list
        part = listed if listed.isVisibleTo(self) else self.look
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- building

    def _page(self) -> QWidget:
        page = QWidget(self)
        mark(page, area="panel")
        self._make(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(self.reason)
        column.addWidget(self.detectors)
        column.addLayout(button_row(self.look, self.busy))
        for widget in (self.progress, self.error, self.note):
            column.addWidget(widget)
        for line, part in zip(self._lines, self._parts, strict=True):
            column.addWidget(line)
            column.addWidget(part)
        column.addStretch(1)
        return page

    def _make(self, page: QWidget) -> None:
        self.reason, self.busy, self.error, self.note, self.facts = (
            words_of_role(role, page)
            for role in ("secondary", "caption", "danger", "note", "caption")
        )
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detectors = DetectorPart(page)
        self.detectors.chosen.connect(self._commands.use)
        self.look = button(LOOK, page, "accent")
        self.look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.look, "Ask the detector about the picture in view", "look_for_unusual")
        self.look.clicked.connect(self._press)
        self.progress = QProgressBar(page)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.regions = RegionPart(self._session, page)
        self.regions.asked.connect(self.asked)
        self.why = WhyPart(self._session, page)
        self.why.asked.connect(self.asked)
        self.feedback = FeedbackPart(self._session, page)
        self.feedback.asked.connect(self.asked)
        self.threshold = ThresholdPart(self._session, page)
        self.map = MapPart(self._session, page)
        self.save = button(SAVE, page)
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.save, "Save what was found as a picture, a table, NIfTI or DICOM")
        self._parts: tuple[QWidget, ...] = (
            self.regions, self.why, self.feedback, self.threshold, self.map, self.save, self.facts,
        )  # fmt: skip
        self._lines = tuple(separator(page) for _ in self._parts)

    def _press(self) -> None:
        busy = bool(self._session.state.looks.busy)
        self.asked.emit("stop_unusual" if busy else "look_for_unusual")

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if _looks(old) != _looks(new):
            self._show(new)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for detectors; nobody needs them while the panel is not in sight."""
        super().showEvent(event)
        self._want_offers(self._session.state)

    def _want_offers(self, state: State) -> None:
        if self.isVisible() and state.view.clip is not None and not offers_of(state):
            self.offers_wanted.emit()

    def _show(self, state: State) -> None:
        self._want_offers(state)
        answer = answer_of(state)
        self._show_question(state, answer)
        self._show_note(state, answer)
        standing = holds(state)
        shown = standing if standing is not None and not standing.found.abstained else None
        for widget in self._parts:
            widget.setVisible(shown is not None)
        if shown is not None:
            for part in (self.regions, self.why, self.feedback, self.threshold, self.map):
                part.show_state(state, shown)
            self.save.setEnabled(can_save_result(state))
            self.facts.setText(facts_words(shown))
        for line, widget in zip(self._lines, self._parts, strict=True):
            line.setVisible(not widget.isHidden())

    def _show_question(self, state: State, answer: Answer | None) -> None:
        """Show why nothing can be asked, or the detectors, the button and what is being done."""
        looks, has_clip = state.looks, state.view.clip is not None
        self.reason.setText(reason_words(state, answer))
        self.reason.setVisible(bool(self.reason.text()))
        self.detectors.setVisible(has_clip)
        self.detectors.show_state(state)
        busy = bool(looks.busy)
        can = asked_detector(state) is not None or not offers_of(state)
        self.look.setVisible(has_clip and (busy or can))
        self.look.setEnabled(busy or not state.ai_hidden)
        done = answer is not None and answer.whole
        self.look.setText(STOP if busy else AGAIN if done else LOOK)
        self.look.setAccessibleName(self.look.text())
        mark(self.look, kind="" if busy or done else "accent")
        self.busy.setText(busy_words(state) if busy else RESEARCH)
        self.busy.setVisible(busy or answer is not None)
        self.progress.setVisible(busy)
        show_part(self.progress, None if looks.progress is None else looks.progress.fraction)
        show_words(self.error, error_words(state))

    def _show_note(self, state: State, answer: Answer | None) -> None:
        """Show an abstention, or why what was said does not hold."""
        words = why_not_shown(state)
        if answer is not None and not words:
            words = answer.found.abstained
        show_words(self.note, words)


def _looks(state: State) -> tuple[object, ...]:
    """Return what the panel depends on."""
    view, playing = state.view, state.view.cine.playing
    return (
        id(state.looks), state.settings.unusual, id(view.clip), id(view.document), playing,
        -1 if playing else view.frame, view.pipeline, view.working, id(view.worked), view.compared,
        state.ai_hidden, state.active, state.beside is None, state.detached, state.tool,
        id(state.marks), state.settings.reports.name,
    )  # fmt: skip
