"""Pages part: the pages of a PDF, or sheets of recording paper with what is under the pointer."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xray_studio.core.document import Plot
from xray_studio.core.paper import Spot, sheet, spot
from xray_studio.services.documents.pages import Page, size_mm
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.spot_words import caliper_words, spot_words
from xray_studio.ui.look.theme import BODY, colour, font
from xray_studio.ui.look.tokens import DARK, LIGHT

BETWEEN = 20
HIGHEST = 16_000_000  # pixels; Qt lets no widget be higher than 2^24 - 1
KEPT = 12  # pictures that stand in for sharper ones being drawn
NOT_DRAWN = "This page cannot be drawn."
DRAWING = "Drawing the page…"


class PagesPart(QWidget):
    """Paints pages one below the other, as wide as it is told, those alone that are in sight.

    A day of an ECG has thousands of sheets, so they are no widgets of their own. Over recording
    paper it tells values; dragging there measures time, rate and difference.
    """

    def __init__(
        self,
        path: str,
        pages: Sequence[Page],
        drawings: Drawings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._path, self.pages, self._drawings = path, tuple(pages), drawings
        self._sizes = [size_mm(page) for page in self.pages]
        self._tops = [0] * len(self.pages)
        self._last: OrderedDict[int, QImage] = OrderedDict()
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self.setMouseTracking(isinstance(self.pages[0].block, Plot))
        drawings.ready.connect(self.update)

    def fit(self, width: int) -> None:
        """Become as wide as that, in logical pixels, but not higher than a widget can be."""
        widest = max(across for across, _ in self._sizes)
        down = sum(down for _, down in self._sizes) / widest
        width = min(width, round((HIGHEST - BETWEEN * len(self.pages)) / down))
        scale, top = width / widest, 0
        for index, (_, high) in enumerate(self._sizes):
            self._tops[index] = top
            top += max(1, round(high * scale)) + BETWEEN
        self.setFixedSize(QSize(width, max(1, top - BETWEEN)))

    def box(self, index: int) -> QRect:
        """Return where a page (from 0) lies."""
        widest = max(across for across, _ in self._sizes)
        across, down = self._sizes[index]
        scale = self.width() / widest
        width, height = round(across * scale), max(1, round(down * scale))
        return QRect((self.width() - width) // 2, self._tops[index], width, height)

    def page_at(self, y: float) -> int:
        """Return the page (from 0) at a height, or the one above a gap."""
        return max(0, bisect_right(self._tops, y) - 1)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages in sight, and what the pointer says."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = event.rect()
        for index in range(self.page_at(area.top()), self.page_at(area.bottom()) + 1):
            self._paint_page(painter, index)
        block = self.pages[0].block
        if isinstance(block, Plot):
            self._paint_pointer(painter, block)
        painter.end()

    def _paint_page(self, painter: QPainter, index: int) -> None:
        """Paint a page, its last picture while a sharper one is made."""
        box = self.box(index)
        painter.fillRect(box, QColor("#FFFFFF"))
        scale = box.width() * self.devicePixelRatioF() / self._sizes[index][0]
        image = self._drawings.get(self._path, self.pages[index], scale)
        if image is not None:
            self._keep(index, image)
        shown = self._last.get(index)
        if shown is None or shown.isNull():
            painter.setPen(QColor(LIGHT.secondary))
            painter.setFont(font(BODY))
            words = DRAWING if shown is None else NOT_DRAWN
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        else:
            painter.drawImage(QRectF(box), shown, QRectF(shown.rect()))

    def _keep(self, index: int, image: QImage) -> None:
        self._last[index] = image
        self._last.move_to_end(index)
        while len(self._last) > KEPT:
            self._last.popitem(last=False)

    # -- what is under the pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._pointer = event.position()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to measure."""
        block = self.pages[0].block
        if event.button() == Qt.MouseButton.LeftButton and isinstance(block, Plot):
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
        index = self.page_at(point.y())
        block = self.pages[index].block
        if not isinstance(block, Plot):
            return None
        box = self.box(index)
        scale = self._sizes[index][0] / max(1, box.width())
        shown = sheet(block, self.pages[index].index)
        return spot(block, shown, (point.x() - box.x()) * scale, (point.y() - box.y()) * scale)

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
            self._paint_words(painter, self._pointer, caliper_words(plot, start, here))
        else:
            self._paint_words(painter, self._pointer, spot_words(plot, here))

    def _paint_caliper(self, painter: QPainter, one: QPointF, other: QPointF) -> None:
        painter.setPen(QPen(QColor(LIGHT.accent), 1))
        for point in (one, other):
            box = QRectF(self.box(self.page_at(point.y())))
            painter.drawLine(QPointF(point.x(), box.top()), QPointF(point.x(), box.bottom()))
        y = (one.y() + other.y()) / 2
        painter.drawLine(QPointF(one.x(), y), QPointF(other.x(), y))

    def _paint_words(self, painter: QPainter, point: QPointF, words: str) -> None:
        painter.setFont(font(BODY))
        width = painter.fontMetrics().horizontalAdvance(words) + 24
        x = min(point.x() + 14, self.width() - width - 4)
        area = QRectF(max(4.0, x), max(4.0, point.y() - 38), width, 28)
        painter.setPen(colour("strong_border"))
        painter.setBrush(QColor(DARK.raised))
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QColor(DARK.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
