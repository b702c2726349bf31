"""Search field: a line to type into, with a magnifier and a way to clear it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import tokens

TYPING = 120  # milliseconds that a search waits for the next letter


class SearchField(QLineEdit):
    """Words to look for; `searched` tells them, in lower case, when typing rests or with Enter."""

    searched = Signal(object)

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[str, ...] = ()
        self._pause = QTimer(self, interval=TYPING, singleShot=True)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        shade = tokens().secondary
        self.addAction(icon("search", shade), QLineEdit.ActionPosition.LeadingPosition)
        self.clear_action = self.addAction(
            icon("x", shade), QLineEdit.ActionPosition.TrailingPosition
        )
        self.clear_action.setText("Clear the search")
        self.clear_action.setVisible(False)
        self.clear_action.triggered.connect(self.clear)
        self.textChanged.connect(self._changed)
        self.returnPressed.connect(self._tell)
        self._pause.timeout.connect(self._tell)

    def words(self) -> tuple[str, ...]:
        """Return the words in the field, in lower case."""
        return tuple(self.text().lower().split())

    def focus(self) -> None:
        """Put the cursor into the field and select what is there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _changed(self, text: str) -> None:
        self.clear_action.setVisible(bool(text))
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        if self.words() != self._told:
            self._told = self.words()
            self.searched.emit(self._told)
