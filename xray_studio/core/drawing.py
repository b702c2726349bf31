"""Vector graphics and text that lie over a picture (PS3.3 C.10.5), as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.presentation import Presentation
from xray_studio.core.shutter import Colour

Points: TypeAlias = npt.NDArray[np.float64]
Given: TypeAlias = "Sequence[Point] | npt.NDArray[np.float32] | Points"
Point: TypeAlias = tuple[float, float]

AMBER: Colour = (0xF5, 0xD7, 0x6E)  # what has no recommended colour
ROUND = 96  # corners that a circle is drawn with
STEPS = 16  # parts of an interpolated curve between two of its points


@dataclass(frozen=True, slots=True)
class Shape:
    """A graphic object.

    `kind` is Graphic Type. `points` are (column, row) from the corner of the first pixel, which
    ends at 1.0; with `of_display` they are fractions of the displayed area.
    """

    kind: str
    points: tuple[Point, ...]
    filled: bool = False
    of_display: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A text object: in a `box` (corners as `points` of a Shape), beside an `anchor`, or both.

    `justified` is LEFT, RIGHT or CENTER, `line` whether box and anchor are joined. A text without a
    box stands to the right of its anchor, or where there is no room, to the left of `left_anchor`.
    """

    text: str
    box: tuple[Point, Point] | None = None
    box_of_display: bool = False
    justified: str = "LEFT"
    anchor: Point | None = None
    anchor_of_display: bool = False
    line: bool = False
    left_anchor: Point | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one layer shows on the frames of a clip, from 0; None for all of them."""

    layer: str
    shapes: tuple[Shape, ...] = ()
    labels: tuple[Label, ...] = ()
    colour: Colour = AMBER
    order: int = 0
    frames: frozenset[int] | None = None

    def covers(self, index: int) -> bool:
        """Tell whether it lies on frame `index`."""
        return self.frames is None or index in self.frames


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a picture lies on what is drawn on: left, top, width and height of all of it.

    `size` is its (rows, columns) as stored, `area` the part that is displayed, as
    `Presentation.area`; the whole picture where it is None.
    """

    box: tuple[float, float, float, float]
    size: tuple[int, int]
    presentation: Presentation

    @property
    def scale(self) -> float:
        """Length of a pixel of the picture across."""
        turned = self.presentation.rotation % 180 != 0
        return self.box[2] / self.size[0 if turned else 1]

    def places(self, points: Given, *, of_display: bool) -> Points:
        """Return where points lie, shape (n, 2): x, y."""
        given = np.array(points, np.float64).reshape(-1, 2)
        if of_display:
            left, top, width, height = self._shown()
            return np.asarray(given * (width, height) + (left, top))
        return self._placed(given / (self.size[1], self.size[0]))

    def _placed(self, parts: Points) -> Points:
        left, top, width, height = self.box
        return np.asarray(turned(parts, self.presentation) * (width, height) + (left, top))

    def _shown(self) -> tuple[float, float, float, float]:
        """Return left, top, width and height of the displayed area."""
        area = self.presentation.area
        if area is None:
            return self.box
        corners = self._placed(np.array([area[:2], area[2:]]) / (self.size[1], self.size[0]))
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return float(left), float(top), float(right - left), float(bottom - top)


def turned(parts: Points, presentation: Presentation) -> Points:
    """Return fractions (x, y) of a picture turned, then flipped, as shown (PS3.3 C.10.6)."""
    x, y = parts[:, 0], parts[:, 1]
    x, y = {0: (x, y), 90: (1.0 - y, x), 180: (1.0 - x, 1.0 - y), 270: (y, 1.0 - x)}[
        presentation.rotation % 360
    ]
    x = 1.0 - x if presentation.flip_horizontal else x
    y = 1.0 - y if presentation.flip_vertical else y
    return np.stack((x, y), axis=1)


def nearest(ground: Ground, label: Label) -> Points:
    """Return the place on the edge of a text's box that is nearest to its anchor."""
    assert label.box is not None
    assert label.anchor is not None
    box = ground.places(label.box, of_display=label.box_of_display)
    anchor = ground.places((label.anchor,), of_display=label.anchor_of_display)[0]
    return np.asarray(np.clip(anchor, box.min(axis=0), box.max(axis=0)))


def outline(shape: Shape) -> tuple[tuple[Point, ...], bool]:
    """Return a shape as the corners of a line, and whether the line is closed."""
    points = np.array(shape.points, np.float64).reshape(-1, 2)
    if shape.kind == "CIRCLE" and len(points) >= 2:
        arm = points[1] - points[0]
        return _as_points(_ellipse(points[0], arm, np.array((-arm[1], arm[0])))), True
    if shape.kind == "ELLIPSE" and len(points) >= 4:
        middle = (points[0] + points[1]) / 2
        arms = (points[1] - points[0]) / 2, (points[3] - points[2]) / 2
        return _as_points(_ellipse(middle, *arms)), True
    closed = len(points) > 2 and bool(np.allclose(points[0], points[-1]))
    if shape.kind == "INTERPOLATED" and len(points) > 2:
        return _as_points(_curve(points, closed=closed)), closed
    return shape.points, closed


def _ellipse(middle: Points, one: Points, two: Points) -> Points:
    angles = np.linspace(0.0, 2.0 * np.pi, ROUND, endpoint=False)[:, None]
    return np.asarray(middle + np.cos(angles) * one + np.sin(angles) * two)


def _curve(points: Points, *, closed: bool) -> Points:
    """Return a smooth line through points (Catmull-Rom spline)."""
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    all_points = np.vstack((before, points, after))
    t = np.linspace(0.0, 1.0, STEPS, endpoint=False)[:, None]
    pieces = [_piece(all_points[i : i + 4], t) for i in range(len(points) - 1)]
    return np.vstack((*pieces, points[-1:]))


def _piece(four: Points, t: Points) -> Points:
    a, b, c, d = four
    straight = (c - a) * t
    bent = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    return np.asarray(b + 0.5 * (straight + bent))


def _as_points(points: Points) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in points)
