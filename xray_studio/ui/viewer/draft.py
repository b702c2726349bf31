"""Draft: a mark that is being drawn, click by click, or an outline by hand."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from xray_studio.core.drawing import Ground, Point
from xray_studio.core.measure.fewer import fewer
from xray_studio.core.measure.geometry import area
from xray_studio.core.measure.mark import MOST, POINTS, Kind, Mark, Spot

FAR = 4.0  # logical pixels: less is a click, and the next one sets the next point
NEAR = 8.0  # logical pixels from the first corner of an outline, which close it
BY_HAND = 6  # points of a drag: fewer are a click with an unsteady hand
UNSEEN = 1.5  # logical pixels that a corner lies beside the line without it
PIXEL = (1.0, 1.0)


@dataclass(slots=True)
class Draft:
    """The points that are set, and that of the pointer.

    `placed` is where the last point was set on screen, `held` tells that the button is down and
    `presses` how often it was. An outline follows the pointer while the button is down; `step` is
    how much of the frame a logical pixel shows, in pixels: corners that are not seen are left out.
    """

    kind: Kind
    spot: Spot
    points: list[Point]
    at: Point
    placed: QPointF
    step: float
    held: bool = True
    presses: int = 1

    @property
    def mark(self) -> Mark:
        """What is drawn so far."""
        return Mark(0, self.kind, self._kept((*self.points, self.at)), self.spot)

    @property
    def is_outline(self) -> bool:
        """Tell whether it is closed rather than has a number of points."""
        return self.kind is Kind.OUTLINE

    @property
    def is_whole(self) -> bool:
        """Tell whether all points are set; an outline is closed by `closes`, or by letting go."""
        return not self.is_outline and len(self.points) == POINTS[self.kind]

    @property
    def is_by_hand(self) -> bool:
        """Tell whether an outline was drawn in one drag."""
        return self.is_outline and self.presses == 1 and len(self.points) >= BY_HAND

    def follow(self, at: Point, place: QPointF) -> None:
        """Go with the pointer."""
        self.at = at
        if self.is_outline and self.held and self._is_far(place):
            self.points.append(at)
            self.placed = place

    def set(self, at: Point, place: QPointF) -> None:
        """Set a point."""
        self.at, self.placed, self.held = at, place, True
        if at != self.points[-1]:
            self.points.append(at)

    def press(self, at: Point, place: QPointF) -> None:
        """Set a point by another press."""
        self.presses += 1
        self.set(at, place)

    def release(self, at: Point, place: QPointF) -> None:
        """Let the button go: the end of a drag is a point."""
        if self.held and self._is_far(place):
            self.set(at, place)
        self.held = False

    def closes(self, place: QPointF, ground: Ground) -> bool:
        """Tell whether a press ends an outline: at its first corner, or again at its last."""
        if not self.can_close:
            return False
        first = ground.places(self.points[:1], of_display=False)[0]
        apart = QPointF(float(first[0]), float(first[1])) - place
        return apart.manhattanLength() <= NEAR or not self._is_far(place)

    @property
    def can_close(self) -> bool:
        """Tell whether an outline has corners enough."""
        return self.is_outline and len(self.points) >= POINTS[self.kind]

    @property
    def made(self) -> tuple[Point, ...]:
        """The points of the mark, () where they make none: an area needs both sides."""
        points = self._kept(tuple(self.points))
        whole = self.kind.takes(len(points))
        return points if whole and (not self.kind.has_area or area(points, PIXEL) > 0.0) else ()

    def _kept(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        """Return the corners that an outline needs, so many that they can be kept."""
        if not self.is_outline:
            return points
        apart = UNSEEN * self.step
        kept = fewer(points, apart)
        while len(kept) > MOST:
            apart *= 2
            kept = fewer(points, apart)
        return kept

    def _is_far(self, place: QPointF) -> bool:
        return (place - self.placed).manhattanLength() >= FAR
