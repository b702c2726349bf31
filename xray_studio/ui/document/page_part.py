"""Page part: one page of a PDF, or one sheet of recording paper with what is under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xray_studio.core.document import Plot
from xray_studio.core.paper import Spot, sheet, spot
from xray_studio.services.document_pages import Page, size_mm
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.spot_words import caliper_words, spot_words
from xray_studio.ui.look.theme import BODY, colour, font
from xray_studio.ui.look.tokens import DARK, LIGHT

NOT_DRAWN = "This page cannot be drawn."


class PagePart(QWidget):
    """Paints a page as wide as it is told; over recording paper it tells values.

    Dragging over recording paper measures: time, rate and difference.
    """

    def __init__(
        self, path: str, page: Page, drawings: Drawings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._path, self._page, self._drawings = path, page, drawings
        self._last: QImage | None = None
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self.setMouseTracking(isinstance(page.block, Plot))
        drawings.ready.connect(self.update)

    @property
    def page(self) -> Page:
        """The page shown."""
        return self._page

    def size_mm(self) -> tuple[float, float]:
        """Return width and height in millimetres."""
        return size_mm(self._page)

    def fit(self, width: int) -> None:
        """Become as wide as that, in logical pixels."""
        across, down = self.size_mm()
        self.setFixedSize(QSize(width, max(1, round(width * down / across))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page, its last picture while a sharper one is made, and the pointer's words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        scale = self.width() * self.devicePixelRatioF() / self.size_mm()[0]
        image = self._drawings.get(self._path, self._page, scale)
        if image is not None:
            self._last = image
        if self._last is not None and not self._last.isNull():
            painter.drawImage(QRectF(self.rect()), self._last, QRectF(self._last.rect()))
        else:
            self._say(painter, "" if image is None and self._last is None else NOT_DRAWN)
        if isinstance(self._page.block, Plot):
            self._paint_pointer(painter, self._page.block)
        painter.end()
        del event

    def _say(self, painter: QPainter, words: str) -> None:
        painter.setPen(QColor(LIGHT.secondary))
        painter.setFont(font(BODY))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words or "Drawing the page…")

    # -- what is under the pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._pointer = event.position()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to measure."""
        if event.button() == Qt.MouseButton.LeftButton and isinstance(self._page.block, Plot):
            self._pressed = event.position()
        else:
            event.ignore()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End to measure."""
        self._pressed = None
        self.update()

    def leaveEvent(self, _event: object) -> None:
        """Take the words away."""
        self._pointer = None
        self.update()

    def spot_at(self, point: QPointF) -> Spot | None:
        """Return what is recorded under a point, None where nothing is."""
        block = self._page.block
        if not isinstance(block, Plot):
            return None
        scale = self.size_mm()[0] / max(1, self.width())
        shown = sheet(block, self._page.index)
        return spot(block, shown, point.x() * scale, point.y() * scale)

    def _paint_pointer(self, painter: QPainter, plot: Plot) -> None:
        if self._pointer is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.spot_at(self._pointer)
        start = None if self._pressed is None else self.spot_at(self._pressed)
        if here is None:
            return
        if start is not None and self._pressed is not None:
            self._paint_caliper(painter, self._pressed, self._pointer)
            self._paint_words(painter, caliper_words(plot, start, here))
        else:
            self._paint_words(painter, spot_words(plot, here))

    def _paint_caliper(self, painter: QPainter, one: QPointF, other: QPointF) -> None:
        painter.setPen(QPen(QColor(LIGHT.accent), 1))
        for x in (one.x(), other.x()):
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        y = (one.y() + other.y()) / 2
        painter.drawLine(QPointF(one.x(), y), QPointF(other.x(), y))

    def _paint_words(self, painter: QPainter, words: str) -> None:
        assert self._pointer is not None
        painter.setFont(font(BODY))
        width = painter.fontMetrics().horizontalAdvance(words) + 24
        x = min(self._pointer.x() + 14, self.width() - width - 4)
        y = max(4.0, self._pointer.y() - 38)
        area = QRectF(max(4.0, x), y, width, 28)
        painter.setPen(colour("strong_border"))
        painter.setBrush(QColor(DARK.raised))
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QColor(DARK.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
