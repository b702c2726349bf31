"""Heat maps over the picture in a viewport, with the scale of their colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget

from xray_studio.core.learning.heat import ABOUT, Heat
from xray_studio.core.learning.heat_colours import heat_colours
from xray_studio.core.presentation import Presentation
from xray_studio.ui.finding_state import heat_shown, title_of
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.state import State
from xray_studio.ui.viewer.geometry import Size, place
from xray_studio.ui.viewer.stamps import Sheet, Stamps, line_height

ROOM = QSize(320, 240)  # smaller viewports have no room for the scale
WIDTH, PART = 10.0, 0.28  # of the scale: logical pixels, and part of the height of the viewport
BESIDE = 56  # logical pixels from the right edge: letters and other scales stand there
STEPS = 32  # of colour that a scale is drawn in


class HeatPaint:
    """Paints heat maps; keeps the last one as a picture, and those of the words of its scale."""

    def __init__(self) -> None:
        self._stamps = Stamps()
        self._made: tuple[Heat, str] | None = None
        self._image = QImage()

    def paint(
        self, painter: QPainter, widget: QWidget, state: State, shown: FrameAnswer | None
    ) -> None:
        """Paint into a viewport what speaks for the finding that is chosen."""
        heat = heat_shown(state)
        if heat is None or shown is None or shown.image is None:
            return
        if shown.request.index != state.view.frame:
            return  # the picture on screen is still another one
        how, size, ratio = state.settings.findings, widget.size(), widget.devicePixelRatioF()
        view = Size(round(size.width() * ratio), round(size.height() * ratio))
        now = state.view.presentation
        box = place(shown.request.clip, now, view).box
        painter.save()
        painter.setOpacity(how.opacity / 100.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(*(part / ratio for part in box))
        painter.drawImage(target, turned(self._picture(heat, how.colours), now))
        painter.restore()
        if size.width() >= ROOM.width() and size.height() >= ROOM.height():
            paint_scale(Sheet(painter, self._stamps, size, ratio), heat, how.colours)

    def _picture(self, heat: Heat, colours: str) -> QImage:
        if self._made is None or self._made[0] is not heat or self._made[1] != colours:
            self._made, self._image = (heat, colours), heat_image(heat, colours)
        return self._image


def heat_image(heat: Heat, colours: str) -> QImage:
    """Return a heat map at the network's size, transparent where it is 0."""
    shades, cover = heat_colours(heat.values, heat.limit, colours)
    alpha = np.rint(cover * 255.0).astype(np.uint8)[..., None]
    pixels = np.ascontiguousarray(np.concatenate([shades, alpha], axis=2))
    rows, columns = heat.values.shape
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    return made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy of its own


def turned(image: QImage, presentation: Presentation) -> QImage:
    """Return a picture turned, then flipped, as presented (PS3.3 C.10.6)."""
    if presentation.rotation % 360:
        image = image.transformed(QTransform().rotate(presentation.rotation % 360))
    ways = Qt.Orientation(0)
    if presentation.flip_horizontal:
        ways |= Qt.Orientation.Horizontal
    if presentation.flip_vertical:
        ways |= Qt.Orientation.Vertical
    return image.flipped(ways) if ways else image


def paint_scale(sheet: Sheet, heat: Heat, colours: str) -> None:
    """Paint a bar of the colours with the finding, the method and the values of both ends."""
    size, painter = sheet.size, sheet.painter
    height = round(size.height() * PART)
    top = round((size.height() - height) / 2)
    bar = QRectF(size.width() - BESIDE - WIDTH, top, WIDTH, height)
    painter.setPen(QPen(QColor(DARK.faint)))
    painter.setBrush(scale_gradient(heat, colours, bar.bottomLeft(), bar.topLeft()))
    painter.drawRect(bar)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    about = ABOUT[heat.method]
    low, high = ends_of(heat)
    lines = (title_of(heat.label), about.title, high)
    for number, words in enumerate(lines):
        _write(sheet, words, top - line_height() * (len(lines) - number) - 2)
    _write(sheet, low, top + height + 3)


def ends_of(heat: Heat) -> tuple[str, str]:
    """Return what both ends of the scale of a heat map stand for."""
    if not ABOUT[heat.method].signed:
        return "0", "peak"
    limit = f"{heat.limit:.2g}"
    return f"\N{MINUS SIGN}{limit}", f"+{limit} {ABOUT[heat.method].unit}"


def scale_gradient(heat: Heat, colours: str, low: QPointF, high: QPointF) -> QLinearGradient:
    """Return the colours from the lower to the upper end, over black as on a dark film."""
    gradient = QLinearGradient(low, high)
    lowest = -1.0 if ABOUT[heat.method].signed else 0.0
    values = np.linspace(lowest, 1.0, STEPS + 1, dtype=np.float32)
    shades, cover = heat_colours(values, 1.0, colours)
    for step, (shade, part) in enumerate(zip(shades, cover, strict=True)):
        colour = QColor(*(round(int(value) * float(part)) for value in shade))
        gradient.setColorAt(step / STEPS, colour)
    return gradient


def _write(sheet: Sheet, words: str, top: int) -> None:
    """Write words that end where the bar does."""
    image = sheet.stamps.words(words, DARK.text, sheet.ratio, float(sheet.size.width()))
    left = sheet.size.width() - BESIDE - image.deviceIndependentSize().width()
    sheet.painter.drawImage(QPointF(round(left), top), image)
