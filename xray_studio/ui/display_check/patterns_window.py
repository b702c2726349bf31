"""Patterns on a whole screen: one pixel of the pattern is one pixel of the display."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from xray_studio.services.display_check import Drawn
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.theme import CAPTION, font, px
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.widgets.speech import describe

KEYS = "Left and Right change the pattern · H hides this text · Esc leaves"
TYPE = "Type the reading in cd/m² and press Enter"
WIDEST = 560  # pixels of the text
APART = 24
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Space: 1,
}


class PatternsWindow(QWidget):
    """Shows one pattern after the other. `wanted` tells rows, columns and number of the next one.

    `measured` tells level and luminance of a reading typed while its patch is shown, `left` that
    the window was closed.
    """

    wanted = Signal(int, int, int)
    measured = Signal(int, float)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(None)
        self.setWindowTitle("Test patterns \N{EN DASH} X-Ray Studio")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Test patterns")
        self.index, self.reading, self.problem = 0, "", ""
        self.pattern: Drawn | None = None
        self.told = True
        self._image = QImage()

    def show_on(self, screen: QScreen) -> None:
        """Take a whole screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def device_size(self) -> tuple[int, int]:
        """Return rows and columns of the window in pixels of the display."""
        ratio = self.devicePixelRatioF()
        return round(self.height() * ratio), round(self.width() * ratio)

    def show_pattern(self, pattern: Drawn) -> None:
        """Show a pattern that was drawn."""
        self.pattern, self.index, self.problem = pattern, pattern.index, ""
        self._image = to_qimage(pattern.pixels)
        describe(self, f"{self._title()}. {pattern.named.look}")
        self.update()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no pattern."""
        self.problem, self.told = sentence, True
        self.update()

    def go(self, by: int) -> None:
        """Ask for the pattern so many on."""
        self.index, self.reading = self.index + by, ""
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the pattern in the size of the screen."""
        super().resizeEvent(event)
        self._ask()

    def _ask(self) -> None:
        self.wanted.emit(*self.device_size(), self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the pattern, take a reading, hide the text, leave."""
        keys, key = Qt.Key, Qt.Key(event.key())
        if key == keys.Key_Escape:
            self.close()
        elif key in STEPS:
            self.go(STEPS[key])
        elif key in {keys.Key_Home, keys.Key_End}:
            self.index = 0 if key == keys.Key_Home else -1
            self.go(0)
        elif key == keys.Key_H:
            self._toggle_text()
        elif key in {keys.Key_Return, keys.Key_Enter}:
            self._take()
        elif key == keys.Key_Backspace:
            self._type(self.reading[:-1])
        else:
            self._type(self.reading + event.text().replace(",", "."))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go on with the left button, back with the right one."""
        self.go(-1 if event.button() == Qt.MouseButton.RightButton else 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go through the patterns."""
        self.go(1 if event.angleDelta().y() < 0 else -1)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the screen is free again."""
        super().closeEvent(event)
        self.left.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pattern as it is, and the text below it unless hidden."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.black))
        # In device pixels, whatever the scale of the screen: nothing is interpolated.
        image = self._image
        image.setDevicePixelRatio(painter.device().devicePixelRatioF())
        painter.drawImage(QPointF(0.0, 0.0), image)
        if self.told:
            self._paint_text(painter)
        painter.end()

    def _paint_text(self, painter: QPainter) -> None:
        text = self._text()
        painter.setFont(font(CAPTION))
        flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        width = min(px(WIDEST), self.width() - 2 * APART)
        room = QRectF(0, 0, width, self.height())
        box = painter.boundingRect(room, flags, text).adjusted(-16, -8, 16, 8)
        box.moveCenter(QPointF(self.width() / 2, 0))
        box.moveBottom(self.height() - APART)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK.panel))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QColor(DARK.text))
        painter.drawText(box.adjusted(16, 8, -16, -8), flags, text)

    def _text(self) -> str:
        if self.problem:
            return f"{self.problem}\n{KEYS}"
        if self.pattern is None:
            return KEYS
        lines = [f"{self._title()}: {self.pattern.named.look}"]
        if self.pattern.named.level is not None:
            lines.append(f"{self.reading} cd/m², Enter takes it" if self.reading else TYPE)
        return "\n".join((*lines, KEYS))

    def _title(self) -> str:
        assert self.pattern is not None
        return f"{self.pattern.named.name} ({self.pattern.index + 1}/{self.pattern.count})"

    def _toggle_text(self) -> None:
        self.told = not self.told
        shape = Qt.CursorShape.ArrowCursor if self.told else Qt.CursorShape.BlankCursor
        self.setCursor(shape)
        self.update()

    def _type(self, text: str) -> None:
        """Take what is typed as a reading, as long as it can become a number."""
        digits = text.replace(".", "", 1)
        if self._level() is not None and len(text) <= 9 and (not digits or _is_figures(digits)):
            self.reading = text
            self.update()

    def _take(self) -> None:
        """Tell the reading and go on."""
        level, figures = self._level(), self.reading.replace(".", "", 1)
        if level is None or not figures:
            return
        self.measured.emit(level, float(self.reading))
        assert self.pattern is not None
        last = self.pattern.index == self.pattern.count - 1
        self.reading = ""
        if last:
            self.close()
        else:
            self.go(1)

    def _level(self) -> int | None:
        shown = self.pattern
        return None if shown is None or shown.index != self.index else shown.named.level


def _is_figures(text: str) -> bool:
    return text.isascii() and text.isdigit()
