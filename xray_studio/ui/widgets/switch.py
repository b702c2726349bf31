"""Switch: one thing that is on or off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from xray_studio.ui.look.theme import colour

TRACK = QSize(36, 20)
KNOB = 14


class Switch(QCheckBox):
    """A track with a knob. `chosen` tells what the user chose; it is a check box to all tools."""

    chosen = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedSize(TRACK.width() + 4, TRACK.height() + 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.chosen)

    def hitButton(self, place: QPoint) -> bool:
        """Take clicks everywhere."""
        return self.rect().contains(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, knob and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 2, TRACK.width(), TRACK.height())
        on = self.isChecked()
        painter.setPen(QPen(colour("accent_fill" if on else "faint"), 1))
        painter.setBrush(colour("accent_fill" if on else "background"))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        left = track.right() - KNOB - 3 if on else track.left() + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("on_accent" if on else "secondary"))
        painter.drawEllipse(QRectF(left, track.top() + 3, KNOB, KNOB))
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 12, 12)
        painter.end()
