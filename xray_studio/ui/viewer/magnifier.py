"""Magnifier: a loupe at the pointer that shows the picture larger, as it is windowed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

from xray_studio.ui.frame_worker import FrameAnswer, answer
from xray_studio.ui.look.theme import CAPTION, font
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.viewer.geometry import Placement, Size

TOOL = "magnifier"
SIDE = 220  # logical pixels
FACTORS = (2.0, 3.0, 4.0, 6.0, 8.0)
NOTCH = 120  # Qt counts eighths of a degree


class Magnifier:
    """Renders and paints the loupe; the wheel goes through FACTORS."""

    def __init__(self) -> None:
        self.factor = FACTORS[0]
        self._made: tuple[object, ...] = ()
        self._picture: tuple[QImage, float, float] | None = None
        self._turned = 0

    def turn(self, delta: int) -> None:
        """Take the next larger or smaller factor for each notch of the wheel."""
        self._turned += delta
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        place = min(max(0, FACTORS.index(self.factor) + notches), len(FACTORS) - 1)
        self.factor = FACTORS[place]

    def paint(
        self,
        painter: QPainter,
        shown: FrameAnswer,
        placement: Placement,
        pointer: QPointF,
        ratio: float,
        *,
        square: bool = False,
    ) -> None:
        """Paint the loupe centred on the pointer, in logical pixels of the viewport."""
        frame = QRectF(0, 0, SIDE, SIDE)
        frame.moveCenter(pointer)
        outline = QPainterPath()
        if square:
            outline.addRoundedRect(frame, 8, 8)
        else:
            outline.addEllipse(frame)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(outline)
        painter.fillRect(frame, Qt.GlobalColor.black)
        self._paint_picture(painter, shown, placement, pointer, ratio)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(0, 0, 0, 160), 4), QPen(QColor(DARK.text), 1.5)):
            painter.setPen(pen)
            painter.drawPath(outline)
        self._paint_factor(painter, frame)
        painter.restore()

    def _paint_picture(
        self,
        painter: QPainter,
        shown: FrameAnswer,
        placement: Placement,
        pointer: QPointF,
        ratio: float,
    ) -> None:
        key = (id(shown), placement, pointer.x(), pointer.y(), self.factor, ratio)
        if key != self._made:
            self._made = key
            self._picture = loupe_picture(shown, placement, pointer, ratio, self.factor)
        if self._picture is not None:
            image, left, top = self._picture
            image.setDevicePixelRatio(ratio)
            corner = pointer - QPointF(SIDE / 2, SIDE / 2) + QPointF(left / ratio, top / ratio)
            painter.drawImage(corner, image)

    def _paint_factor(self, painter: QPainter, frame: QRectF) -> None:
        words = f"{self.factor:g} \N{MULTIPLICATION SIGN}"
        painter.setFont(font(CAPTION, QFont.Weight.Medium))
        width = painter.fontMetrics().horizontalAdvance(words) + 16
        pill = QRectF(0, 0, width, painter.fontMetrics().height() + 4)
        pill.moveCenter(QPointF(frame.center().x(), frame.bottom() - pill.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(DARK.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


def loupe_picture(
    shown: FrameAnswer, placement: Placement, pointer: QPointF, ratio: float, factor: float
) -> tuple[QImage, float, float] | None:
    """Return what the loupe shows and where it lies in it: left and top, in device pixels.

    The place below the pointer is in the middle, `factor` times as large as on screen. None while
    there is no picture below the loupe.
    """
    if shown.stored is None:
        return None
    side, box = round(SIDE * ratio), placement.box
    scale = placement.scale * factor
    centre = (box.left + box.width / 2, box.top + box.height / 2)
    pan = (
        (centre[0] - pointer.x() * ratio) / placement.scale,
        (centre[1] - pointer.y() * ratio) / placement.scale,
    )
    presentation = replace(shown.request.presentation, zoom=scale, pan=pan)
    view = Size(side, side)
    request = replace(shown.request, presentation=presentation, view=view, histogram=False)
    made = answer(request, shown.stored)
    if made.image is None or made.box is None:
        return None
    return made.image, made.box.left, made.box.top
