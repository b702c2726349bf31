"""Plot: how far a region is from where it was, over time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.widgets.speech import describe

ROUND = 6
TOP, LEFT, FOOT, INSET = 28, 52, 44, 8  # room for the legend and for numbers
LEAST_WIDTH, LEAST_HEIGHT = 320, 200
UNSURE = 0.5  # likeness below which a place is not to be relied on
UNCERTAIN, SAMPLE = "Uncertain", 20.0  # of the legend
NAME = "Displacement of the region over time"
MINUS = "\N{MINUS SIGN}"
_Line = tuple[str, str, float, Qt.PenStyle]
LINES: tuple[_Line, ...] = (
    ("Right", "text", 1.4, Qt.PenStyle.SolidLine),
    ("Down", "text", 1.4, Qt.PenStyle.DashLine),
    ("Distance", "accent", 2.0, Qt.PenStyle.SolidLine),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """What is plotted: moments in seconds, and for each one how far in `unit` ("mm" or "px").

    `values` are right, down and distance, each with as many numbers as `times`; `likeness` too.
    """

    times: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    likeness: tuple[float, ...]
    unit: str
    clock: str = "Time, s"


class MotionPlot(QWidget):
    """Plots a curve and marks the frame in sight; `chosen` tells a frame (from 0) clicked at."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve: Curve | None = None
        self.frame, self.sentence = 0, ""
        self.setAccessibleName(NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size that is read well."""
        return QSize(px(LEAST_WIDTH) + 80, px(LEAST_HEIGHT) + 80)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that can be read."""
        return QSize(px(LEAST_WIDTH), px(LEAST_HEIGHT))

    def show_curve(self, curve: Curve | None, sentence: str = "") -> None:
        """Show another curve, or a sentence in its place."""
        self.curve, self.sentence = curve, sentence
        far = 0.0 if curve is None else max(curve.values[-1])
        describe(self, sentence if curve is None else f"At most {far:.2f} {curve.unit} away")
        self.update()

    def show_frame(self, frame: int) -> None:
        """Mark another frame (from 0)."""
        self.frame = frame
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the frame nearest to the pointer."""
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go through the frames with the pointer."""
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        curve = self.curve
        if curve is not None and event.buttons() & Qt.MouseButton.LeftButton:
            here = event.position().x()
            away = [abs(self._x(moment) - here) for moment in curve.times]
            self.chosen.emit(min(range(len(away)), key=away.__getitem__))

    # -- where things are

    def area(self) -> QRectF:
        """Return the ground of the plot."""
        if self.curve is None:
            return QRectF(self.rect())
        left, top, foot = px(LEFT), px(TOP), px(FOOT)
        return QRectF(left, top, self.width() - left, self.height() - top - foot)

    def _reach(self) -> tuple[float, float]:
        """Return the lowest and highest number of the upright axis."""
        assert self.curve is not None
        every = [value for line in self.curve.values for value in line]
        low, high = min(0.0, *every), max(0.0, *every)
        step = tidy_step(max(high - low, 1e-3) / 4)
        return math.floor(low / step) * step, max(math.ceil(high / step) * step, step)

    def _x(self, moment: float) -> float:
        assert self.curve is not None
        first, last = self.curve.times[0], self.curve.times[-1]
        area = self.area().adjusted(INSET, 0, -INSET, 0)
        return area.left() + area.width() * (moment - first) / max(last - first, 1e-9)

    def _y(self, value: float) -> float:
        low, high = self._reach()
        area = self.area().adjusted(0, INSET, 0, -INSET)
        return area.bottom() - area.height() * (value - low) / (high - low)

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, axes, curves and the frame in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(CAPTION))
        page = QPainterPath()
        page.addRoundedRect(self.area(), ROUND, ROUND)
        painter.fillPath(page, colour("background"))
        if self.curve is None:
            self._say(painter)
        else:
            painter.save()
            painter.setClipPath(page)
            self._paint_unsure(painter, self.curve)
            painter.restore()
            self._paint_axes(painter, self.curve)
            self._paint_lines(painter, self.curve)
            self._paint_legend(painter, self.curve)
        painter.end()

    def _say(self, painter: QPainter) -> None:
        painter.setFont(font())
        painter.setPen(colour("secondary"))
        how = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(self.area().adjusted(24, 24, -24, -24), how, self.sentence)

    def _paint_unsure(self, painter: QPainter, curve: Curve) -> None:
        """Shade the moments at which the region is hardly like itself."""
        area, xs = self.area(), [self._x(moment) for moment in curve.times]
        middles = [(before + after) / 2 for before, after in pairwise(xs)]
        edges = [area.left(), *middles, area.right()]
        places = enumerate(likeness < UNSURE for likeness in curve.likeness)
        for unsure, run in groupby(places, key=itemgetter(1)):
            numbers = [number for number, _ in run]
            if unsure:
                left, right = edges[numbers[0]], edges[numbers[-1] + 1]
                box = QRectF(left, area.top(), right - left, area.height())
                painter.fillRect(box, colour("border"))

    def _paint_axes(self, painter: QPainter, curve: Curve) -> None:
        area, height = self.area(), px(16)
        low, high = self._reach()
        step = tidy_step((high - low) / 4)
        for number in range(round(low / step), round(high / step) + 1):
            y = self._y(number * step)
            painter.setPen(QPen(colour("strong_border" if number == 0 else "border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colour("secondary"))
            box = QRectF(0, y - height / 2, area.left() - 8, height)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, right, number_words(number * step, step))
        first, last = curve.times[0], curve.times[-1]
        step = tidy_step((last - first) / max(2.0, area.width() / px(64)))
        for number in range(math.ceil(first / step), math.floor(last / step) + 1):
            box = QRectF(self._x(number * step) - px(32), area.bottom() + 4, px(64), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, number_words(number * step, step))
        foot = QRectF(area.left(), area.bottom() + 4 + height, area.width(), height + 4)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, curve.clock)

    def _paint_lines(self, painter: QPainter, curve: Curve) -> None:
        xs = [self._x(moment) for moment in curve.times]
        here = min(self.frame, len(xs) - 1)
        area = self.area()
        painter.setPen(QPen(colour("faint"), 1))
        painter.drawLine(QPointF(xs[here], area.top()), QPointF(xs[here], area.bottom()))
        for (_, token, width, style), values in zip(LINES, curve.values, strict=True):
            pen = QPen(colour(token), width, style)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            points = [QPointF(x, self._y(value)) for x, value in zip(xs, values, strict=True)]
            painter.drawPolyline(QPolygonF(points))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(token))
            painter.drawEllipse(points[here], 3.5, 3.5)

    def _paint_legend(self, painter: QPainter, curve: Curve) -> None:
        """Paint what each line is, with the unit before them."""
        height, metrics = px(20), painter.fontMetrics()
        painter.setPen(colour("secondary"))
        up = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, px(LEFT) - 8, height), up, curve.unit)
        x = float(px(LEFT))
        for name, token, width, style in LINES:
            painter.setPen(QPen(colour(token), width, style))
            painter.drawLine(QPointF(x, height / 2), QPointF(x + SAMPLE, height / 2))
            x = self._word(painter, x + SAMPLE + 6, name, metrics.horizontalAdvance(name))
        if min(curve.likeness) < UNSURE:
            box = QRectF(x, height / 2 - 6, SAMPLE, 12)
            painter.fillRect(box, colour("strong_border"))
            self._word(painter, x + SAMPLE + 6, UNCERTAIN, metrics.horizontalAdvance(UNCERTAIN))

    def _word(self, painter: QPainter, x: float, word: str, width: int) -> float:
        """Paint a word of the legend and return where the next entry begins."""
        painter.setPen(colour("secondary"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(x, 0, width + 4, px(20)), left, word)
        return x + width + 16


def tidy_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten from `least` on."""
    unit = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(part * unit for part in (1.0, 2.0, 5.0, 10.0) if part * unit >= least * 0.999)


def number_words(value: float, step: float) -> str:
    """Return a number with as many decimals as its step needs."""
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    words = f"{value:.{places}f}"
    return words.replace("-", MINUS) if float(words) else words.replace("-", "")
