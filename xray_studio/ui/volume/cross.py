"""The cross: lines where the other planes meet the one in view, which are moved and turned."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from xray_studio.core.place import Vector
from xray_studio.core.volume.planes import View as Plane
from xray_studio.services.volume.plane_clips import TITLES
from xray_studio.ui.look.tokens import PLANES
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.marking import View
from xray_studio.ui.viewer.stamps import Sheet, line_height
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import VolumeLook, plane_of
from xray_studio.ui.volume.seen import (
    cut_seen,
    length_of,
    pixel_at,
    place_of,
    point_at,
    way_of,
)

TOOL: Final = "cross"
NEAR: Final = 7.0  # logical pixels from a line, or from where lines meet, that take it
OPEN: Final = 14.0  # logical pixels round the meeting point that stay free of lines
FAR: Final = 56.0  # logical pixels from there, from which on a line turns
KNOB: Final = 4.0  # logical pixels, half a handle


@dataclass(frozen=True, slots=True)
class _Line:
    """Where another plane meets the one in view; `way` is a direction in logical pixels."""

    plane: Plane
    way: QPointF


@dataclass(frozen=True, slots=True)
class _Cross:
    """Where lines meet in a viewport, in logical pixels, and which there are."""

    middle: QPointF
    lines: tuple[_Line, ...]


class CrossTool:
    """Takes the left button over planes of a volume, and paints where the others lie."""

    def __init__(self, session: Session, view: Callable[[], View | None]) -> None:
        self._session, self._view = session, view
        self._commands = VolumeCommands(session)
        self._held = ""
        self._angle = 0.0

    # -- mouse

    def press(self, place: QPointF) -> bool:
        """Take the cross, or bring it here where that is the tool."""
        seen, cross = self._view(), self._cross()
        if seen is None or cross is None:
            return False
        self._held = self._means(cross, place)
        if self._held == "turn":
            self._angle = self._angle_at(seen, cross, place)
        elif self._held:
            self._aim(seen, place)
        return bool(self._held)

    def move(self, place: QPointF) -> bool:
        """Move or turn what is held."""
        seen, cross = self._view(), self._cross()
        if not self._held or seen is None or cross is None:
            return bool(self._held)
        if self._held == "aim":
            self._aim(seen, place)
            return True
        plane, angle = plane_of(self._session.view), self._angle_at(seen, cross, place)
        if plane is not None:
            self._commands.turn(plane, math.remainder(angle - self._angle, 360.0))
            self._angle = angle
        return True

    def release(self) -> bool:
        """Let go."""
        held, self._held = bool(self._held), ""
        return held

    def cursor(self, place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor over what can be taken."""
        cross = self._cross()
        if cross is None:
            return None
        means = self._means(cross, place)
        if means == "turn":
            return Qt.CursorShape.PointingHandCursor
        near = length_of(place - cross.middle) <= OPEN
        return Qt.CursorShape.SizeAllCursor if means and near else None

    def _means(self, cross: _Cross, place: QPointF) -> str:
        """Return what a press at a place does: "aim", "turn" or nothing."""
        away = length_of(place - cross.middle)
        if self._session.state.tool != TOOL:
            return "aim" if away <= OPEN else ""
        near = any(_apart(place - cross.middle, line.way) <= NEAR for line in cross.lines)
        return "turn" if near and away >= FAR else "aim"

    def _aim(self, seen: View, place: QPointF) -> None:
        cut = cut_seen(seen)
        if cut is not None:
            self._commands.aim_at(point_at(seen, cut, place))

    def _angle_at(self, seen: View, cross: _Cross, place: QPointF) -> float:
        """Return at which angle a place lies about the middle in the patient, in degrees."""
        cut = cut_seen(seen)
        assert cut is not None
        ends = [pixel_at(seen, one) for one in (cross.middle, place)]
        down, across = cut.spacing
        x, y = (ends[1][0] - ends[0][0]) * across, (ends[1][1] - ends[0][1]) * down
        return math.degrees(math.atan2(y, x))

    # -- painting

    def paint(self, sheet: Sheet) -> None:
        """Paint the lines, and the name of the plane in its colour."""
        look, plane = self._session.state.volume, plane_of(self._session.view)
        cross = self._cross()
        if look is None or plane is None or cross is None:
            return
        painter = sheet.painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if look.crossed:
            turns = self._session.state.tool == TOOL
            for line in cross.lines:
                _paint_line(sheet, cross.middle, line, handles=turns)
        painter.restore()
        _paint_name(sheet, plane)

    def _cross(self) -> _Cross | None:
        """Return where lines lie over the frame on screen."""
        look, plane, seen = self._session.state.volume, plane_of(self._session.view), self._view()
        if look is None or plane is None or seen is None:
            return None
        cut = cut_seen(seen)
        if cut is None:
            return None
        lines = (
            _Line(other, way_of(seen, cut, _meeting(look, plane, other), look.aim.at))
            for other in Plane
            if other is not plane
        )
        return _Cross(place_of(seen, cut, look.aim.at), tuple(lines))


def _meeting(look: VolumeLook, one: Plane, other: Plane) -> Vector:
    """Return the direction in which two planes meet."""
    x, y, z = np.cross(look.aim.way(one).normal, look.aim.way(other).normal)
    return float(x), float(y), float(z)


def _apart(place: QPointF, way: QPointF) -> float:
    """Return how far a place is from a line through 0."""
    return abs(place.x() * way.y() - place.y() * way.x())


def _paint_line(sheet: Sheet, middle: QPointF, line: _Line, *, handles: bool) -> None:
    painter = sheet.painter
    reach = float(sheet.size.width() + sheet.size.height())
    for side in (1.0, -1.0):
        way = line.way * side
        stroke = QLineF(middle + way * OPEN, middle + way * reach)
        for pen in _pens(line.plane):
            painter.setPen(pen)
            painter.drawLine(stroke)
    for knob in _knobs(sheet, middle, line) if handles else ():
        painter.setPen(QPen(QColor(0, 0, 0, 190), 1.0))
        painter.setBrush(QColor(PLANES[line.plane.value]))
        painter.drawEllipse(knob, KNOB, KNOB)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pens(plane: Plane) -> Iterator[QPen]:
    yield QPen(QColor(0, 0, 0, 120), 3.0)
    yield QPen(QColor(PLANES[plane.value]), 1.25)


def _knobs(sheet: Sheet, middle: QPointF, line: _Line) -> Iterator[QPointF]:
    """Yield where a line can be taken to turn it: well inside of the viewport."""
    inside = QRectF(0, 0, sheet.size.width(), sheet.size.height()).adjusted(24, 24, -24, -24)
    far = 0.30 * min(sheet.size.width(), sheet.size.height())
    for side in (1.0, -1.0):
        knob = middle + line.way * (side * max(FAR + 8, far))
        if inside.contains(knob):
            yield knob


def _paint_name(sheet: Sheet, plane: Plane) -> None:
    """Paint what plane it is, below the middle of the upper edge, in the colour of its lines."""
    words = sheet.stamps.words(TITLES[plane], PLANES[plane.value], sheet.ratio, 200.0)
    width = words.deviceIndependentSize().width()
    left = round((sheet.size.width() - width) / 2)
    sheet.painter.drawImage(QPointF(left, line_height() + 8), words)
