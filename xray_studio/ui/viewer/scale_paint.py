"""The scale bar at the foot of a viewport."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from xray_studio.core.scale_bar import ScaleBar
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.stamps import Sheet, line_height

LINE, TICK = 2.0, 7.0  # logical pixels: height of the bar and of its ends
SHADE = 160


def bar_height() -> int:
    """Return the height of a bar with its words, in logical pixels."""
    return line_height() + round(TICK) + 2


def paint_scale(sheet: Sheet, bar: ScaleBar, bottom: int) -> None:
    """Paint a bar, given in device pixels, in the middle, `bottom` logical pixels from the foot."""
    painter, size, ratio = sheet.painter, sheet.size, sheet.ratio
    width = bar.pixels / ratio
    left = round((size.width() - width) / 2)
    foot = float(size.height() - bottom)
    painter.setPen(Qt.PenStyle.NoPen)
    for grow, colour in ((1.0, QColor(0, 0, 0, SHADE)), (0.0, QColor(DARK.text))):
        painter.setBrush(colour)
        for part in _parts(left, foot, width):
            painter.drawRect(part.adjusted(-grow, -grow, grow, grow))
    image = sheet.stamps.words(bar.words, DARK.text, ratio, float(size.width()))
    start = (size.width() - image.deviceIndependentSize().width()) / 2
    painter.drawImage(QPointF(round(start), foot - TICK - line_height() - 1), image)


def _parts(left: float, foot: float, width: float) -> tuple[QRectF, ...]:
    """Return the line and its two ends."""
    top = foot - TICK
    return (
        QRectF(left, foot - LINE, width, LINE),
        QRectF(left, top, LINE, TICK),
        QRectF(left + width - LINE, top, LINE, TICK),
    )
