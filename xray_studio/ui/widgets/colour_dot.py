"""Colour dot: a small round button in a colour to choose."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from xray_studio.ui.look.theme import colour
from xray_studio.ui.widgets.hint import hint

SIDE = 22
DOT = 12.0  # across the colour; a ring round it says that it is the chosen one


class ColourDot(QAbstractButton):
    """One colour ("#rrggbb") of a row; checked while it is the one in use."""

    def __init__(self, shade: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shade = shade
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        hint(self, name)

    def sizeHint(self) -> QSize:
        """Return the size, which is fixed."""
        return QSize(SIDE, SIDE)

    def nextCheckState(self) -> None:
        """Leave the mark to whoever knows what is in use."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colour, and the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        middle = QRectF(self.rect()).center()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._shade))
        painter.drawEllipse(middle, DOT / 2, DOT / 2)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent" if self.hasFocus() else "text"), 1.5))
            painter.drawEllipse(middle, DOT / 2 + 3, DOT / 2 + 3)
        painter.end()
