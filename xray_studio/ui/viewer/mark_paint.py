"""Marks over the picture on screen, with their values beside them and handles on the chosen one."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from xray_studio.core.drawing import Ground
from xray_studio.core.measure.geometry import Greys, greys
from xray_studio.core.measure.mark import Mark, spot_of
from xray_studio.core.measure.marks import Marks
from xray_studio.core.measure.sketch import drawing_of, on_ground
from xray_studio.core.measure.words import lines_of, values_of
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.mark_state import scale_on
from xray_studio.ui.viewer.drawing_paint import ground_of, paint_drawing
from xray_studio.ui.viewer.geometry import Placement
from xray_studio.ui.viewer.stamps import Sheet

HANDLE = 4.0  # logical pixels from the middle of a handle to its edge
KEPT = 64  # values of areas


class MarkPaint:
    """Paints marks; `boxes` tells where the words of each one stand, by its number."""

    def __init__(self) -> None:
        self.boxes: dict[int, QRectF] = {}
        self._greys: OrderedDict[object, tuple[object, Greys | None]] = OrderedDict()

    def paint(
        self,
        sheet: Sheet,
        shown: FrameAnswer,
        placement: Placement,
        marks: Marks,
        draft: Mark | None = None,
    ) -> None:
        """Paint the marks of the frame on screen, and one that is being drawn."""
        request = shown.request
        spot = spot_of(request.clip, request.index)
        ground = ground_of(request.clip, request.presentation, placement, sheet.ratio)
        self.boxes.clear()
        for mark in (*marks.at(spot), *(() if draft is None else (draft,))):
            if mark.hidden:
                continue
            self._paint(sheet, ground, shown, mark, marks)
            if mark.number == marks.chosen or mark is draft:
                handle = marks.handle if mark is not draft else -1
                _paint_handles(sheet.painter, mark, ground, handle)

    def _paint(
        self, sheet: Sheet, ground: Ground, shown: FrameAnswer, mark: Mark, marks: Marks
    ) -> None:
        clip, index = shown.request.clip, shown.request.index
        found = self._greys_of(shown, mark) if mark.kind.has_area else None
        scale = scale_on(clip, index, marks)
        values = values_of(mark, scale, found, processed=bool(clip.steps))
        drawing = drawing_of(mark, lines_of(mark, values), shown.request.presentation)
        self.boxes[mark.number] = paint_drawing(sheet, ground, drawing)

    def _greys_of(self, shown: FrameAnswer, mark: Mark) -> Greys | None:
        """Return the values in an area; those of a frame are found once."""
        stored, request = shown.stored, shown.request
        if stored is None:
            return None
        key = mark.points, request.index, id(stored)
        known = self._greys.get(key)
        if known is None or known[0] is not stored:
            known = stored, greys(request.clip, request.index, stored, mark.points)
            self._greys[key] = known
            while len(self._greys) > KEPT:
                self._greys.popitem(last=False)
        return known[1]


def _paint_handles(painter: QPainter, mark: Mark, ground: Ground, chosen: int) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.0))
    for number, (x, y) in enumerate(on_ground(mark, ground)):
        painter.setBrush(QColor(DARK.accent if number == chosen else DARK.text))
        around = QRectF(0, 0, 2 * HANDLE, 2 * HANDLE)
        around.moveCenter(QPointF(x, y))
        painter.drawRect(around)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
