"""The brush: paints and erases segments on planes of a volume, and shows how large it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QWheelEvent

from xray_studio.core.place import Vector
from xray_studio.core.volume.planes import Plane
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.gestures import NOTCH
from xray_studio.ui.viewer.marking import View
from xray_studio.ui.viewer.stamps import Sheet
from xray_studio.ui.volume.painting import ERASE, GROW, PAINT
from xray_studio.ui.volume.seen import cut_seen, length_of, place_of, point_at
from xray_studio.ui.volume.segment_commands import SegmentCommands

ALT: Final = Qt.KeyboardModifier.AltModifier
BRUSHES: Final = frozenset((PAINT, ERASE))


class BrushTool:
    """Takes the left button over planes of a volume while a brush, or growing, is in hand."""

    def __init__(self, session: Session, view: Callable[[], View | None]) -> None:
        self._session, self._view = session, view
        self._commands = SegmentCommands(session)
        self._plane: Plane | None = None
        self._last: Vector | None = None

    @property
    def active(self) -> bool:
        """Tell whether a stroke is being painted."""
        return self._plane is not None

    def press(self, place: QPointF) -> bool:
        """Begin a stroke, or grow a region; tell whether the press was used."""
        tool, painting = self._session.state.tool, self._commands.painting
        if tool not in BRUSHES and tool != GROW:
            return False
        seen = self._view()
        plane = None if seen is None else cut_seen(seen)
        if seen is None or plane is None or painting is None:
            return True
        if self._session.view.cine.playing:
            self._session.update_cine(playing=False)
            self._session.update_view(frame=seen.answer.request.index)
        point = point_at(seen, plane, place)
        if tool == GROW:
            self._commands.plant(point)
        elif painting.can_paint:
            self._plane, self._last = plane, point
            self._paint([point])
        return True

    def move(self, place: QPointF) -> bool:
        """Go on with a stroke; tell whether there is one."""
        seen = self._view()
        if self._plane is None or self._last is None:
            return False
        if seen is None or cut_seen(seen) != self._plane:
            self.release()  # another plane is in sight by now
            return True
        point = point_at(seen, self._plane, place)
        self._paint([self._last, point])
        self._last = point
        return True

    def release(self) -> bool:
        """End a stroke."""
        if self._plane is None:
            return False
        self._plane = self._last = None
        self._commands.end_stroke()
        return True

    def turn(self, event: QWheelEvent) -> bool:
        """Let the wheel with Alt change the size of the brush."""
        if self._session.state.tool not in BRUSHES or not event.modifiers() & ALT:
            return False
        delta = event.angleDelta()  # Qt takes a wheel with Alt for a sideways one
        self._commands.widen((delta.y() or delta.x()) / NOTCH)
        return True

    def cursor(self, _place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor of the tool in hand over planes."""
        tool, seen = self._session.state.tool, self._view()
        if tool not in BRUSHES | {GROW} or seen is None or cut_seen(seen) is None:
            return None
        painting = self._commands.painting
        if painting is not None and not painting.can_paint:
            return Qt.CursorShape.ForbiddenCursor
        return Qt.CursorShape.CrossCursor

    def paint(self, sheet: Sheet, pointer: QPointF | None) -> None:
        """Paint how far the brush reaches at the pointer."""
        seen, painting = self._view(), self._commands.painting
        if pointer is None or seen is None or painting is None:
            return
        plane = cut_seen(seen)
        if plane is None or self._session.state.tool not in BRUSHES:
            return
        point = point_at(seen, plane, pointer)
        painter, current = sheet.painter, painting.current
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(255, 255, 255) if current is None else QColor(*current.colour)
        across = painting.hand.diameter / 2.0 * _millimetre(seen, plane, point)
        for pen in (QPen(QColor(0, 0, 0, 170), 3.2), QPen(colour, 1.4)):
            if not painting.can_paint:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawEllipse(pointer, across, across)
        painter.restore()

    def _paint(self, points: list[Vector]) -> None:
        assert self._plane is not None
        self._commands.stroke(self._plane, points, erase=self._session.state.tool == ERASE)


def _millimetre(seen: View, plane: Plane, point: Vector) -> float:
    """Return how many logical pixels a millimetre of a plane is long."""
    ahead = tuple(at + 100.0 * way for at, way in zip(point, plane.right, strict=True))
    x, y, z = ahead
    return length_of(place_of(seen, plane, (x, y, z)) - place_of(seen, plane, point)) / 100.0
