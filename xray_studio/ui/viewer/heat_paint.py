"""Colours over the picture in a viewport, with their scales: volumes, maps of AI, segments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget

from xray_studio.core.corner_text import CornerText
from xray_studio.core.presentation import Presentation
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import heat_over, mapped, sight_shown, title_of_detector
from xray_studio.ui.viewer.corner_paint import GAP, MARGIN, Corners, for_size
from xray_studio.ui.viewer.geometry import Size, place
from xray_studio.ui.viewer.heat_layer import heat_layer
from xray_studio.ui.viewer.layer import Layer, Scale
from xray_studio.ui.viewer.map_layer import map_layer, sight_layer
from xray_studio.ui.viewer.region_paint import paint_regions
from xray_studio.ui.viewer.stamps import Sheet, Stamps, line_height
from xray_studio.ui.volume.over_layer import over_layer
from xray_studio.ui.volume.segment_layer import segment_layer

ROOM = QSize(320, 240)  # smaller viewports have no room for the scale
WIDTH, PART = 10.0, 0.28  # of the scale: logical pixels, and part of the height of the viewport
BESIDE = 56  # logical pixels from the right edge: letters and other scales stand there
APART: Final = 88  # logical pixels from one scale to the next
SHORTEST: Final = 40  # logical pixels of a scale
TICK = 5.0  # logical pixels that the line of a threshold stands out on both sides
MOST: Final = 128 << 20  # bytes of pictures that are kept for frames that come again


class HeatPaint:
    """Paints layers; keeps pictures of the latest, and those of the words of their scales."""

    def __init__(self) -> None:
        self._stamps = Stamps()
        self._latest: tuple[Hashable, QImage] | None = None
        self._made: OrderedDict[Hashable, QImage] = OrderedDict()

    def paint(
        self,
        painter: QPainter,
        widget: QWidget,
        state: State,
        shown: FrameAnswer | None,
        corners: Corners,
        *,
        left: float | None = None,
    ) -> None:
        """Paint into a viewport what lies over the picture on screen, scales between `corners`.

        `left` is where it begins, in logical pixels, beside the original; None for all of it.
        """
        if shown is None or shown.image is None:
            return
        size, ratio = widget.size(), widget.devicePixelRatioF()
        view = Size(round(size.width() * ratio), round(size.height() * ratio))
        now = state.view.presentation
        placement = place(shown.request.clip, now, view)
        layers = layers_of(state, shown, placement.scale)
        if not layers:
            return
        painter.save()
        if left is not None:
            painter.setClipRect(QRectF(left, 0, size.width() - left, size.height()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(*(part / ratio for part in placement.box))
        for layer in layers:
            painter.setOpacity(layer.opacity)
            painter.drawImage(target, turned(self._picture(layer), now))
        painter.restore()
        paint_regions(Sheet(painter, self._stamps, size, ratio), state, shown, placement)
        painter.restore()
        scales = [layer.scale for layer in layers if layer.scale is not None]
        if scales and size.width() >= ROOM.width() and size.height() >= ROOM.height():
            room = room_of(for_size(corners, size).text, size.height())
            for number, scale in enumerate(scales):
                paint_scale(Sheet(painter, self._stamps, size, ratio), scale, room, number * APART)

    def _picture(self, layer: Layer) -> QImage:
        if not layer.returns:
            if self._latest is None or self._latest[0] != layer.key:
                self._latest = layer.key, layer.make()
            return self._latest[1]
        image = self._made.get(layer.key)
        if image is None:
            image = self._made[layer.key] = layer.make()
            kept = sum(one.sizeInBytes() for one in self._made.values())
            while kept > MOST and len(self._made) > 1:
                kept -= self._made.popitem(last=False)[1].sizeInBytes()
        self._made.move_to_end(layer.key)
        return image


def layers_of(state: State, shown: FrameAnswer, scale: float = 1.0) -> tuple[Layer, ...]:
    """Return what lies over the picture on screen, from below upwards.

    `scale` are device pixels for each of its pixels.
    """
    said = layer_of(state, shown.request.index)
    layers = over_layer(state, shown), said, segment_layer(state.volume, shown, scale)
    return tuple(layer for layer in layers if layer is not None)


def layer_of(state: State, frame: int) -> Layer | None:
    """Return what AI says of a frame of the picture on screen, None where it says nothing."""
    heat, answer = heat_over(state), mapped(state)
    if heat is not None and frame == state.view.frame:
        how = state.settings.findings
        return heat_layer(heat, how.colours, how.opacity / 100.0)
    scores = None if answer is None else answer.by_frame.get(frame)
    if answer is None or scores is None:
        return None
    sight, why = sight_shown(state), state.looks.why
    if sight is not None and why is not None and why.told is not None:
        return sight_layer(why.told.sights[sight], scores.shape, state.settings.unusual)
    title = title_of_detector(state, answer.detector)
    return map_layer(answer, scores, title, state.settings.unusual)


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


def room_of(text: CornerText, height: int) -> tuple[int, int]:
    """Return where words of the right corners end and begin in a viewport of a height."""
    top, bottom = (len(lines) * line_height() for lines in (text.top_right, text.bottom_right))
    return MARGIN + top + GAP, height - MARGIN - bottom - GAP


def paint_scale(sheet: Sheet, scale: Scale, room: tuple[int, int], aside: int = 0) -> None:
    """Paint a bar of the colours with what they are of and the values of both ends.

    It stands in the middle as far as there is `room` (top and bottom), and not at all without any;
    `aside` logical pixels from where the first one stands.
    """
    size, painter = sheet.size, sheet.painter
    above, below = (len(scale.lines) + 1) * line_height() + 2, line_height() + 3
    first, last = room[0] + above, room[1] - below
    height = min(round(size.height() * PART), last - first)
    if height < SHORTEST:
        return
    top = min(max(first, round((size.height() - height) / 2)), last - height)
    right = size.width() - BESIDE - aside
    bar = QRectF(right - WIDTH, top, WIDTH, height)
    painter.setPen(QPen(QColor(DARK.faint)))
    painter.setBrush(scale.gradient(bar.bottomLeft(), bar.topLeft()))
    painter.drawRect(bar)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if scale.marked is not None:
        _mark(painter, bar, scale.marked)
    lines = (*scale.lines, scale.high)
    for number, words in enumerate(lines):
        _write(sheet, words, right, top - line_height() * (len(lines) - number) - 2)
    _write(sheet, scale.low, right, top + height + 3)


def _mark(painter: QPainter, bar: QRectF, part: float) -> None:
    """Paint the line of a threshold across the bar."""
    y = round(bar.bottom() - part * bar.height()) + 0.5
    ends = QPointF(bar.left() - TICK, y), QPointF(bar.right() + TICK, y)
    for pen in (QPen(QColor(0, 0, 0, 190), 4), QPen(QColor(DARK.text), 2)):
        painter.setPen(pen)
        painter.drawLine(*ends)


def _write(sheet: Sheet, words: str, right: int, top: int) -> None:
    """Write words that end where the bar does."""
    image = sheet.stamps.words(words, DARK.text, sheet.ratio, float(sheet.size.width()))
    left = right - image.deviceIndependentSize().width()
    sheet.painter.drawImage(QPointF(round(left), top), image)
