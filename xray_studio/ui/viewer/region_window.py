"""Window from a region: a rectangle is drawn and its grey values become the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Presentation
from xray_studio.services.presets import region_window
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.theme import font
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.geometry import Placement, to_stored
from xray_studio.ui.viewer.window_commands import WindowCommands

TOOL = "region"
LEAST = 4.0  # logical pixels: a click draws no region
IN_COLOUR = "This picture is in colour, so it has no window."


class RegionWindow:
    """Draws a rectangle; on release its 1st to 99th percentile become the window."""

    def __init__(self, session: Session, former: Callable[[], str]) -> None:
        self._session, self._former = session, former
        self._start: QPointF | None = None
        self._end = QPointF()
        self.sentence = ""

    @property
    def active(self) -> bool:
        """Tell whether a rectangle is being drawn."""
        return self._start is not None

    def press(self, place: QPointF) -> None:
        """Begin at a place; a colour picture says why nothing will happen."""
        self._start, self._end = place, place
        clip = self._session.view.clip
        self.sentence = IN_COLOUR if clip is not None and clip.is_colour else ""

    def move(self, place: QPointF) -> None:
        """Draw as far as the pointer."""
        self._end = place

    def release(
        self, answer: FrameAnswer | None, placement: Placement | None, ratio: float
    ) -> None:
        """Set the window and take the former tool; a click draws nothing and keeps the tool."""
        area, told = self._area(), self.sentence
        self._start, self.sentence = None, ""
        drawn = area.width() >= LEAST and area.height() >= LEAST
        if not drawn or told or answer is None or answer.stored is None or placement is None:
            return
        clip, shown = answer.request.clip, self._session.view.presentation
        part = stored_part(clip, shown, placement, scaled(area, ratio))
        window = part and region_window(clip, answer.request.index, answer.stored, *part)
        if window:
            WindowCommands(self._session).set_voi(window)
            self._session.update(tool=self._former())

    def paint(self, painter: QPainter) -> None:
        """Paint the rectangle, or the sentence that says why there is none."""
        if self._start is None:
            return
        painter.setPen(QPen(QColor(DARK.accent), 1.5))
        painter.setBrush(QColor(77, 163, 255, 32))
        painter.drawRect(self._area())
        if self.sentence:
            paint_sentence(painter, self._end, self.sentence)

    def _area(self) -> QRectF:
        start = self._end if self._start is None else self._start
        return QRectF(start, self._end).normalized()


def scaled(area: QRectF, ratio: float) -> QRectF:
    """Return an area of logical pixels in device pixels."""
    return QRectF(area.topLeft() * ratio, area.bottomRight() * ratio)


def stored_part(
    clip: Clip, shown: Presentation, placement: Placement, area: QRectF
) -> tuple[slice, slice] | None:
    """Return rows and columns of the stored frame below an area in device pixels.

    None when the area lies beside the picture.
    """
    box = placement.box
    corners = [
        to_stored((point.x() - box.left) / box.width, (point.y() - box.top) / box.height, shown)
        for point in (area.topLeft(), area.bottomRight())
    ]
    columns = _ends([corner[0] * clip.columns for corner in corners], clip.columns)
    rows = _ends([corner[1] * clip.rows for corner in corners], clip.rows)
    return None if columns is None or rows is None else (rows, columns)


def _ends(ends: list[float], count: int) -> slice | None:
    first, last = max(0, int(min(ends))), min(count, int(max(ends)) + 1)
    return slice(first, last) if last > first and max(ends) >= 0 else None


def paint_sentence(painter: QPainter, place: QPointF, sentence: str) -> None:
    """Paint a sentence on a dark ground beside the pointer."""
    painter.setFont(font())
    width = painter.fontMetrics().horizontalAdvance(sentence) + 24
    ground = QRectF(place.x() + 12, place.y() + 12, width, painter.fontMetrics().height() + 12)
    room = painter.device()
    ground.moveLeft(max(4.0, min(ground.left(), room.width() - ground.width() - 4)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DARK.raised))
    painter.drawRoundedRect(ground, 6, 6)
    painter.setPen(QColor(DARK.text))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, sentence)
