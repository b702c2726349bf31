"""Handle of the histogram: one end of the window, or its middle, by mouse and arrow keys.

It is a slider to assistive tools, which read its name and value.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from xray_studio.ui.look.theme import colour

WIDTH = 14  # logical pixels that the pointer takes hold of
GRIP = 10  # height of the mark
STEPS = 1000  # from the left edge to the right one
SINGLE = STEPS // 100


class HistogramHandle(QAbstractSlider):
    """A line over the histogram. `moved` tells by which part of the axis a person moved it."""

    moved = Signal(float)

    def __init__(self, name: str, *, top: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._top, self._from = top, 0.0
        self.setRange(0, STEPS)
        self.setSingleStep(SINGLE)
        self.setPageStep(10 * SINGLE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(name)
        self.valueChanged.connect(self._tell)
        self._shown = 0

    def show_at(self, fraction: float, words: str, room: int, height: int) -> None:
        """Lie at a part of the axis, which may be beyond its ends, without telling.

        `words` are the value; `room` and `height` those of the histogram in pixels.
        """
        self._shown = round(min(max(fraction, 0.0), 1.0) * STEPS)
        self.blockSignals(True)
        self.setValue(self._shown)
        self.blockSignals(False)
        self.setAccessibleDescription(words)
        self.setToolTip(f"{self.accessibleName()}: {words}")
        middle = round(min(max(fraction, 0.0), 1.0) * room)
        left = min(max(middle - WIDTH // 2, -WIDTH // 2), room - WIDTH // 2)
        self.setGeometry(left, 0, WIDTH, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().x()
            self.setSliderDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along the axis."""
        parent = self.parentWidget()
        if self.isSliderDown() and parent is not None:
            at = event.globalPosition().x()
            by, self._from = (at - self._from) / max(1, parent.width()), at
            self.moved.emit(by)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark: at the top and bottom for the ends, in the middle for the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = self.hasFocus() or self.isSliderDown() or self.underMouse()
        middle = self.width() / 2
        if held:
            painter.fillRect(QRectF(middle - 1, 0, 2, self.height()), colour("accent"))
        top = 0.0 if self._top else (self.height() - GRIP) / 2
        grip = QRectF(middle - 4, top, 8, GRIP)
        painter.setPen(colour("background"))
        painter.setBrush(colour("text" if held else "accent"))
        painter.drawRoundedRect(grip, 3, 3)
        if self.hasFocus():
            painter.setPen(colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def _tell(self, value: int) -> None:
        by, self._shown = (value - self._shown) / STEPS, value
        self.moved.emit(by)
