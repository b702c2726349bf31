"""Painting of the unprocessed picture over the processed one, and the scale of a difference."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from xray_studio.core.corner_text import format_number
from xray_studio.ui.look.theme import px
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.corner_paint import MARGIN
from xray_studio.ui.viewer.messages import NOTE_TOP
from xray_studio.ui.viewer.original import LESS, MORE, NONE, OriginalFrame, Scale
from xray_studio.ui.viewer.stamps import Sheet, Stamps, line_height

BESIDE = MARGIN + 44  # logical pixels: there is room for the letters that tell left and right
WIDTH, PART = 10.0, 0.34  # of the scale: logical pixels, and part of the height of the viewport
ORIGINAL, DIFFERENCE = "Original, not processed", "Processed minus original"
PLAIN = "Original"  # without what AI says
SHORTEST = 40  # logical pixels of a scale
NO_CHANGE = "no difference"


def paint_image(painter: QPainter, target: QRectF, image: QImage, ratio: float) -> None:
    """Paint a picture: device pixel by device pixel where it has the size of its place."""
    size = image.size()
    whole = (round(target.width() * ratio), round(target.height() * ratio))
    if (size.width(), size.height()) == whole:
        image.setDevicePixelRatio(ratio)
        painter.drawImage(target.topLeft(), image)
        return
    image.setDevicePixelRatio(1.0)
    painter.drawImage(target, image)


def paint_original(
    painter: QPainter, target: QRectF, image: QImage, right: float | None, size: QSize
) -> None:
    """Paint the unprocessed picture up to `right` logical pixels, None for all of it."""
    painter.save()
    if right is not None:
        painter.setClipRect(QRectF(0, 0, right, size.height()))
    paint_image(painter, target, image, painter.device().devicePixelRatioF())
    painter.restore()


def paint_scale_of(sheet: Sheet, scale: Scale) -> None:
    """Paint the bar of a difference with its ends, its middle and its unit."""
    painter, size = sheet.painter, sheet.size
    top, height = _room(size)
    if not scale.limit:
        _write(sheet, NO_CHANGE, top)
        return
    bar = QRectF(size.width() - BESIDE - WIDTH, top, WIDTH, height)
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    for part, shade in ((0.0, LESS), (0.5, NONE), (1.0, MORE)):
        gradient.setColorAt(part, QColor(*shade))
    painter.setPen(QPen(QColor(DARK.faint)))
    painter.setBrush(gradient)
    painter.drawRect(bar)
    limit = format_number(scale.limit)
    painter.drawLine(QPointF(bar.left() - 4, bar.center().y()), bar.center())
    _write(sheet, f"+{limit} {scale.unit}".rstrip(), top - line_height() - 2)
    _write(sheet, f"\N{MINUS SIGN}{limit}", top + height + 3)


def _room(size: QSize) -> tuple[int, int]:
    """Return top and height of a scale: in the middle, between note and corner words."""
    least, line = px(NOTE_TOP) + 3 * line_height(), line_height()
    height = max(SHORTEST, min(round(size.height() * PART), size.height() - least - 5 * line))
    return max(least, round((size.height() - height) / 2)), height


def _write(sheet: Sheet, words: str, top: int) -> None:
    image = sheet.stamps.words(words, DARK.text, sheet.ratio, float(sheet.size.width()))
    left = sheet.size.width() - BESIDE - image.deviceIndependentSize().width()
    sheet.painter.drawImage(QPointF(round(left), top), image)


def heading_of(original: OriginalFrame | None, *, whole: bool, overlaid: bool) -> str:
    """Return what is said of a picture that is not what was made of it, "" of one that is.

    `whole` tells that all of it is the original, `overlaid` that a map would lie over it else.
    """
    if original is None:
        return PLAIN if whole and overlaid else ""
    if original.scale is not None:
        return DIFFERENCE
    return ORIGINAL if whole else ""


class ScalePaint:
    """Paints scales; keeps the pictures of their words."""

    def __init__(self) -> None:
        self._stamps = Stamps()

    def paint(self, painter: QPainter, size: QSize, ratio: float, scale: Scale) -> None:
        """Paint a scale into a viewport."""
        paint_scale_of(Sheet(painter, self._stamps, size, ratio), scale)
