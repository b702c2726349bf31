"""Findings panel: asks a model about the film in view and shows what it says."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QScrollArea, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button, separator
from xray_studio.ui.finding_state import Told, holds, listed, told_of, why_not_shown
from xray_studio.ui.findings.finding_list import FindingList
from xray_studio.ui.findings.heat_part import HeatPart
from xray_studio.ui.findings.words import (
    ABOUT,
    AGAIN,
    DOCUMENT,
    LOOK,
    NO_MODEL,
    NOTHING,
    OPERATING,
    RESEARCH,
    STOP,
    asked_words,
    facts_words,
)
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.finding_commands import FindingCommands
from xray_studio.ui.widgets.asking import button_row, show_part, show_words, words_of_role
from xray_studio.ui.widgets.hint import hint

MARGIN = 16


class FindingsPanel(QScrollArea):
    """Button, list of findings, heat map. `asked` tells the name of an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, FindingCommands(session)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Findings")
        self.setWidget(self._page())
        session.changed.connect(self._follow)
        self._show(session.state)

    def focus(self) -> None:
        """Give the focus to the list, without findings to the button that looks for them."""
        part = self.list if self.list.isVisibleTo(self) else self.look
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
        column.addLayout(button_row(self.look, self.busy))
        for part in (self.progress, self.error, self.note, self.list, self.operating):
            column.addWidget(part)
        column.addWidget(self.line)
        column.addWidget(self.heat)
        column.addWidget(self.lower_line)
        column.addWidget(self.facts)
        column.addStretch(1)
        return page

    def _make(self, page: QWidget) -> None:
        self.reason, self.busy, self.error, self.note, self.operating, self.facts = (
            words_of_role(role, page)
            for role in ("secondary", "caption", "danger", "note", "caption", "caption")
        )
        self.operating.setText(OPERATING)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.look = button(LOOK, page, "accent")
        self.look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.look, "Ask the model about the film in view", "look_for_findings")
        self.look.clicked.connect(self._press)
        self.progress = QProgressBar(page)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.list = FindingList(page)
        self.list.chosen.connect(self._commands.choose)
        self.heat = HeatPart(self._session, page)
        self.line, self.lower_line = separator(page), separator(page)

    def _press(self) -> None:
        busy = bool(self._session.state.findings.busy)
        self.asked.emit("stop_findings" if busy else "look_for_findings")

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if _looks(old) != _looks(new):
            self._show(new)

    def _show(self, state: State) -> None:
        told, standing = told_of(state), holds(state)
        self._show_question(state, told)
        self._show_note(state, told)
        scores = () if standing is None else listed(standing.assessment)
        self.list.show_findings(scores, state.findings.chosen)
        for part in (self.list, self.operating, self.line, self.heat):
            part.setVisible(bool(scores))
        self.heat.show_state(state)
        self.facts.setText("" if told is None else facts_words(state, told))
        for part in (self.facts, self.lower_line):
            part.setVisible(told is not None)

    def _show_question(self, state: State, told: Told | None) -> None:
        """Show why nothing can be asked, or the button and what is being done."""
        found, has_clip = state.findings, state.view.clip is not None
        self.reason.setText(_reason(state, told))
        self.reason.setVisible(bool(self.reason.text()))
        self.look.setVisible(has_clip)
        busy = bool(found.busy)
        again = told is not None or found.missing is True
        self.look.setText(STOP if busy else AGAIN if again else LOOK)
        self.look.setAccessibleName(self.look.text())
        mark(self.look, kind="" if busy or told is not None else "accent")
        self.busy.setText(asked_words(found) if busy else RESEARCH)
        self.busy.setVisible(busy or told is not None)
        self.progress.setVisible(busy)
        show_part(self.progress, None if found.progress is None else found.progress.fraction)
        show_words(self.error, found.error)

    def _show_note(self, state: State, told: Told | None) -> None:
        """Show an abstention, or why what was said does not hold."""
        words = why_not_shown(state)
        if told is not None and not words:
            words = told.assessment.abstained
        show_words(self.note, words)


def _looks(state: State) -> tuple[object, ...]:
    """Return what the panel depends on."""
    view, playing = state.view, state.view.cine.playing
    return (
        id(state.findings), state.settings.findings, id(view.clip), id(view.document),
        -1 if playing else view.frame, view.pipeline, view.working, id(view.worked),
        state.identity_hidden, state.active,
    )  # fmt: skip


def _reason(state: State, told: Told | None) -> str:
    if state.view.document is not None:
        return DOCUMENT
    if state.view.clip is None:
        return NOTHING
    if state.findings.missing and told is None:
        return NO_MODEL
    return "" if told is not None else f"{ABOUT} {RESEARCH}"
