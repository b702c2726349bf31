"""Editor of a transfer function: points over the histogram of a volume."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QColorDialog, QSizePolicy, QWidget

from xray_studio.core.histogram import Histogram
from xray_studio.core.volume.transfer import Transfer, TransferPoint
from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.viewer.window_commands import number_shown
from xray_studio.ui.volume.transfer_point import SIDE, TransferHandle

HEIGHT: Final = 120  # of the page
BAND: Final = 8  # height of the colours below it
LABELS: Final = 20  # height of the line with the ends of the axis
ROUND: Final = 6
ROOT: Final = 3.0  # opacities of a millimetre are small: their cube roots are drawn


class TransferEditor(QWidget):
    """Values go to the right, opacity goes up. `chosen` tells what a person made of it.

    A double click on the page adds a point. The points take the rest, see `TransferHandle`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfer: Transfer | None = None
        self._counts: Histogram | None = None
        self._axis = 0.0, 1.0  # in the unit of the transfer function
        self._unit = ""
        self._page = QWidget(self)
        self.points: list[TransferHandle] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colours and opacity of values")
        self.setToolTip(
            "Opacity over values: drag points, double-click to add one, right-click to remove it"
        )
        self.follow_look()

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.setFixedHeight(HEIGHT + BAND + px(LABELS))

    def sizeHint(self) -> QSize:
        """Return a width that panels are at least as wide as."""
        return QSize(160, HEIGHT + BAND + px(LABELS))

    def show_transfer(self, transfer: Transfer, counts: Histogram | None, unit: str) -> None:
        """Show a transfer function over what a volume holds; `unit` is that of its values."""
        shown = transfer, counts, unit
        if shown == (self._transfer, self._counts, self._unit):
            return
        self._transfer, self._counts, self._unit = shown
        low, high = self._span() if transfer.unit else (0.0, 1.0)
        self._axis = min(low, transfer.points[0].value), max(high, transfer.points[-1].value)
        self._fit_handles(len(transfer.points))
        self._place()
        self.update()

    def _span(self) -> tuple[float, float]:
        return (0.0, 1.0) if self._counts is None else (self._counts.low, self._counts.high)

    def in_words(self, point: TransferPoint) -> str:
        """Return the value and opacity of a point."""
        value = number_shown(self._shown(point.value), self._unit)
        return f"{value}, opacity {100.0 * point.opacity:.3g} %"

    def _shown(self, value: float) -> float:
        """Return a value of the transfer function as one of the volume."""
        if self._transfer is None or self._transfer.unit:
            return value
        low, high = self._span()
        return low + value * (high - low)

    # -- points

    def _fit_handles(self, count: int) -> None:
        while len(self.points) > count:
            last = self.points.pop()
            last.hide()
            last.deleteLater()
        while len(self.points) < count:
            number, handle = len(self.points), TransferHandle(self._page)
            handle.moved.connect(partial(self._move, number))
            handle.removed.connect(partial(self._remove, number))
            handle.followed.connect(partial(self._follow_with, number))
            handle.colour_asked.connect(partial(self._ask_colour, number))
            handle.show()
            self.points.append(handle)

    def _place(self) -> None:
        self._page.setGeometry(0, 0, self.width(), HEIGHT)
        if self._transfer is None:
            return
        count = len(self.points)
        for number, (handle, point) in enumerate(
            zip(self.points, self._transfer.points, strict=True), 1
        ):
            at = self._at(point.value, point.opacity)
            handle.move(round(at.x() - SIDE / 2), round(at.y() - SIDE / 2))
            name = f"Point {number} of {count}"
            handle.show_point(name, self.in_words(point), QColor.fromRgbF(*point.colour))

    def _move(self, number: int, right: float, up: float) -> None:
        if self._transfer is None:
            return
        point = self._transfer.points[number]
        low, high = self._axis
        height = min(1.0, max(0.0, _height(point.opacity) + up * HEIGHT / _room()))
        moved = replace(
            point,
            value=point.value + right * (high - low) * self.width() / self._across(),
            opacity=_opacity(height),
        )
        self._tell(self._transfer.with_point(number, moved))

    def _remove(self, number: int) -> None:
        if self._transfer is not None:
            self._tell(self._transfer.without(number))

    def _follow_with(self, number: int) -> None:
        """Add a point half way to the next one."""
        if self._transfer is None:
            return
        points = self._transfer.points
        next_to = min(number + 1, len(points) - 1)
        one, two = points[next_to - 1].value, points[next_to].value
        self._tell(self._transfer.with_more((one + two) / 2.0))

    def _ask_colour(self, number: int) -> None:
        if self._transfer is None:
            return
        shade = QColor.fromRgbF(*self._transfer.points[number].colour)
        dialog = QColorDialog(shade, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Colour of the point")
        dialog.currentColorChanged.connect(partial(self._colour, number))
        dialog.rejected.connect(lambda: self._colour(number, shade))
        dialog.open()

    def _colour(self, number: int, shade: QColor) -> None:
        if self._transfer is not None and number < len(self._transfer.points):
            red, green, blue = shade.redF(), shade.greenF(), shade.blueF()
            fresh = replace(self._transfer.points[number], colour=(red, green, blue))
            self._tell(self._transfer.with_point(number, fresh))

    def _tell(self, transfer: Transfer) -> None:
        if transfer != self._transfer:
            self.chosen.emit(transfer)

    # -- events

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Add a point where nothing is."""
        place = event.position()
        if (
            self._transfer is None
            or place.y() > HEIGHT
            or event.button() != Qt.MouseButton.LeftButton
        ):
            return
        low, high = self._axis
        share = (place.x() - SIDE / 2) / self._across()
        value = low + min(1.0, max(0.0, share)) * (high - low)
        height = min(1.0, max(0.0, (HEIGHT - SIDE / 2 - place.y()) / _room()))
        self._tell(self._transfer.with_more(value, _opacity(height)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep points at their values."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint counts, the line of opacity, colours and the ends of the axis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = QPainterPath()
        page.addRoundedRect(QRectF(0, 0, self.width(), HEIGHT + BAND), ROUND, ROUND)
        painter.fillPath(page, colour("background"))
        if self._transfer is not None:
            painter.save()
            painter.setClipPath(page)
            self._paint_counts(painter)
            self._paint_line(painter, self._transfer)
            self._paint_colours(painter, self._transfer)
            painter.restore()
            self._paint_ends(painter)
        painter.end()

    def _paint_counts(self, painter: QPainter) -> None:
        counts = self._counts
        if counts is None or self._transfer is None:
            return
        heights = [math.sqrt(count) for count in counts.counts]
        # Air and background are most of a volume; what is looked at shall be seen beside them.
        top = max(sorted(heights)[-max(2, len(heights) // 32)], 1.0)
        ends = (counts.low, counts.low + counts.span) if self._transfer.unit else (0.0, 1.0)
        left, right = (self._at(end, 0.0).x() for end in ends)
        step = (right - left) / len(heights)
        shape = [QPointF(left, HEIGHT)]
        for number, height in enumerate(heights):
            tall = min(1.0, height / top) * (HEIGHT - 8)
            shape.append(QPointF(left + (number + 0.5) * step, HEIGHT - tall))
        shape.append(QPointF(right, HEIGHT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("border"))
        painter.drawPolygon(QPolygonF(shape))

    def _paint_line(self, painter: QPainter, transfer: Transfer) -> None:
        places = [self._at(point.value, point.opacity) for point in transfer.points]
        ends = QPointF(0.0, places[0].y()), QPointF(float(self.width()), places[-1].y())
        painter.setPen(QPen(colour("text"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([ends[0], *places, ends[1]])

    def _paint_colours(self, painter: QPainter, transfer: Transfer) -> None:
        band = QRectF(0, HEIGHT, self.width(), BAND)
        run = QLinearGradient(band.topLeft(), band.topRight())
        for point in transfer.points:
            share = self._at(point.value, 0.0).x() / max(1, self.width())
            run.setColorAt(min(1.0, max(0.0, share)), QColor.fromRgbF(*point.colour))
        painter.fillRect(band, run)

    def _paint_ends(self, painter: QPainter) -> None:
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary"))
        area = QRectF(0, HEIGHT + BAND + 4, self.width(), px(LABELS) - 4)
        low, high = (number_shown(self._shown(end), self._unit) for end in self._axis)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, high)

    def _at(self, value: float, opacity: float) -> QPointF:
        """Return where a value and opacity lie on the page."""
        low, high = self._axis
        share = (value - low) / max(high - low, 1e-9)
        up = _height(opacity) * _room()
        return QPointF(SIDE / 2 + share * self._across(), HEIGHT - SIDE / 2 - up)

    def _across(self) -> float:
        return float(max(1, self.width() - SIDE))


def _room() -> float:
    return HEIGHT - float(SIDE)


def _height(opacity: float) -> float:
    return float(opacity ** (1.0 / ROOT))


def _opacity(height: float) -> float:
    return float(height**ROOT)
