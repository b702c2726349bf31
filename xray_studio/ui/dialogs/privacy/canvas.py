"""A frame with the regions that are masked or kept, changed with mouse and keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.privacy import Marked
from xray_studio.core.region import Region
from xray_studio.ui.dialogs.privacy.marks import Marks
from xray_studio.ui.look.theme import font
from xray_studio.ui.look.tokens import DARK

Keys = Qt.Key
_MOVES: Final = {
    Keys.Key_Left: (-1, 0),
    Keys.Key_Right: (1, 0),
    Keys.Key_Up: (0, -1),
    Keys.Key_Down: (0, 1),
}
_FAR: Final = 10  # pixels with Shift
_HANDLE: Final = 8  # logical pixels on a side
_LEAST: Final = 3  # logical pixels that a drag must go to draw a region


class RegionCanvas(QWidget):
    """Shows a picture and marks over it. `changed` tells marks that the user made."""

    changed = Signal(object)

    def __init__(self, marks: Marks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks, self.editable = marks, True
        self.image, self.sentence = QImage(), ""
        self._press: QPointF | None = None
        self._grip: tuple[str, Region] | None = None
        self._drawn: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Picture with regions")
        self.setAccessibleDescription(
            "Arrows move the chosen region, with Control they change its size. Space masks or"
            " keeps it, Insert adds one, Delete removes it, N and P choose the next and previous."
        )

    def sizeHint(self) -> QSize:
        """Ask for room for a picture."""
        return QSize(560, 480)

    def show_marks(self, marks: Marks) -> None:
        """Show other marks, without telling."""
        self.marks = marks
        self.update()

    def show_image(self, image: QImage, sentence: str = "") -> None:
        """Show another picture, or why there is none."""
        self.image, self.sentence = image, sentence
        self.update()

    # -- where things are

    def _area(self) -> QRectF:
        """Return where the picture lies in the widget, fitted and centred."""
        scale = min(self.width() / self.marks.columns, self.height() / self.marks.rows)
        width, height = self.marks.columns * scale, self.marks.rows * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def place_of(self, region: Region) -> QRectF:
        """Return where a region lies in the widget."""
        area = self._area()
        scale = area.width() / self.marks.columns
        return QRectF(
            area.x() + region.x * scale,
            area.y() + region.y * scale,
            region.width * scale,
            region.height * scale,
        )

    def _pixel(self, point: QPointF) -> QPointF:
        area = self._area()
        scale = self.marks.columns / area.width()
        return QPointF((point.x() - area.x()) * scale, (point.y() - area.y()) * scale)

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture and every region."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        if self.image.isNull():
            self._say(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._area(), self.image)
            for number, one in enumerate(self.marks.all):
                self._paint(painter, one, chosen=number == self.marks.chosen)
        if self._drawn is not None:
            painter.setPen(QPen(QColor(DARK.accent), 1.5))
            painter.drawRect(self._drawn)
        if self.hasFocus():
            painter.setPen(QPen(QColor(DARK.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _say(self, painter: QPainter) -> None:
        painter.setPen(QColor(DARK.secondary))
        painter.setFont(font())
        how = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(self.rect().adjusted(24, 24, -24, -24), how, self.sentence)

    def _paint(self, painter: QPainter, one: Marked, *, chosen: bool) -> None:
        place = self.place_of(one.region)
        ink = QColor(DARK.accent if chosen else DARK.danger if one.masked else DARK.ai)
        if one.masked:
            painter.fillRect(place, QColor("#000000"))
        pen = QPen(ink, 2 if chosen else 1.5)
        if not one.masked:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRect(place)
        if chosen and self.editable:
            for corner in _corners(place):
                painter.fillRect(_handle(corner), ink)

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a region and take hold of it, or begin to draw one."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        point = event.position()
        grip = self._corner_at(point)
        if grip is None:
            pixel = self._pixel(point)
            self._tell(self.marks.choose(self.marks.at(pixel.x(), pixel.y())))
        if self.editable:
            self._press = point
            now = self.marks.now
            self._grip = None if now is None else (grip or "move", now.region)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move or reshape what is held, or draw."""
        point = event.position()
        if self._press is None:
            self._show_cursor(point)
        elif self._grip is not None:
            self._drag(point)
        else:
            self._drawn = QRectF(self._press, point).normalized()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go; what was drawn becomes a region."""
        drawn, self._drawn = self._drawn, None
        self._press = self._grip = None
        if drawn is not None and min(drawn.width(), drawn.height()) >= _LEAST:
            self._tell(self.marks.add(self._region(drawn)))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Mask a region, or keep what it shows."""
        pixel = self._pixel(event.position())
        chosen = self.marks.choose(self.marks.at(pixel.x(), pixel.y()))
        if self.editable:
            self._tell(chosen.toggle())

    def _region(self, drawn: QRectF) -> Region:
        first, last = self._pixel(drawn.topLeft()), self._pixel(drawn.bottomRight())
        x, y = round(first.x()), round(first.y())
        return Region(x, y, max(1, round(last.x()) - x), max(1, round(last.y()) - y))

    def _corner_at(self, point: QPointF) -> str | None:
        """Return which corner of the chosen region is under a point: "tl", "tr", "bl", "br"."""
        if self.marks.now is None:
            return None
        places = zip(_NAMES, _corners(self.place_of(self.marks.now.region)), strict=True)
        return next((name for name, corner in places if _handle(corner).contains(point)), None)

    def _drag(self, point: QPointF) -> None:
        assert self._press is not None
        assert self._grip is not None
        grip, start = self._grip
        moved = self._pixel(point) - self._pixel(self._press)
        across, down = round(moved.x()), round(moved.y())
        if grip == "move":
            now = self.marks.now
            assert now is not None
            here = now.region
            self._tell(self.marks.move(start.x + across - here.x, start.y + down - here.y))
        else:
            self._tell(self.marks.reshape(_reshaped(start, grip, across, down)))

    def _show_cursor(self, point: QPointF) -> None:
        pixel, corner = self._pixel(point), self._corner_at(point)
        shapes = Qt.CursorShape
        cursor = shapes.CrossCursor
        if not self.editable:
            cursor = shapes.ArrowCursor
        elif corner is not None:
            slanted = corner in {"tl", "br"}
            cursor = shapes.SizeFDiagCursor if slanted else shapes.SizeBDiagCursor
        elif self.marks.at(pixel.x(), pixel.y()) >= 0:
            cursor = shapes.SizeAllCursor
        self.setCursor(cursor)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, move, reshape, mask, add and remove."""
        key = Qt.Key(event.key())
        marks = self._by_key(key, event.modifiers())
        if marks is None:
            super().keyPressEvent(event)
        else:
            self._tell(marks)

    def _by_key(self, key: Qt.Key, held: Qt.KeyboardModifier) -> Marks | None:
        """Return the marks after a key, None for one that means nothing here."""
        if key in {Keys.Key_N, Keys.Key_P}:
            return self.marks.step(1 if key == Keys.Key_N else -1)
        if not self.editable:
            return None
        if key in _MOVES:
            far = _FAR if held & Qt.KeyboardModifier.ShiftModifier else 1
            across, down = (far * part for part in _MOVES[key])
            grow = bool(held & Qt.KeyboardModifier.ControlModifier)
            return self.marks.resize(across, down) if grow else self.marks.move(across, down)
        if key == Keys.Key_Space:
            return self.marks.toggle()
        if key == Keys.Key_Insert:
            return self.marks.add_one()
        return self.marks.remove() if key in {Keys.Key_Delete, Keys.Key_Backspace} else None

    def _tell(self, marks: Marks) -> None:
        if marks != self.marks:
            self.show_marks(marks)
            self.changed.emit(marks)


_NAMES: Final = ("tl", "tr", "bl", "br")


def _corners(place: QRectF) -> tuple[QPointF, ...]:
    return place.topLeft(), place.topRight(), place.bottomLeft(), place.bottomRight()


def _handle(corner: QPointF) -> QRectF:
    return QRectF(corner.x() - _HANDLE / 2, corner.y() - _HANDLE / 2, _HANDLE, _HANDLE)


def _reshaped(start: Region, corner: str, across: int, down: int) -> Region:
    """Return a region with one of its corners moved; the others stay where they are."""
    left, right = start.x + across * (corner[1] == "l"), start.right + across * (corner[1] == "r")
    top, bottom = start.y + down * (corner[0] == "t"), start.bottom + down * (corner[0] == "b")
    x, y = min(left, right), min(top, bottom)
    return Region(x, y, max(1, abs(right - left)), max(1, abs(bottom - top)))
