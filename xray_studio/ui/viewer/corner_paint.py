"""Corner text of a viewport: lines in four corners, badges as pills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter

from xray_studio.core.corner_text import CornerText
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.stamps import EDGE, Sheet, Stamps, line_height

MARGIN = 12
GAP = 4
SMALL = QSize(320, 240)  # below this only who is shown stands in the viewport

# Viewports stay black in both themes, so their words keep the colours of the dark one.
WORDS = DARK.text
PILL_INK, PILL_FILL = DARK.text, "#3A4656"
AI_INK, AI_FILL = "#11161D", DARK.ai


@dataclass(frozen=True, slots=True)
class Corners:
    """What to paint: the corner lines, what stands in place of who, and the pixel's value.

    The value may have several lines.
    """

    text: CornerText
    hidden: str = ""
    pixel: str = ""


def for_size(corners: Corners, size: QSize) -> Corners:
    """Return what is painted in a viewport of a size: small ones keep name, ID and badges."""
    if size.width() < SMALL.width() or size.height() < SMALL.height():
        text = CornerText(top_left=corners.text.top_left[:2], badges=corners.text.badges)
        return Corners(text, corners.hidden)
    return corners


class CornerPaint:
    """Paints corner text; keeps the pictures of the words."""

    def __init__(self) -> None:
        self._stamps = Stamps()

    def paint(self, painter: QPainter, size: QSize, ratio: float, corners: Corners) -> None:
        """Paint into a viewport of `size` logical pixels with `ratio` device pixels each."""
        shown, page = for_size(corners, size), _Page(painter, self._stamps, size, ratio)
        text = shown.text
        top = MARGIN
        if shown.hidden:
            page.pills((shown.hidden,), top)
            top += line_height() + GAP
        page.lines(text.top_left, text.top_right, top, MARGIN)
        lower = size.height() - MARGIN
        left, right = text.bottom_left, text.bottom_right
        start = lower - line_height() * len(left)
        page.lines(left, right, start, lower - line_height() * len(right))
        if text.badges:
            start -= line_height() + GAP
            page.pills(text.badges, start)
        if shown.pixel:
            lines = shown.pixel.split("\n")
            start -= line_height() * len(lines) + (GAP if text.badges else 0)
            page.lines(lines, (), start, 0)


class _Page(Sheet):
    __slots__ = ()

    def lines(
        self, left: Sequence[str], right: Sequence[str], left_top: int, right_top: int
    ) -> None:
        """Draw a left and a right block; each may use what the other leaves, at least half."""
        left_room, right_room = self._room(left, right)
        for step, line in enumerate(left):
            image = self.stamps.words(line, WORDS, self.ratio, left_room)
            place = QPointF(MARGIN - EDGE, left_top + step * line_height())
            self.painter.drawImage(place, image)
        for step, line in enumerate(right):
            image = self.stamps.words(line, WORDS, self.ratio, right_room)
            start = self.size.width() - MARGIN + EDGE - image.deviceIndependentSize().width()
            place = QPointF(round(start), right_top + step * line_height())
            self.painter.drawImage(place, image)

    def pills(self, names: Sequence[str], top: int) -> None:
        """Draw badges side by side from the left edge."""
        start = float(MARGIN)
        for name in names:
            ink, fill = (AI_INK, AI_FILL) if name.startswith("AI") else (PILL_INK, PILL_FILL)
            image = self.stamps.pill(name, ink, fill, self.ratio)
            self.painter.drawImage(QPointF(start, top), image)
            start += image.deviceIndependentSize().width() + GAP

    def _room(self, left: Sequence[str], right: Sequence[str]) -> tuple[float, float]:
        room = self.size.width() - 3.0 * MARGIN
        widest = [
            max((self.stamps.width(line) for line in block), default=0.0) for block in (left, right)
        ]
        return max(room / 2, room - widest[1]), max(room / 2, room - widest[0])
