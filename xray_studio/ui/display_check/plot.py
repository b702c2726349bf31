"""Plot: how far each step of contrast is from the function, with the limits of both classes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.display_check import LEVELS, PRIMARY, SECONDARY, Response
from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.widgets.speech import describe

HEIGHT, LEAST_WIDTH = 200, 320
ROUND = 6
LEFT, FOOT = 44, 24  # room for the numbers
NAME = "Deviation of the contrast from the GSDF by level"
NOTHING = "The deviation of each step stands here when all 18 luminances are entered."


class DeviationPlot(QWidget):
    """Shows the deviation of 17 steps in percent; nothing while there is no response."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._response: Response | None = None
        self.setAccessibleName(NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size that is read well."""
        return QSize(px(LEAST_WIDTH), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that can be read."""
        return QSize(px(LEAST_WIDTH), px(HEIGHT) // 2)

    def show_response(self, response: Response | None) -> None:
        """Show another response."""
        self._response = response
        worst = "" if response is None else f"At most {response.worst:.1f} percent"
        describe(self, worst or NOTHING)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, limits, axis and deviations."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(CAPTION))
        area = self._area()
        page = QPainterPath()
        page.addRoundedRect(area, ROUND, ROUND)
        painter.fillPath(page, colour("background"))
        reach = self._reach()
        painter.save()
        painter.setClipPath(page)
        for limits, token in ((SECONDARY, "border"), (PRIMARY, "selected")):
            top = self._height_of(limits.deviation, reach)
            low = self._height_of(-limits.deviation, reach)
            painter.fillRect(QRectF(area.left(), top, area.width(), low - top), colour(token))
        painter.restore()
        self._paint_axis(painter, reach)
        if self._response is not None:
            self._paint_deviations(painter, self._response, reach)
        painter.end()

    def _area(self) -> QRectF:
        left, foot = px(LEFT), px(FOOT)
        return QRectF(left, 4, self.width() - left, self.height() - foot - 4)

    def _reach(self) -> float:
        """Return the percent at the upper edge: 25, or more where the display needs it."""
        worst = 0.0 if self._response is None else self._response.worst
        return next((end for end in (25.0, 50.0, 100.0, 200.0) if worst <= end), 400.0)

    def _height_of(self, percent: float, reach: float) -> float:
        area = self._area()
        part = max(-1.0, min(1.0, percent / reach))
        return area.center().y() - part * area.height() / 2

    def _place_of(self, level: float) -> float:
        area = self._area()
        return area.left() + 8 + (area.width() - 16) * level / LEVELS[-1]

    def _paint_axis(self, painter: QPainter, reach: float) -> None:
        """Paint the line of no deviation, and numbers at both axes."""
        area, height = self._area(), px(16)
        painter.setPen(QPen(colour("faint"), 1))
        middle = self._height_of(0.0, reach)
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
        painter.setPen(colour("secondary"))
        marks = (0.0, PRIMARY.deviation, SECONDARY.deviation) if reach <= 50 else (0.0, reach / 2)
        for percent in {sign * value for value in marks for sign in (1, -1)}:
            box = QRectF(0, self._height_of(percent, reach) - height / 2, area.left() - 8, height)
            words = f"{percent:+.0f} %".replace("-", "\N{MINUS SIGN}") if percent else "0 %"
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, right, words)
        for level in (0, 60, 120, 180, 240):
            box = QRectF(self._place_of(level) - px(20), area.bottom() + 4, px(40), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, str(level))

    def _paint_deviations(self, painter: QPainter, response: Response, reach: float) -> None:
        """Paint a bar for each step, those outside the secondary limit as danger."""
        width = max(4.0, self._area().width() / len(LEVELS) - px(6))
        painter.setPen(Qt.PenStyle.NoPen)
        zero = self._height_of(0.0, reach)
        for number, percent in enumerate(response.deviations):
            size = abs(percent)
            token = "done" if size <= PRIMARY.deviation else "accent"
            token = "danger" if size > SECONDARY.deviation else token
            painter.setBrush(colour(token))
            end = self._height_of(percent, reach)
            if abs(end - zero) < 2:  # a step without deviation is there, too
                end = zero - 1
                zero_of_bar = zero + 1
            else:
                zero_of_bar = zero
            middle = self._place_of((LEVELS[number] + LEVELS[number + 1]) / 2)
            bar = QRectF(middle - width / 2, min(end, zero_of_bar), width, abs(end - zero_of_bar))
            painter.drawRoundedRect(bar, 2, 2)
