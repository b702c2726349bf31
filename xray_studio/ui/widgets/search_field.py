"""Search field: a line to type into, with a magnifier and a way to clear it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from xray_studio.ui.look.icons import icon

TYPING = 120  # milliseconds that a search waits for the next letter


class SearchField(QLineEdit):
    """Words to look for; `searched` tells them, in lower case, when typing rests or with Enter.

    `went_down` and `entered` tell the keys Down and Enter, which lead to what was found. Esc
    clears the field; in an empty field it goes on to the window.
    """

    searched = Signal(object)
    went_down = Signal()
    entered = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[str, ...] = ()
        self._pause = QTimer(self, interval=TYPING, singleShot=True)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
        self.clear_action = self.addAction(
            icon("x", "secondary"), QLineEdit.ActionPosition.TrailingPosition
        )
        self.clear_action.setText("Clear the search")
        self.clear_action.setVisible(False)
        self.clear_action.triggered.connect(self.clear)
        self.textChanged.connect(self._changed)
        self._pause.timeout.connect(self._tell)

    def words(self) -> tuple[str, ...]:
        """Return the words in the field, in lower case."""
        return tuple(self.text().lower().split())

    def focus(self) -> None:
        """Put the cursor into the field and select what is there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def forget(self) -> None:
        """Clear the field at once, beyond what undo brings back: it may hold a name."""
        self.setText("")
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead to what was found with Down and Enter; clear with Esc."""
        if event.key() == Qt.Key.Key_Down:
            self._lead(self.went_down)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._lead(self.entered)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._tell()
        else:
            super().keyPressEvent(event)

    def _lead(self, way: SignalInstance) -> None:
        self._tell()
        way.emit()

    def _changed(self, text: str) -> None:
        self.clear_action.setVisible(bool(text))
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        if self.words() != self._told:
            self._told = self.words()
            self.searched.emit(self._told)
