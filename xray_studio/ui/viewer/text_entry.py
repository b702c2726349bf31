"""Text entry: a field over the picture in which the words of a mark are typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from xray_studio.ui.look.theme import px

WIDTH, MOST = 220, 200  # logical pixels; letters
GAP = 4


class TextEntry(QLineEdit):
    """Enter, or going elsewhere, takes the words; Esc leaves things as they were."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = parent
        self._then: Callable[[str], None] | None = None
        self.setAccessibleName("Words of the measurement")
        self.setPlaceholderText("Text")
        self.setMaxLength(MOST)
        self.returnPressed.connect(self._take)
        self.hide()

    def ask(self, place: QPointF, text: str, then: Callable[[str], None]) -> None:
        """Open at a place of the picture with the words so far."""
        self._take()
        self._then = then
        self.setText(text)
        self.selectAll()
        self.setFixedWidth(min(px(WIDTH), self._picture.width() - 2 * GAP))
        self.adjustSize()
        room = self._picture.rect().adjusted(GAP, GAP, -GAP, -GAP)
        left = min(max(round(place.x()), room.left()), room.right() - self.width())
        top = round(place.y() - self.height() / 2)
        self.move(left, min(max(top, room.top()), room.bottom() - self.height()))
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_up(self) -> None:
        """Close without taking the words."""
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the words when the focus goes elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()

    def _take(self) -> None:
        then, text = self._then, self.text().strip()
        self._close()
        if then is not None:
            then(text)

    def _close(self) -> None:
        self._then = None
        had = self.hasFocus()
        self.hide()
        if had:
            self._picture.setFocus()
