"""Contours: where surfaces are cut by the plane on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from xray_studio.core.volume.planes import Plane
from xray_studio.core.volume.surface import Slicer, Surface, Vertices
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.marking import View
from xray_studio.ui.viewer.stamps import Sheet
from xray_studio.ui.volume.seen import cut_seen, place_of

WIDTH: Final = 1.5
_FAR: Final = 100.0  # mm between the points that tell how millimetres lie on screen


class Contours:
    """Paints the lines in which the surfaces of the volume meet the plane on screen."""

    def __init__(self, session: Session, view: Callable[[], View | None]) -> None:
        self._session, self._view = session, view
        self._slicers: dict[int, Slicer] = {}
        self._cuts: dict[int, tuple[object, Vertices]] = {}

    def paint(self, sheet: Sheet) -> None:
        """Paint the contours of all surfaces that are shown."""
        look, seen = self._session.state.volume, self._view()
        shown = () if look is None else [one for one in look.surfaces.every if not one.hidden]
        cut = None if seen is None or not shown else cut_seen(seen)
        if seen is None or cut is None:
            self._slicers.clear()
            self._cuts.clear()
            return
        painter = sheet.painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in shown:
            painter.setPen(QPen(QColor(*one.colour), WIDTH))
            painter.drawLines(_on_screen(self._lines(one.surface, cut), seen, cut))
        painter.restore()
        kept = {id(one.surface) for one in shown}
        for cache in (self._slicers, self._cuts):
            for number in cache.keys() - kept:
                del cache[number]

    def _lines(self, surface: Surface, cut: Plane) -> Vertices:
        """Return where a plane cuts a surface, kept until the plane is another one."""
        normal = np.asarray(cut.normal)
        slicer = self._slicers.get(id(surface))
        if (
            slicer is None
            or slicer.surface is not surface
            or not np.allclose(slicer.normal, normal)
        ):
            slicer = self._slicers[id(surface)] = Slicer.along(surface, normal)
            self._cuts.pop(id(surface), None)
        height = float(np.asarray(cut.affine[:3, 3]) @ normal)
        known = self._cuts.get(id(surface))
        if known is None or known[0] != height:
            known = self._cuts[id(surface)] = height, slicer.cut(cut.affine[:3, 3])
        return known[1]


def _on_screen(lines: Vertices, seen: View, cut: Plane) -> list[QLineF]:
    """Return lines in millimetres (lines, 2, 3) as lines in the viewport, in logical pixels."""
    origin = cut.affine[:3, 3]
    corner = _xy(place_of(seen, cut, _vector(origin)))
    across, down = (
        (_xy(place_of(seen, cut, _vector(origin + _FAR * np.asarray(way)))) - corner) / _FAR
        for way in (cut.right, cut.down)
    )
    away = lines - origin
    right, below = away @ np.asarray(cut.right), away @ np.asarray(cut.down)
    places = corner + right[..., None] * across + below[..., None] * down
    return [QLineF(*start, *end) for start, end in places.tolist()]


def _xy(place: QPointF) -> npt.NDArray[np.float64]:
    return np.array([place.x(), place.y()])


def _vector(point: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return x, y, z
