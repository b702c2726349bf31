"""Stamps: words drawn once as small pictures, so that a frame at 30 a second costs no text layout.

Words keep legible on any image through a soft dark edge; badges stand on a small pill.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from xray_studio.ui.look.theme import CAPTION, font, px

LINE = 17  # logical pixels from one line to the next, for letters of the usual size
EDGE = 2  # logical pixels left round the words for their dark edge
MOST = 512

SHADOW = 0.27  # opacity of each of the copies that make the dark edge
_RINGS = ((1.6, 12), (0.9, 8))  # radius in logical pixels, and how many copies on that ring


def line_height() -> int:
    """Return the logical pixels from one line to the next, and the height of a badge."""
    return px(LINE)


class Stamps:
    """Pictures of words for one pixel ratio, the most recently used ones kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QImage] = OrderedDict()
        self._line = 0
        self._measure()

    def _measure(self) -> None:
        """Take the size of letters in use; pictures of another size are made anew."""
        if self._line == line_height():
            return
        self._line = line_height()
        self._kept.clear()
        self._font = font(CAPTION, QFont.Weight.Medium)
        self._pill_font = font(11, QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(self._font)
        self._pill_metrics = QFontMetricsF(self._pill_font)

    def words(self, text: str, colour: str, ratio: float, width: float) -> QImage:
        """Return a line of text with a dark edge, elided to `width` logical pixels."""
        self._measure()
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return self._made((shown, colour, ratio), lambda: self._words(shown, colour, ratio))

    def pill(self, text: str, ink: str, fill: str, ratio: float) -> QImage:
        """Return a badge."""
        self._measure()
        return self._made((text, ink, fill, ratio), lambda: self._pill(text, ink, fill, ratio))

    def width(self, text: str) -> float:
        """Return the width of a line in logical pixels."""
        self._measure()
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
        image, dark = (_empty(width, self._line, ratio) for _ in range(2))
        self._write(dark, text, Qt.GlobalColor.black)
        painter = QPainter(image)
        painter.setOpacity(SHADOW)
        for across, down in _offsets(ratio):
            # Whole device pixels: copies of a small picture cost far less than drawing text anew.
            painter.drawImage(QPointF(across / ratio, down / ratio), dark)
        painter.end()
        self._write(image, text, QColor(colour))
        return image

    def _write(self, image: QImage, text: str, colour: QColor | Qt.GlobalColor) -> None:
        painter = QPainter(image)
        painter.setFont(self._font)
        painter.setPen(colour)
        baseline = (self._line + self._metrics.capHeight()) / 2
        painter.drawText(QPointF(EDGE, baseline), text)
        painter.end()

    def _pill(self, text: str, ink: str, fill: str, ratio: float) -> QImage:
        width = math.ceil(self._pill_metrics.horizontalAdvance(text)) + 12
        image = _empty(width, self._line, ratio)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(0, 0, width, self._line), 4, 4)
        painter.setFont(self._pill_font)
        painter.setPen(QColor(ink))
        baseline = (self._line + self._pill_metrics.capHeight()) / 2
        painter.drawText(QPointF(6, baseline), text)
        painter.end()
        return image


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is painted on: a viewport of `size` logical pixels with `ratio` device pixels each."""

    painter: QPainter
    stamps: Stamps
    size: QSize
    ratio: float


def _empty(width: int, height: int, ratio: float) -> QImage:
    size = (math.ceil(width * ratio), math.ceil(height * ratio))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


@cache
def _offsets(ratio: float) -> tuple[tuple[int, int], ...]:
    """Return where the copies of the dark edge lie, in device pixels."""
    turns = (
        (radius * ratio, 2.0 * math.pi * step / n) for radius, n in _RINGS for step in range(n)
    )
    return tuple((round(r * math.cos(a)), round(r * math.sin(a))) for r, a in turns)
