"""Number field: a line for one number, with a way back to the number shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """Shows a number until another one is typed; Enter takes that, Esc puts the shown one back.

    Both keys go on to the window, which gives the keys back to the picture.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def shown(self) -> str:
        """Return what stood here before anything was typed."""
        return self._shown

    def show_number(self, words: str) -> None:
        """Show a number; what is being typed is left alone."""
        self._shown = words
        if not (self.hasFocus() and self.isModified()):
            self.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put back with Esc what was shown."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._shown)
        super().keyPressEvent(event)
