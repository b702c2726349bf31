"""Where the frame of a viewport lies in the volume that it is a plane of."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF

from xray_studio.core.clip import Clip
from xray_studio.core.place import Vector
from xray_studio.core.volume.planes import Plane
from xray_studio.services.volume.plane_clips import PlaneSource
from xray_studio.ui.viewer.geometry import to_stored
from xray_studio.ui.viewer.marking import View


def cut_of(clip: Clip, index: int) -> Plane | None:
    """Return where a frame lies, None for what is no plane of a volume."""
    source: object = getattr(clip.source, "source", clip.source)
    return source.plane(index) if isinstance(source, PlaneSource) else None


def cut_seen(seen: View) -> Plane | None:
    """Return where the frame on screen lies; it may lag behind the session."""
    return cut_of(seen.clip, seen.answer.request.index)


def place_of(seen: View, cut: Plane, point: Vector) -> QPointF:
    """Return where a point in mm lies in the viewport, in logical pixels."""
    column, row, _ = cut.pixel(point)
    ((x, y),) = seen.ground.places([(column + 0.5, row + 0.5)], of_display=False)
    return QPointF(x, y)


def way_of(seen: View, cut: Plane, way: Vector, at: Vector) -> QPointF:
    """Return a direction in the patient as one of length 1 in the viewport."""
    ahead = np.asarray(at) + 10.0 * np.asarray(way)
    along = place_of(seen, cut, (ahead[0], ahead[1], ahead[2])) - place_of(seen, cut, at)
    return along / max(length_of(along), 1e-9)


def pixel_at(seen: View, place: QPointF) -> tuple[float, float]:
    """Return the column and row (from 0 in the middle of the first pixel) at a place."""
    box, clip = seen.placement.box, seen.clip
    x = (place.x() * seen.ratio - box.left) / box.width
    y = (place.y() * seen.ratio - box.top) / box.height
    x, y = to_stored(x, y, seen.answer.request.presentation)
    return x * clip.columns - 0.5, y * clip.rows - 0.5


def point_at(seen: View, cut: Plane, place: QPointF) -> Vector:
    """Return the point of the patient at a place, mm."""
    column, row = pixel_at(seen, place)
    x, y, z = (cut.affine @ np.array([column, row, 0.0, 1.0]))[:3]
    return float(x), float(y), float(z)


def length_of(way: QPointF) -> float:
    """Return the length of a way in the viewport."""
    return math.hypot(way.x(), way.y())
