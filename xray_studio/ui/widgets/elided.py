"""Elided label: words that give way where room is short."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

SPARE = 2


class Elided(QLabel):
    """A label that gives way: what does not fit is elided; the tooltip has the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """All the words."""
        return self._words

    def set_words(self, words: str, whole: str) -> None:
        """Show words, elided at the end when there is no room; the tooltip says the whole."""
        if (words, whole) != (self._words, self.toolTip()):
            self._words = words
            self.setToolTip(whole)
            self.updateGeometry()
            self._elide()

    def sizeHint(self) -> QSize:
        """Return the room for all words."""
        width = self.fontMetrics().horizontalAdvance(self._words) + SPARE
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, _event: object) -> None:
        """Elide anew."""
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """Elide anew for other letters."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._elide()

    def _elide(self) -> None:
        room = max(self.width(), 1)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))
