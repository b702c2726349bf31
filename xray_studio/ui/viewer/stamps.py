"""Stamps: words drawn once as small pictures, so that a frame at 30 a second costs no text layout.

Words keep legible on any image through a soft dark edge; badges stand on a small pill.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from xray_studio.ui.look.theme import CAPTION, font

LINE_HEIGHT = 17  # logical pixels from one line to the next
PILL_HEIGHT = 17
EDGE = 2  # logical pixels left round the words for their dark edge
MOST = 512

_SHADOW = QColor(0, 0, 0, 70)
_RINGS = ((1.6, 12), (0.9, 8))  # radius in logical pixels, and how many copies on that ring


class Stamps:
    """Pictures of words for one pixel ratio, the most recently used ones kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QImage] = OrderedDict()
        self._font = font(CAPTION, QFont.Weight.Medium)
        self._pill_font = font(11, QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(self._font)
        self._pill_metrics = QFontMetricsF(self._pill_font)

    def words(self, text: str, colour: str, ratio: float, width: float) -> QImage:
        """Return a line of text with a dark edge, elided to `width` logical pixels."""
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return self._made((shown, colour, ratio), lambda: self._words(shown, colour, ratio))

    def pill(self, text: str, ink: str, fill: str, ratio: float) -> QImage:
        """Return a badge."""
        return self._made((text, ink, fill, ratio), lambda: self._pill(text, ink, fill, ratio))

    def width(self, text: str) -> float:
        """Return the width of a line in logical pixels."""
        return self._metrics.horizontalAdvance(text)

    def _made(self, key: Hashable, make: Callable[[], QImage]) -> QImage:
        image = self._kept.get(key)
        if image is None:
            image = self._kept[key] = make()
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return image

    def _words(self, text: str, colour: str, ratio: float) -> QImage:
        width = math.ceil(self._metrics.horizontalAdvance(text)) + 2 * EDGE
        image = _empty(width, LINE_HEIGHT, ratio)
        baseline = QPointF(EDGE, (LINE_HEIGHT + self._metrics.capHeight()) / 2)
        painter = QPainter(image)
        painter.setFont(self._font)
        painter.setPen(_SHADOW)
        for radius, copies in _RINGS:
            for step in range(copies):
                angle = 2.0 * math.pi * step / copies
                off = QPointF(radius * math.cos(angle), radius * math.sin(angle))
                painter.drawText(baseline + off, text)
        painter.setPen(QColor(colour))
        painter.drawText(baseline, text)
        painter.end()
        return image

    def _pill(self, text: str, ink: str, fill: str, ratio: float) -> QImage:
        width = math.ceil(self._pill_metrics.horizontalAdvance(text)) + 12
        image = _empty(width, PILL_HEIGHT, ratio)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(0, 0, width, PILL_HEIGHT), 4, 4)
        painter.setFont(self._pill_font)
        painter.setPen(QColor(ink))
        baseline = (PILL_HEIGHT + self._pill_metrics.capHeight()) / 2
        painter.drawText(QPointF(6, baseline), text)
        painter.end()
        return image


def _empty(width: int, height: int, ratio: float) -> QImage:
    size = (math.ceil(width * ratio), math.ceil(height * ratio))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image
