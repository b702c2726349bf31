"""Drop mark: what a viewport says while something is dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xray_studio.ui.look.theme import font
from xray_studio.ui.look.tokens import DARK

INSET = 4
DIM = QColor(0, 0, 0, 120)
HERE = "Show here"
OVER = "Lay over the volume"
SWAP = "Swap"
REFUSED = "Another patient\nOne tab shows one patient"


class DropMark(QWidget):
    """Covers a viewport, which is black in every theme, and says what a drop would do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = ""
        self._ink, self._cover = DARK.accent, DIM
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, words: str, *, refused: bool = False, empty: bool = False) -> None:
        """Show what would happen, in the colour of danger when nothing would.

        What an `empty` viewport says is hidden meanwhile.
        """
        self.words, self._ink = words, DARK.danger if refused else DARK.accent
        self._cover = QColor(0, 0, 0) if empty else DIM
        self.setAccessibleName(words.replace("\n", ". "))
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a tint, a frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._cover)
        inside = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        tint = QColor(self._ink)
        tint.setAlpha(36)
        painter.setBrush(tint)
        painter.setPen(QPen(QColor(self._ink), 2))
        painter.drawRoundedRect(inside, 8, 8)
        painter.setPen(QColor(DARK.text))
        painter.setFont(font(15, QFont.Weight.DemiBold))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside.adjusted(12, 12, -12, -12), int(flags), self.words)
        painter.end()
