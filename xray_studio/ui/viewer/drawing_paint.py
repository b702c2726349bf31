"""What a presentation state has drawn, over the picture on screen: sharp at any zoom."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Drawing, Ground, Label, Points, Shape, nearest, outline
from xray_studio.core.presentation import Presentation
from xray_studio.core.shown import shows_drawings
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.viewer.geometry import Placement
from xray_studio.ui.viewer.stamps import Sheet, line_height

WIDTH, EDGE = 1.6, 3.2  # logical pixels: of a line, and of its dark edge
SHADE = 150
CROSS = 6.0  # logical pixels from the middle of a point to its ends
GAP = 6.0  # logical pixels between an anchor and its text


def paint_drawings(sheet: Sheet, shown: FrameAnswer, placement: Placement) -> None:
    """Paint what is drawn on the frame on screen, which lies at a placement now."""
    clip, presentation = shown.request.clip, shown.request.presentation
    if not shows_drawings(clip, presentation):
        return
    ground = ground_of(clip, presentation, placement, sheet.ratio)
    for drawing in clip.drawings:
        if drawing.covers(shown.request.index):
            paint_drawing(sheet, ground, drawing)


def ground_of(clip: Clip, presentation: Presentation, placement: Placement, ratio: float) -> Ground:
    """Return where a picture lies in a viewport, in logical pixels."""
    box = placement.box
    lying = (box.left / ratio, box.top / ratio, box.width / ratio, box.height / ratio)
    return Ground(lying, (clip.rows, clip.columns), presentation)


def paint_drawing(sheet: Sheet, ground: Ground, drawing: Drawing) -> QRectF:
    """Paint one drawing and return the room that its words take."""
    sheet.painter.save()
    sheet.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = _Pen(sheet, ground, drawing)
    pen.paint()
    sheet.painter.restore()
    return pen.words


class _Pen:
    """Paints one layer."""

    def __init__(self, sheet: Sheet, ground: Ground, drawing: Drawing) -> None:
        self._sheet, self._ground, self._drawing = sheet, ground, drawing
        self._ink = QColor(*drawing.colour)
        self.words = QRectF()

    def paint(self) -> None:
        for shape in self._drawing.shapes:
            self._shape(shape)
        for label in self._drawing.labels:
            self._label(label)

    def _shape(self, shape: Shape) -> None:
        corners, closed = outline(shape)
        places = self._ground.places(corners, of_display=shape.of_display)
        if shape.kind == "POINT":
            self._cross(places[0])
            return
        if shape.filled and closed:
            self._sheet.painter.setPen(Qt.PenStyle.NoPen)
            self._sheet.painter.setBrush(self._ink)
            self._sheet.painter.drawPolygon(_polygon(places))
        self._line(places, closed=closed)

    def _line(self, places: Points, *, closed: bool) -> None:
        painter, line = self._sheet.painter, _polygon(places)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((QColor(0, 0, 0, SHADE), EDGE), (self._ink, WIDTH)):
            pen = QPen(ink, width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            (painter.drawPolygon if closed else painter.drawPolyline)(line)

    def _cross(self, place: Points) -> None:
        x, y = float(place[0]), float(place[1])
        for ends in (((x - CROSS, y), (x + CROSS, y)), ((x, y - CROSS), (x, y + CROSS))):
            painter = self._sheet.painter
            for ink, width in ((QColor(0, 0, 0, SHADE), EDGE), (self._ink, WIDTH)):
                painter.setPen(QPen(ink, width))
                painter.drawLine(QPointF(*ends[0]), QPointF(*ends[1]))

    def _label(self, label: Label) -> None:
        lines = label.text.split("\n")
        stamps, ratio = self._sheet.stamps, self._sheet.ratio
        room = float(self._sheet.size.width())
        images = [stamps.words(line, self._ink.name(), ratio, room) for line in lines]
        wide = max(image.deviceIndependentSize().width() for image in images)
        left, top, width = self._corner(label, wide, len(lines) * line_height())
        if label.line and label.anchor is not None and label.box is not None:
            self._joint(label)
        self.words |= QRectF(left, top, wide, len(lines) * line_height())
        for number, image in enumerate(images):
            free = width - image.deviceIndependentSize().width()
            aside = {"CENTER": free / 2, "RIGHT": free}.get(label.justified, 0.0)
            place = QPointF(round(left + aside), round(top + number * line_height()))
            self._sheet.painter.drawImage(place, image)

    def _corner(self, label: Label, wide: float, high: float) -> tuple[float, float, float]:
        """Return left and top of a text and the width that it is justified in."""
        if label.box is not None:
            places = self._ground.places(label.box, of_display=label.box_of_display)
            (left, top), (right, _) = places.min(axis=0), places.max(axis=0)
            return float(left), float(top), max(float(right - left), wide)
        assert label.anchor is not None
        place = self._ground.places((label.anchor,), of_display=label.anchor_of_display)[0]
        x, y = float(place[0]), float(place[1])
        inside = x + GAP + wide <= self._sheet.size.width()
        if not inside and label.left_anchor is not None:
            x, y = map(float, self._ground.places((label.left_anchor,), of_display=False)[0])
        left = x + GAP if inside else x - GAP - wide
        lowest = self._sheet.size.height() - high
        return (left if inside else max(left, 0.0)), min(max(y - high / 2, 0.0), lowest), wide

    def _joint(self, label: Label) -> None:
        assert label.anchor is not None
        anchor = self._ground.places((label.anchor,), of_display=label.anchor_of_display)[0]
        edge = nearest(self._ground, label)
        painter = self._sheet.painter
        painter.setPen(QPen(self._ink, WIDTH))
        painter.drawLine(QPointF(*map(float, edge)), QPointF(*map(float, anchor)))


def _polygon(places: Points) -> QPolygonF:
    return QPolygonF([QPointF(float(x), float(y)) for x, y in places])
