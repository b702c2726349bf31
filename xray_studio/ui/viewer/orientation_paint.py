"""Orientation letters in the middle of the edges of a viewport."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from xray_studio.core.orientation import Orientation
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.corner_paint import MARGIN
from xray_studio.ui.viewer.stamps import EDGE, Sheet, line_height

ROOM = 96.0  # logical pixels; the longest letters of an animal take less


@dataclass(frozen=True, slots=True)
class Clear:
    """Where something stands already: logical pixels from the edges that letters leave free."""

    top: int = MARGIN
    bottom: int = MARGIN
    right: int = MARGIN


def paint_letters(sheet: Sheet, edges: Orientation, clear: Clear) -> None:
    """Paint the letters of the four edges."""
    down, foot = (sheet.size.height() - line_height()) / 2, sheet.size.height() - line_height()
    for text, place in (
        (edges.left, (0.0, down)),
        (edges.right, (1.0, down)),
        (edges.top, (0.5, float(clear.top))),
        (edges.bottom, (0.5, float(foot - clear.bottom))),
    ):
        if text:
            image = sheet.stamps.words(text, DARK.text, sheet.ratio, ROOM)
            sheet.painter.drawImage(_corner(image, place, sheet.size.width(), clear.right), image)


def _corner(image: QImage, place: tuple[float, float], whole: int, right: int) -> QPointF:
    """Return where a stamp begins that stands left (0), in the middle, or right (1)."""
    width = image.deviceIndependentSize().width()
    left = {0.0: MARGIN - EDGE, 0.5: (whole - width) / 2, 1.0: whole - right + EDGE - width}
    return QPointF(round(left[place[0]]), round(place[1]))
