"""What rows of lists have in common: their ground, and lines of text that end in an ellipsis."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from xray_studio.ui.look.theme import BODY, CAPTION, colour, font

ROUND, BAR = 8, 2


class Look(NamedTuple):
    """How a line is written; the letters follow the size that is set."""

    size: int
    weight: QFont.Weight
    token: str
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft

    def letters(self) -> QFont:
        """Return the letters in use."""
        return font(self.size, self.weight)

    def metrics(self) -> QFontMetrics:
        """Return what these letters measure."""
        return QFontMetrics(self.letters())


LOOKS = {
    "strong": Look(BODY, QFont.Weight.DemiBold, "text"),
    "medium": Look(BODY, QFont.Weight.Medium, "text"),
    "body": Look(BODY, QFont.Weight.Normal, "text"),
    "caption": Look(CAPTION, QFont.Weight.Normal, "secondary"),
    "date": Look(CAPTION, QFont.Weight.Normal, "secondary", Qt.AlignmentFlag.AlignRight),
}


def paint_line(painter: QPainter, area: QRect, top: int, text: str, name: str) -> None:
    """Write a line as one of the looks, its upper edge at `top`, as far as there is room."""
    look = LOOKS[name]
    metrics = look.metrics()
    painter.setFont(look.letters())
    painter.setPen(colour(look.token))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(QRect(area.x(), top, area.width(), metrics.height()), look.side, shown)


def paint_ground(
    painter: QPainter, area: QRect, option: QStyleOptionViewItem, *, chosen: bool
) -> None:
    """Paint the ground of a row into an area; one that is chosen has a bar at its left."""
    over = bool(option.state & QStyle.StateFlag.State_MouseOver)
    path = QPainterPath()
    path.addRoundedRect(area, ROUND, ROUND)
    if chosen or over:
        painter.fillPath(path, colour("selected" if chosen else "raised"))
    if chosen:
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(area.x(), area.y(), BAR, area.height(), colour("accent"))
        painter.restore()
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(colour("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), ROUND, ROUND)
