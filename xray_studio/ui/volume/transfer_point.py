"""A point of a transfer function that is moved by mouse and keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xray_studio.ui.look.theme import colour
from xray_studio.ui.widgets.speech import describe

SIDE: Final = 18  # logical pixels that the pointer takes hold of
RADIUS: Final = 5.0
STEP: Final = 0.01  # of the axis that an arrow key moves by, ten times as much with Shift
_WAYS: Final = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}


class TransferHandle(QWidget):
    """`moved` tells by which parts of the axes, to the right and up, a person moved it.

    `removed` tells that it is to go (Del, or the right button), `followed` that another one is
    wanted after it (Ins), `colour_asked` that its colour is to be chosen (Enter, double click).
    """

    moved = Signal(float, float)
    removed = Signal()
    followed = Signal()
    colour_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(255, 255, 255)
        self._from: QPointF | None = None
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_point(self, name: str, words: str, shade: QColor) -> None:
        """Show a point; `words` tell its value and opacity."""
        self.setAccessibleName(name)
        describe(self, words)
        self.setToolTip(words)
        if shade != self._colour:
            self._colour = shade
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold, or take it away with the right button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition()
        elif event.button() == Qt.MouseButton.RightButton:
            self.removed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        page = self.parentWidget()
        if self._from is None or page is None:
            return
        by, self._from = event.globalPosition() - self._from, event.globalPosition()
        self.moved.emit(by.x() / max(1, page.width()), -by.y() / max(1, page.height()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for its colour."""
        self._from = None
        if event.button() == Qt.MouseButton.LeftButton:
            self.colour_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it, take it away, ask for another one or for its colour."""
        key = Qt.Key(event.key())
        if key in _WAYS:
            times = 10.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            right, up = _WAYS[key]
            self.moved.emit(times * right, times * up)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        elif key == Qt.Key.Key_Insert:
            self.followed.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.colour_asked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a disc in the colour of the point, with a ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        held = self.hasFocus() or self.underMouse() or self._from is not None
        painter.setPen(QPen(colour("accent" if held else "text"), 2.0 if held else 1.25))
        painter.setBrush(self._colour)
        painter.drawEllipse(middle, RADIUS, RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, RADIUS + 3, RADIUS + 3)
        painter.end()
