"""Find bar: words to find in a document, how many places there are, and the way through them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.icon_button import IconButton


class FindBar(QWidget):
    """`sought` tells words, `stepped` 1 or -1, `closed` that the bar goes."""

    sought = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find in this document")
        self.field.setAccessibleName("Find in this document")
        self.field.setFixedWidth(240)
        self.count = QLabel(self)
        mark(self.count, role="caption")
        self._up = IconButton("chevron-up", "Previous place", "Shift+Enter", side=28, parent=self)
        self._down = IconButton("chevron-down", "Next place", "Enter", side=28, parent=self)
        self._close = IconButton("x", "Close the search", "Esc", side=28, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.field, self.count, self._up, self._down, self._close):
            row.addWidget(part)
        self.field.textChanged.connect(self.sought)
        self._up.clicked.connect(lambda: self.stepped.emit(-1))
        self._down.clicked.connect(lambda: self.stepped.emit(1))
        self._close.clicked.connect(self.closed)

    def begin(self) -> None:
        """Show the bar and put the cursor into it."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.sought.emit(self.field.text())

    def tell(self, here: int, places: int) -> None:
        """Say which of how many places is shown, `here` from 1."""
        words = f"{here} of {places}" if places else "Not found" if self.field.text() else ""
        self.count.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with Enter, leave with Esc."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
