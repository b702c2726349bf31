"""Feedback part: what a reader makes of the chosen region, and what a threshold would do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.core.anomaly.verdict import LONGEST
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer, chosen_region, drawn_area, reader_of
from xray_studio.ui.viewer.unusual_commands import UnusualCommands
from xray_studio.ui.widgets.hint import hint

ACTS: Final = (
    ("accept_region", "Accept", "This region is what it should be"),
    ("reject_region", "Reject", "Nothing is to be marked here"),
    ("redraw_region", "Redraw", "Draw an outline or ellipse in place of this region"),
)
DRAW: Final = (
    "Draw round what you mean: with the button down by hand, or corner by corner, closed with Enter"
    " or at the first one. Then press Redraw."
)
DRAW_ROUND: Final = "Draw an ellipse round what you mean, then press Redraw."
DRAWN: Final = "Redraw takes the chosen {} in place of the region."
ABOUT: Final = (
    "Kept on this computer with your name, bound to pixels and model. Nothing learns from it by"
    " itself."
)


class FeedbackPart(QWidget):
    """Name, three buttons. `asked` tells the name of an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, UnusualCommands(session)
        self.title, self.note = QLabel("Your verdict", self), QLabel(self)
        mark(self.title, role="strong")
        mark(self.note, role="caption")
        self.note.setWordWrap(True)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST)
        self.name.setPlaceholderText("Your name")
        self.name.setAccessibleName("Name of the reader")
        self.name.editingFinished.connect(self._rename)
        self.buttons = {name: button(text, self) for name, text, _ in ACTS}
        for name, _, words in ACTS:
            one = self.buttons[name]
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            hint(one, words, name)
            one.clicked.connect(lambda _on=False, name=name: self._ask(name))
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for one in self.buttons.values():
            row.addWidget(one, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.name)
        column.addLayout(row)
        column.addWidget(self.note)

    def show_state(self, state: State, answer: Answer) -> None:
        """Show whose verdict is kept, and what can be said of the chosen region."""
        region = chosen_region(state)
        self.setVisible(region is not None)
        if not self.name.isModified():
            self.name.setText(reader_of(state))
        self.note.setText(note_words(state))
        ready = answer.whole and bool(self.name.text().strip())
        for one in self.buttons.values():
            one.setEnabled(ready)

    def _rename(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self._session.change_settings("unusual", reader=" ".join(self.name.text().split()))

    def _ask(self, name: str) -> None:
        self._rename()
        self.asked.emit(name)


def note_words(state: State) -> str:
    """Return what Redraw takes, how that is drawn, or what becomes of a verdict."""
    area = drawn_area(state)
    if area is not None:
        return DRAWN.format(area.kind.value)
    return {"outline": DRAW, "ellipse": DRAW_ROUND}.get(state.tool, ABOUT)
