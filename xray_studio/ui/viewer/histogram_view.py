"""Histogram of the frame on screen, with the window drawn over it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.histogram import Histogram
from xray_studio.core.presentation import Window
from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.viewer.histogram_handle import HistogramHandle
from xray_studio.ui.viewer.window_commands import number_shown
from xray_studio.ui.widgets.speech import describe

HEIGHT = 96
LABELS = 20  # height of the line with the ends of the axis
ROUND = 6


class HistogramView(QWidget):
    """Shows how often values occur; the area between the ends of the window is marked.

    The axis is that of the clip, so that nothing jumps while frames of different ranges play. The
    ends and the middle of the window can be moved; `chosen` tells centre and width then.
    """

    chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Histogram | None = None
        self._axis = 0.0, 1.0
        self._window: Window | None = None
        self._unit = ""
        self.follow_look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram of the frame")
        self.setToolTip("How often values occur in this frame, drawn as square roots")
        self.low = HistogramHandle("Black from", top=True, parent=self)
        self.middle = HistogramHandle("Centre of the window", top=False, parent=self)
        self.high = HistogramHandle("White from", top=True, parent=self)
        self.low.moved.connect(lambda by: self._move(by, 0.0))
        self.high.moved.connect(lambda by: self._move(0.0, by))
        self.middle.moved.connect(lambda by: self._move(by, by))

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.setFixedHeight(HEIGHT + px(LABELS))

    def sizeHint(self) -> QSize:
        """Return a width that panels are at least as wide as."""
        return QSize(160, HEIGHT + px(LABELS))

    def show_values(
        self,
        counts: Histogram | None,
        window: Window | None,
        unit: str,
        axis: tuple[float, float] | None = None,
    ) -> None:
        """Show counts with a window over them; None for what there is not.

        `axis` are the values at the left and right edge, those of the counts when None.
        """
        if axis is None:
            axis = (0.0, 1.0) if counts is None else (counts.low, counts.high)
        shown = counts, window, unit, axis
        if shown != (self._counts, self._window, self._unit, self._axis):
            self._counts, self._window, self._unit, self._axis = shown
            self._place_handles()
            if counts is not None:
                describe(self, "Values from {} to {}".format(*self.ends()))
            self.update()

    def position(self, value: float) -> float:
        """Return where a modality value lies, in pixels from the left edge."""
        low, high = self._axis
        return (value - low) / max(high - low, 1e-9) * self.width()

    def ends(self) -> tuple[str, str]:
        """Return the values at both edges in words."""
        low, high = self._axis
        return number_shown(low, self._unit), number_shown(high, self._unit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the handles at their values."""
        super().resizeEvent(event)
        self._place_handles()

    def _place_handles(self) -> None:
        window, room = self._window, self.width()
        for handle in (self.low, self.middle, self.high):
            handle.setVisible(window is not None and self._counts is not None)
        if window is None:
            return
        half = window.width / 2
        for handle, value in (
            (self.low, window.center - half),
            (self.middle, window.center),
            (self.high, window.center + half),
        ):
            words = number_shown(value, self._unit)
            handle.show_at(self.position(value) / max(1, room), words, room, HEIGHT)

    def _move(self, low_by: float, high_by: float) -> None:
        """Tell the window after its ends moved by parts of the axis."""
        window = self._window
        if window is None:
            return
        span = self._axis[1] - self._axis[0]
        low = window.center - window.width / 2 + low_by * span
        high = window.center + window.width / 2 + high_by * span
        width = max(high - low, window.least_width)
        if low_by and not high_by:
            low = high - width
        self.chosen.emit(low + width / 2, width)

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
            self._paint_ends(painter)
        painter.end()

    def _paint_window(self, painter: QPainter) -> None:
        if self._window is not None:
            left, right = self._edges(self._window)
            painter.fillRect(QRectF(left, 0, right - left, HEIGHT), colour("selected"))

    def _paint_counts(self, painter: QPainter, counts: Histogram) -> None:
        heights = [math.sqrt(count) for count in counts.counts]
        top = max(*heights, 1.0)
        left, right = self.position(counts.low), self.position(counts.low + counts.span)
        step = (right - left) / len(heights)
        points = [QPointF(left, HEIGHT)]
        for place, height in enumerate(heights):
            x = left + (place + 0.5) * step
            points.append(QPointF(x, HEIGHT - height / top * (HEIGHT - 8)))
        points.append(QPointF(right, HEIGHT))
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

    def _paint_ends(self, painter: QPainter) -> None:
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(colour("secondary")))
        area = QRectF(0, HEIGHT + 4, self.width(), px(LABELS) - 4)
        low, high = self.ends()
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, high)

    def _edges(self, window: Window) -> tuple[float, float]:
        half = window.width / 2
        return self.position(window.center - half), self.position(window.center + half)
