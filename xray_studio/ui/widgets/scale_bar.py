"""Scale bar: colours from end to end, what they stand for, and where a threshold lies."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.viewer.layer import Scale

BAR, WORDS, MARK = 8, 20, 6  # logical pixels for letters of the usual size; MARK of a threshold


class ScaleBar(QWidget):
    """The scale of what lies over a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: Scale | None) -> None:
        """Show a scale, nothing for None."""
        self._scale = scale
        self.setVisible(scale is not None)
        if scale is not None:
            marked = "" if scale.marked is None else f", threshold {scale.marked:.2f}"
            self.setAccessibleName(f"Scale: {scale.low} to {scale.high}{marked}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of bar and words; the width is what the panel gives."""
        return QSize(120, self._top() + px(BAR + WORDS))

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.updateGeometry()

    def _top(self) -> int:
        marked = self._scale is not None and self._scale.marked is not None
        return px(MARK) if marked else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar, a threshold, and the words below."""
        scale = self._scale
        if scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0.5, self._top() + 0.5, self.width() - 1.0, px(BAR))
        painter.setPen(colour("strong_border"))
        painter.setBrush(scale.gradient(bar.topLeft(), bar.topRight()))
        painter.drawRoundedRect(bar, 3, 3)
        if scale.marked is not None:
            self._paint_mark(painter, bar, scale.marked)
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary"))
        words = QRectF(0, bar.bottom() + 2, self.width(), self.height() - bar.bottom() - 2)
        sides = Qt.AlignmentFlag
        painter.drawText(words, int(sides.AlignLeft | sides.AlignVCenter), scale.low)
        painter.drawText(words, int(sides.AlignCenter), scale.middle)
        painter.drawText(words, int(sides.AlignRight | sides.AlignVCenter), scale.high)
        painter.end()

    def _paint_mark(self, painter: QPainter, bar: QRectF, part: float) -> None:
        """Paint a triangle above the bar, and a line through it, at a threshold."""
        x, half = bar.left() + part * bar.width(), px(MARK) * 0.75
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text"))
        tip = QPointF(x, bar.top() + 1)
        painter.drawPolygon(QPolygonF([tip, QPointF(x - half, 0), QPointF(x + half, 0)]))
        painter.fillRect(QRectF(x - 1, bar.top(), 2, bar.height()), colour("text"))
