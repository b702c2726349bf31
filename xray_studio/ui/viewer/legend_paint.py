"""The legend of a colour map at the right edge of a viewport."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPen

from xray_studio.core.colour_map import colour_table
from xray_studio.core.legend import STEPS, Legend
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.corner_paint import MARGIN
from xray_studio.ui.viewer.stamps import Sheet, line_height

WIDTH = 10.0  # logical pixels
PART = 0.34  # of the height of a viewport
BESIDE = round(MARGIN + WIDTH + 8)  # from the right edge, where the bar leaves room


def paint_legend(sheet: Sheet, shown: Legend) -> None:
    """Paint a bar of the colours with the values of both ends."""
    size, painter = sheet.size, sheet.painter
    height = round(size.height() * PART)
    top = round((size.height() - height) / 2)
    bar = QRectF(size.width() - MARGIN - WIDTH, top, WIDTH, height)
    painter.setPen(QPen(QColor(0, 0, 0, 160)))
    painter.setBrush(_gradient(shown.colour_map, bar))
    painter.drawRect(bar)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    above = f"{shown.top} {shown.unit}".rstrip()
    _write(sheet, above, top - line_height() - 2)
    _write(sheet, shown.foot, top + height + 3)


def _gradient(name: str, bar: QRectF) -> QLinearGradient:
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    table = colour_table(name)
    for step in range(STEPS + 1):
        part = step / STEPS
        red, green, blue = (int(value) for value in table[round(255 * part)])
        gradient.setColorAt(part, QColor(red, green, blue))
    return gradient


def _write(sheet: Sheet, words: str, top: int) -> None:
    """Write words that end at the right edge."""
    image = sheet.stamps.words(words, DARK.text, sheet.ratio, float(sheet.size.width()))
    left = sheet.size.width() - MARGIN - image.deviceIndependentSize().width()
    sheet.painter.drawImage(QPointF(round(left), top), image)
