"""Borders of what is unusual, over the picture on screen: sharp at any zoom."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from xray_studio.core.anomaly.detection import ScoreMap
from xray_studio.core.drawing import Ground
from xray_studio.core.region import Region
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import chosen_region, mapped, sight_shown
from xray_studio.ui.viewer.drawing_paint import ground_of
from xray_studio.ui.viewer.geometry import Placement
from xray_studio.ui.viewer.stamps import Sheet

WIDTH, EDGE, SHADE = 1.4, 3.2, 150  # logical pixels: of a line, and of its dark edge; its opacity
CORNER: Final = 0.25  # of a side of the frame of a region that each of its corners takes
AROUND: Final = 4.0  # logical pixels between a region and its frame
LEAST: Final = 12.0  # logical pixels of a side of a frame
Points = npt.NDArray[np.float32]


def paint_regions(sheet: Sheet, state: State, shown: FrameAnswer, placement: Placement) -> None:
    """Paint the borders of regions of the frame on screen, and the frame of the chosen one."""
    answer = mapped(state)
    scores = None if answer is None else answer.by_frame.get(shown.request.index)
    if answer is None or scores is None:
        return
    now, painter = state.view.presentation, sheet.painter
    ground = ground_of(shown.request.clip, now, placement, sheet.ratio)
    how = state.settings.unusual
    painter.save()
    playing = state.view.cine.playing  # fine lines take their time
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not playing)
    if how.contours and sight_shown(state) is None:
        for line in _lines(scores, answer.found.threshold.value, how.least):
            _outline(painter, _places(ground, line), plain=playing)
    chosen = chosen_region(state)
    if chosen is not None and chosen.frame == shown.request.index:
        _frame(painter, ground, chosen.box)
    painter.restore()


@lru_cache(maxsize=256)
def _lines(scores: ScoreMap, threshold: float, least: int) -> tuple[Points, ...]:
    """Return the borders of a frame, kept for frames that come again."""
    from xray_studio.imaging.unusual import outlines  # OpenCV: not needed to start

    return tuple(outlines(scores, threshold, least))


def _places(ground: Ground, line: Points) -> QPolygonF:
    places = ground.places(line, of_display=False)
    return QPolygonF([QPointF(x, y) for x, y in places.tolist()])


def _outline(painter: QPainter, line: QPolygonF, *, plain: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if plain:
        painter.setPen(QPen(QColor(DARK.ai), 0))
        painter.drawPolygon(line)
        return
    for ink, width in ((QColor(0, 0, 0, SHADE), EDGE), (QColor(DARK.ai), WIDTH)):
        pen = QPen(ink, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolygon(line)


def _frame(painter: QPainter, ground: Ground, box: Region) -> None:
    """Paint the corners of a frame round a region."""
    corners = ((box.x, box.y), (box.right, box.bottom))
    places = ground.places(corners, of_display=False)
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    area = QRectF(float(left), float(top), float(right - left), float(bottom - top))
    wide, high = max(0.0, LEAST - area.width()) / 2, max(0.0, LEAST - area.height()) / 2
    area = area.adjusted(-AROUND - wide, -AROUND - high, AROUND + wide, AROUND + high)
    across, down = area.width() * CORNER, area.height() * CORNER
    for ink, width in ((QColor(0, 0, 0, SHADE), 4.4), (QColor(DARK.text), 2.0)):
        painter.setPen(QPen(ink, width))
        for corner, x, y in (
            (area.topLeft(), across, down),
            (area.topRight(), -across, down),
            (area.bottomLeft(), across, -down),
            (area.bottomRight(), -across, -down),
        ):
            painter.drawPolyline([corner + QPointF(x, 0), corner, corner + QPointF(0, y)])
