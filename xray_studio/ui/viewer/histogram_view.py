"""Histogram of the frame on screen, with the window drawn over it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.corner_text import format_number
from xray_studio.core.histogram import Histogram
from xray_studio.core.presentation import Window
from xray_studio.ui.look.theme import CAPTION, colour, font

HEIGHT = 96
LABELS = 20  # height of the line with the ends of the axis
ROUND = 6


class HistogramView(QWidget):
    """Shows how often values occur; the area between the ends of the window is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Histogram | None = None
        self._window: Window | None = None
        self._unit = ""
        self.setFixedHeight(HEIGHT + LABELS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram of the frame")
        self.setToolTip("How often values occur in this frame, drawn as square roots")

    def sizeHint(self) -> QSize:
        """Return a width that panels are at least as wide as."""
        return QSize(160, HEIGHT + LABELS)

    def show_values(self, counts: Histogram | None, window: Window | None, unit: str) -> None:
        """Show counts with a window over them; None for what there is not."""
        if (counts, window, unit) != (self._counts, self._window, self._unit):
            self._counts, self._window, self._unit = counts, window, unit
            self.update()

    def position(self, value: float) -> float:
        """Return where a modality value lies, in pixels from the left edge."""
        assert self._counts is not None
        return (value - self._counts.low) / self._counts.span * self.width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint area, window and the ends of the axis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = QPainterPath()
        page.addRoundedRect(QRectF(0, 0, self.width(), HEIGHT), ROUND, ROUND)
        painter.fillPath(page, colour("background"))
        if self._counts is not None:
            painter.save()
            painter.setClipPath(page)
            self._paint_window(painter)
            self._paint_counts(painter, self._counts)
            self._paint_ramp(painter)
            painter.restore()
            self._paint_ends(painter, self._counts)
        painter.end()

    def _paint_window(self, painter: QPainter) -> None:
        if self._window is not None:
            left, right = self._edges(self._window)
            painter.fillRect(QRectF(left, 0, right - left, HEIGHT), colour("selected"))

    def _paint_counts(self, painter: QPainter, counts: Histogram) -> None:
        heights = [math.sqrt(count) for count in counts.counts]
        top = max(*heights, 1.0)
        step = self.width() / len(heights)
        points = [QPointF(0, HEIGHT)]
        for place, height in enumerate(heights):
            points.append(QPointF((place + 0.5) * step, HEIGHT - height / top * (HEIGHT - 8)))
        points.append(QPointF(self.width(), HEIGHT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("faint"))
        painter.drawPolygon(QPolygonF(points))

    def _paint_ramp(self, painter: QPainter) -> None:
        """Paint how values become grey: from black at the left edge to white at the right."""
        if self._window is None:
            return
        left, right = self._edges(self._window)
        painter.setPen(QPen(colour("accent"), 1.5))
        painter.drawPolyline(
            [
                QPointF(min(left, 0.0), HEIGHT - 1),
                QPointF(left, HEIGHT - 1),
                QPointF(right, 1),
                QPointF(max(right, float(self.width())), 1),
            ]
        )

    def _paint_ends(self, painter: QPainter, counts: Histogram) -> None:
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(colour("secondary")))
        area = QRectF(0, HEIGHT + 4, self.width(), LABELS - 4)
        high = " ".join(filter(None, (format_number(counts.high), self._unit)))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, format_number(counts.low))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, high)

    def _edges(self, window: Window) -> tuple[float, float]:
        half = window.width / 2
        return self.position(window.center - half), self.position(window.center + half)
