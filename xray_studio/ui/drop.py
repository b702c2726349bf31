"""Dropping files and folders on the window."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xray_studio.ui.look.theme import colour, font

INSET = 12


def dropped_paths(data: QMimeData) -> list[str]:
    """Return the files and folders that are dragged, none for anything else."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


class DropHint(QWidget):
    """Covers the window while files are dragged over it and says what will happen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop to open")
        self.hide()

    def cover(self) -> None:
        """Show the hint over the whole window."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a veil, a frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colour("background"))
        veil.setAlpha(200)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(colour("accent"), 2))
        inside = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(inside, 8, 8)
        painter.setPen(colour("text"))
        painter.setFont(font(15, QFont.Weight.DemiBold))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop to open")
        painter.end()
