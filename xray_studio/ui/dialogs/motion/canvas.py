"""A frame in which a region is drawn, with mouse or keys, and the way that it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.region import Region
from xray_studio.ui.look.theme import font
from xray_studio.ui.look.tokens import DARK

Keys = Qt.Key
Points = Sequence[tuple[float, float]]
LEAST: Final = 8  # pixels of a region that can be followed
ROUND: Final = 8
_MOVES: Final = {
    Keys.Key_Left: (-1, 0),
    Keys.Key_Right: (1, 0),
    Keys.Key_Up: (0, -1),
    Keys.Key_Down: (0, 1),
}
_FAR: Final = 10  # pixels with Shift
_PART: Final = 8  # of the shorter side: a region that is added by key
_DRAG: Final = 3.0  # logical pixels: shorter ones are clicks
_SHADE: Final = QColor(0, 0, 0, 150)


class MotionCanvas(QWidget):
    """Shows a picture in the place of its stored pixels. `drawn` tells a region of the user."""

    drawn = Signal(object)

    def __init__(self, rows: int, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = Region(0, 0, columns, rows)
        self.image, self.sentence = QImage(), ""
        self.region: Region | None = None
        self._place = QPointF()
        self._way: Points = ()
        self._press: QPointF | None = None
        self._end = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAccessibleName("Picture with the region that is followed")
        self.setAccessibleDescription(
            "Drag to draw a region. Insert adds one; arrows move it, with Control they change its"
            " size, with Shift they go further."
        )

    def sizeHint(self) -> QSize:
        """Ask for room for a picture."""
        return QSize(520, 480)

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self.image = image
        self.update()

    def say(self, sentence: str) -> None:
        """Say something at the foot of the picture; "" for nothing."""
        self.sentence = sentence
        self.update()

    def show_region(
        self, region: Region | None, moved: tuple[float, float] = (0.0, 0.0), way: Points = ()
    ) -> None:
        """Show where a region is, `moved` pixels right and down; `way` holds all such places."""
        self.region, self._place, self._way = region, QPointF(*moved), way
        self.update()

    def area(self) -> QRectF:
        """Return where the picture lies in the widget."""
        room, whole = QSizeF(self.size()), QSizeF(self._whole.width, self._whole.height)
        size = whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        corner = QPointF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2)
        return QRectF(corner, size)

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, picture, way, region and sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page = QPainterPath()
        page.addRoundedRect(self.rect(), ROUND, ROUND)
        painter.setClipPath(page)
        painter.fillRect(self.rect(), QColor("#000000"))
        if not self.image.isNull():
            painter.drawImage(self.area(), self.image)
        if self._press is not None:
            _line(painter, QRectF(self._press, self._end).normalized())
        elif self.region is not None:
            self._paint_way(painter, self.region)
            _line(painter, self._box(self.region))
        self._say(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(DARK.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), ROUND, ROUND)
        painter.end()

    def _box(self, region: Region) -> QRectF:
        """Return where a region lies in the widget now."""
        area = self.area()
        scale = area.width() / self._whole.width
        corner = QPointF(region.x, region.y) + self._place
        return QRectF(area.topLeft() + corner * scale, QSizeF(region.width, region.height) * scale)

    def _paint_way(self, painter: QPainter, region: Region) -> None:
        """Paint the way of the middle of the region over all frames."""
        area = self.area()
        scale = area.width() / self._whole.width
        middle = QPointF(region.x + region.width / 2, region.y + region.height / 2)
        line = QPolygonF([area.topLeft() + (middle + QPointF(x, y)) * scale for x, y in self._way])
        for ink, width in ((_SHADE, 2.4), (QColor(DARK.text), 1.0)):
            painter.setPen(QPen(ink, width, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(line)
        if self._way:
            painter.setPen(QPen(_SHADE, 1))
            painter.setBrush(QColor(DARK.accent))
            painter.drawEllipse(area.topLeft() + (middle + self._place) * scale, 4.0, 4.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _say(self, painter: QPainter) -> None:
        if not self.sentence:
            return
        painter.setFont(font())
        width = painter.fontMetrics().horizontalAdvance(self.sentence) + 24
        height = painter.fontMetrics().height() + 12
        ground = QRectF((self.width() - width) / 2, self.height() - height - 12, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK.raised))
        painter.drawRoundedRect(ground, 6, 6)
        painter.setPen(QColor(DARK.text))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, self.sentence)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._press = self._end = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw as far as the pointer."""
        if self._press is not None:
            self._end = event.position()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Take what was drawn as the region; a click draws none."""
        press, self._press = self._press, None
        self.update()
        if press is None:
            return
        box = QRectF(press, self._end).normalized()
        if max(box.width(), box.height()) >= _DRAG:
            self.drawn.emit(self._within(self._pixels(box)))

    def _pixels(self, box: QRectF) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom in pixels of the picture."""
        area = self.area()
        scale = self._whole.width / area.width()
        left, top = box.left() - area.left(), box.top() - area.top()
        right, bottom = box.right() - area.left(), box.bottom() - area.top()
        return (
            round(left * scale), round(top * scale), round(right * scale), round(bottom * scale),
        )  # fmt: skip

    def _within(self, ends: tuple[int, int, int, int]) -> Region:
        """Return the region nearest to what was wished that lies in the picture."""
        left, top, right, bottom = ends
        x, width = _side(left, right, self._whole.width)
        y, height = _side(top, bottom, self._whole.height)
        return Region(x, y, width, height)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add, move and reshape a region."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Keys.Key_Insert:
            self.drawn.emit(self._added())
        elif key in _MOVES and self.region is not None:
            far = _FAR if held & Qt.KeyboardModifier.ShiftModifier else 1
            across, down = (far * part for part in _MOVES[key])
            grow = bool(held & Qt.KeyboardModifier.ControlModifier)
            self.drawn.emit(self._changed(self.region, across, down, grow=grow))
        else:
            super().keyPressEvent(event)

    def _added(self) -> Region:
        """Return a region in the middle."""
        whole = self._whole
        half = max(LEAST, min(whole.width, whole.height) // _PART) // 2
        x, y = whole.width // 2, whole.height // 2
        return self._within((x - half, y - half, x + half, y + half))

    def _changed(self, region: Region, across: int, down: int, *, grow: bool) -> Region:
        """Return the region where it is in this frame, moved or with another size."""
        x, y = region.x + round(self._place.x()), region.y + round(self._place.y())
        width, height = region.width, region.height
        if grow:
            width, height = max(LEAST, width + across), max(LEAST, height + down)
        else:
            x = min(max(0, x + across), self._whole.width - width)
            y = min(max(0, y + down), self._whole.height - height)
        return self._within((x, y, x + width, y + height))


def _side(start: int, end: int, room: int) -> tuple[int, int]:
    """Return where a side begins and how long it is, in the picture and long enough."""
    length = min(room, max(LEAST, end - start))
    if start < 0 or end > room:  # what is drawn beyond the picture is cut off
        length = min(room, max(LEAST, min(end, room) - max(start, 0)))
    return min(max(0, start), room - length), length


def _line(painter: QPainter, box: QRectF) -> None:
    for ink, width in ((_SHADE, 4.0), (QColor(DARK.accent), 2.0)):
        painter.setPen(QPen(ink, width))
        painter.drawRect(box)
