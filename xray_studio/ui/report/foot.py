"""Foot of the panel: the sentence at the cursor, how far the report is, and its signature."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button, separator
from xray_studio.ui.look.theme import mark
from xray_studio.ui.report.sentence_words import spoken
from xray_studio.ui.report.words import (
    ACCEPT,
    AMEND,
    HEAT,
    INSERT,
    NEXT,
    NO_SENTENCE,
    SAVE,
    SIGN,
    review_words,
    state_words,
)
from xray_studio.ui.report_state import sentence_at
from xray_studio.ui.state import State
from xray_studio.ui.viewer.report_commands import (
    can_sign,
    has_open_sentence,
    has_open_sentences,
    rests_on_finding,
)
from xray_studio.ui.widgets.hint import hint

MARGIN, GAP = 16, 8


class Foot(QWidget):
    """Buttons that mean the sentence at the cursor, and those of the whole report.

    `asked` tells the name of an action to be done.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence, self.state = QLabel(self), QLabel(self)
        for label in (self.sentence, self.state):
            label.setWordWrap(True)
            mark(label, role="caption")
        self.accept = self._button(ACCEPT, "Accept the sentence as it is", "accept_sentence")
        self.heat = self._button(HEAT, "What in the picture speaks for it", "show_evidence")
        self.next = self._button(NEXT, "Next AI sentence to review", "next_open_sentence")
        self.insert = self._button(INSERT, "Insert a phrase, measurement, picture", "insert_report")
        self.save = button(SAVE, self)
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.save, "Save as PDF, DICOM, text, FHIR or HL7")
        self.sign = self._button(SIGN, "Sign the report", "sign_report")
        self.amend = self._button(AMEND, "Begin a new version", "amend_report")
        self._lay_out()

    def show_state(self, state: State) -> None:
        """Show what can be done with the report and the sentence at the cursor."""
        reporting, report = state.reporting, state.reporting.report
        self.setVisible(report is not None and reporting.writing is None)
        if report is None:
            return
        sentence = sentence_at(state)
        self.sentence.setText(NO_SENTENCE if sentence is None else _capital(spoken(sentence)))
        for one in (self.sentence, self.accept, self.heat, self.next, self.insert, self.sign):
            one.setVisible(not report.is_signed)
        self.amend.setVisible(report.is_signed)
        self.accept.setEnabled(has_open_sentence(state))
        self.heat.setEnabled(rests_on_finding(state))
        self.next.setEnabled(has_open_sentences(state))
        self.sign.setEnabled(can_sign(state))
        mark(self.sign, kind="accent" if can_sign(state) else "")
        words = state_words(report, reporting), review_words(report)
        self.state.setText(" · ".join(filter(None, words)))

    def set_alone(self, *, is_alone: bool) -> None:
        """Take room at the sides below the report, none within it, which has its own."""
        side = MARGIN if is_alone else 0
        self._inside.setContentsMargins(side, GAP, side, side)

    def _button(self, text: str, about: str, action: str) -> QPushButton:
        made = button(text, self)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAccessibleName(text.rstrip("\N{HORIZONTAL ELLIPSIS}"))
        hint(made, about, action)
        made.clicked.connect(lambda: self.asked.emit(action))
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(separator(self))
        inside = self._inside = QVBoxLayout()
        inside.setSpacing(GAP)
        self.set_alone(is_alone=True)
        inside.addWidget(self.sentence)
        inside.addLayout(_row(self.accept, self.heat, self.next))
        inside.addWidget(self.state)
        inside.addLayout(_row(self.insert, self.save, self.sign, self.amend))
        column.addLayout(inside)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for part in parts:
        row.addWidget(part, 1)
    return row


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
