"""Lines with fewer corners: those that a line drawn by hand needs. Pure arithmetic."""

from __future__ import annotations

import numpy as np

from xray_studio.core.drawing import Point, Points


def fewer(points: tuple[Point, ...], apart: float) -> tuple[Point, ...]:
    """Return a line without corners that lie less than `apart` from the line without them.

    Both ends stay (Douglas and Peucker 1973, doi 10.3138/FM57-6770-U75U-7727).
    """
    if len(points) < 3:
        return points
    line = np.array(points, np.float64)
    kept, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        far = _distances(line[first + 1 : last], line[first], line[last])
        highest = int(far.argmax())
        if far[highest] >= apart:
            middle = first + 1 + highest
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return tuple(points[number] for number in sorted(kept))


def _distances(places: Points, start: Points, end: Points) -> Points:
    """Return how far places lie from the straight line between two ends."""
    way = end - start
    long = float(np.hypot(*way))
    apart = places - start
    if long == 0.0:
        return np.asarray(np.hypot(apart[:, 0], apart[:, 1]))
    part = np.clip(apart @ way / long**2, 0.0, 1.0)
    beside = apart - part[:, None] * way
    return np.asarray(np.hypot(beside[:, 0], beside[:, 1]))
