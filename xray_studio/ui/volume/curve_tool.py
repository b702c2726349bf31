"""The curve tool: sets and moves points on planes, and paints where the curve goes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from xray_studio.core.errors import UsageError
from xray_studio.core.place import Vector
from xray_studio.core.volume.curve import curve_points
from xray_studio.core.volume.planes import Plane
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.marking import View
from xray_studio.ui.viewer.stamps import Sheet
from xray_studio.ui.volume.curve_commands import TOOL, CurveCommands
from xray_studio.ui.volume.seen import cut_seen, length_of, place_of, point_at

NEAR: Final = 8.0  # logical pixels from a point that take it
IN_PLANE: Final = 3.0  # mm from a plane within which a point counts as lying in it
RADIUS: Final = 4.5  # logical pixels of a point
COLOUR: Final = "#5EEAD4"
_FAR: Final = 90  # of 255: how clear what lies off the plane is painted
_STEP: Final = 1.0  # mm from one place on the curve to the next


class CurveTool:
    """Takes the left button over planes of a volume while a curve is drawn."""

    def __init__(self, session: Session, view: Callable[[], View | None]) -> None:
        self._session, self._view = session, view
        self._commands = CurveCommands(session)
        self._held: int | None = None
        self._drawn: tuple[tuple[Vector, ...], tuple[Vector, ...]] = ((), ())

    def press(self, place: QPointF) -> bool:
        """Take the point at a place, or let the curve go on to it."""
        if self._session.state.tool != TOOL:
            return False
        seen = self._view()
        plane = None if seen is None else cut_seen(seen)
        if seen is None or plane is None:
            return False
        self._held = self._at(seen, plane, place)
        if self._held is None:
            self._held = len(self._commands.curve.points)
            self._commands.add(point_at(seen, plane, place))
        else:
            self._commands.choose(self._held)
        return True

    def move(self, place: QPointF) -> bool:
        """Move the point that is held."""
        seen = self._view()
        plane = None if seen is None else cut_seen(seen)
        if self._held is None:
            return False
        if seen is not None and plane is not None and self._held < len(self._commands.curve.points):
            self._commands.move(self._held, point_at(seen, plane, place))
        return True

    def release(self) -> bool:
        """Let the point go."""
        held, self._held = self._held is not None, None
        return held

    def takes_key(self, key: Qt.Key) -> bool:
        """Tell whether Del or Esc means a point now."""
        chosen = self._session.state.tool == TOOL and self._commands.curve.chosen is not None
        return chosen and key in {Qt.Key.Key_Delete, Qt.Key.Key_Escape}

    def press_key(self, key: Qt.Key) -> bool:
        """Take the chosen point away with Del, choose none with Esc."""
        if not self.takes_key(key):
            return False
        if key == Qt.Key.Key_Delete:
            self._commands.remove_chosen()
        else:
            self._commands.choose(None)
        return True

    def cursor(self, place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor of the tool over planes."""
        seen = self._view()
        plane = None if seen is None else cut_seen(seen)
        if self._session.state.tool != TOOL or seen is None or plane is None:
            return None
        near = self._at(seen, plane, place) is not None
        return Qt.CursorShape.SizeAllCursor if near else Qt.CursorShape.CrossCursor

    def _at(self, seen: View, plane: Plane, place: QPointF) -> int | None:
        """Return the point at a place that lies in the plane, None for none."""
        away = [
            (length_of(place_of(seen, plane, point) - place), number)
            for number, point in enumerate(self._commands.curve.points)
            if lies_in(plane, point)
        ]
        found = min(away, default=(NEAR + 1.0, 0))
        return found[1] if found[0] <= NEAR else None

    # -- painting

    def paint(self, sheet: Sheet) -> None:
        """Paint the curve and its points: strong in the plane, faint off it."""
        seen, curve = self._view(), self._commands.curve
        plane = None if seen is None else cut_seen(seen)
        if seen is None or plane is None or not curve.points:
            return
        painter = sheet.painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        along = self._along(curve.points)
        places = [(place_of(seen, plane, point), lies_in(plane, point)) for point in along]
        for (start, inside), (end, _) in pairwise(places):
            painter.setPen(QPen(_colour(inside=inside), 2.0 if inside else 1.2))
            painter.drawLine(start, end)
        for number, point in enumerate(curve.points):
            chosen = number == curve.chosen and self._session.state.tool == TOOL
            _paint_point(painter, place_of(seen, plane, point), lies_in(plane, point), chosen)
        painter.restore()

    def _along(self, points: tuple[Vector, ...]) -> tuple[Vector, ...]:
        """Return places on the smooth curve through points, which are found once."""
        if self._drawn[0] != points:
            try:
                found = curve_points(points, _STEP).tolist()
            except UsageError:  # one point, or the same one twice
                found = []
            self._drawn = points, tuple((x, y, z) for x, y, z in found)
        return self._drawn[1]


def lies_in(plane: Plane, point: Vector) -> bool:
    """Tell whether a point lies in a plane, or in its slab."""
    return abs(plane.pixel(point)[2]) <= max(IN_PLANE, plane.thickness / 2.0)


def _paint_point(painter: QPainter, place: QPointF, inside: bool, chosen: bool) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.0))
    painter.setBrush(QColor(255, 255, 255) if chosen else _colour(inside=inside))
    radius = RADIUS if inside else RADIUS - 1.5
    painter.drawEllipse(place, radius, radius)


def _colour(*, inside: bool) -> QColor:
    colour = QColor(COLOUR)
    if not inside:
        colour.setAlpha(_FAR)
    return colour
