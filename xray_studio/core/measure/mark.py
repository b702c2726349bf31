"""Marks: lengths, angles, ellipses, outlines and texts, each on the frame it was drawn on."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import NamedTuple

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Point
from xray_studio.core.key_frames import key_frame


class Kind(enum.Enum):
    """What a mark is, by the name of its tool."""

    LENGTH = "length"
    ANGLE = "angle"
    ELLIPSE = "ellipse"
    OUTLINE = "outline"
    TEXT = "text"

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.value.capitalize()

    @property
    def has_area(self) -> bool:
        """Tell whether something lies inside."""
        return self in {Kind.ELLIPSE, Kind.OUTLINE}

    def takes(self, count: int) -> bool:
        """Tell whether so many points make one."""
        return POINTS[self] <= count <= (MOST if self is Kind.OUTLINE else POINTS[self])


POINTS = {Kind.LENGTH: 2, Kind.ANGLE: 3, Kind.ELLIPSE: 2, Kind.OUTLINE: 3, Kind.TEXT: 1}
"""How many points a mark has; an outline has no fewer."""
MOST = 2_000  # corners of an outline


class Spot(NamedTuple):
    """One frame of one object: SOP Instance UID ("" without one), file, and frame from 0.

    What is no file's is told by `Clip.made` in place of the file.
    """

    uid: str
    path: str
    frame: int

    @property
    def image(self) -> tuple[str, str]:
        """The object, whichever frame."""
        return self.uid, self.path


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark; `number`, from 1, tells it from the others of a window.

    `points` are (column, row) from the corner of the first pixel, which ends at 1.0: the ends of a
    length, the middle one of an angle is where its legs meet, two corners round an ellipse, the
    corners of an outline, whose last is joined to its first, and where a text stands. A mark lies
    on the frame of its `spot`; with `everywhere` on all frames of that object. `text` is a name, or
    the text itself.
    """

    number: int
    kind: Kind
    points: tuple[Point, ...]
    spot: Spot
    text: str = ""
    everywhere: bool = False
    hidden: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.text or f"{self.kind.title} {self.number}"

    @property
    def image(self) -> tuple[str, str]:
        """The object that it lies on."""
        return self.spot.image

    def covers(self, spot: Spot) -> bool:
        """Tell whether it lies on a frame."""
        return self.image == spot.image and (self.everywhere or self.spot.frame == spot.frame)

    def moved(self, across: float, down: float, size: tuple[int, int]) -> Mark:
        """Return it moved as a whole, as far as it stays in a picture of (rows, columns)."""
        columns, rows = zip(*self.points, strict=True)
        across = min(max(across, -min(columns)), size[1] - max(columns))
        down = min(max(down, -min(rows)), size[0] - max(rows))
        return replace(self, points=tuple((x + across, y + down) for x, y in self.points))

    def with_handle(self, number: int, point: Point) -> Mark:
        """Return it with a handle (see `handles`) at another point."""
        if self.kind is not Kind.ELLIPSE:
            points = (*self.points[:number], point, *self.points[number + 1 :])
            return replace(self, points=points)
        (left, top), (right, bottom) = corners(self.points)
        sides = [left, top, right, bottom]
        sides[number] = point[number % 2]
        return replace(self, points=((sides[0], sides[1]), (sides[2], sides[3])))


def corners(points: tuple[Point, ...]) -> tuple[Point, Point]:
    """Return the upper left and the lower right corner round points."""
    columns, rows = zip(*points, strict=True)
    return (min(columns), min(rows)), (max(columns), max(rows))


def handles(mark: Mark) -> tuple[Point, ...]:
    """Return the points that a mark is shaped by: for an ellipse left, top, right and bottom."""
    if mark.kind is not Kind.ELLIPSE:
        return mark.points
    (left, top), (right, bottom) = corners(mark.points)
    x, y = (left + right) / 2, (top + bottom) / 2
    return (left, y), (x, top), (right, y), (x, bottom)


def spot_of(clip: Clip, index: int) -> Spot | None:
    """Return which frame of which object frame `index` of a clip is, None where nothing tells."""
    if clip.made:
        return Spot("", clip.made, index)
    rest = index
    for number, (uid, frames) in enumerate(clip.objects):
        if rest < frames:
            return _told(uid, _file(clip, number), rest)
        rest -= frames
    file = key_frame(clip, index)
    return None if file is None else Spot("", file.path, file.frame)


def index_of(clip: Clip, spot: Spot) -> int | None:
    """Return which frame of a clip, from 0, a spot is, None where the clip has it not."""
    if clip.made:
        mine = spot.image == ("", clip.made) and spot.frame < len(clip)
        return spot.frame if mine else None
    first = 0
    for number, (uid, frames) in enumerate(clip.objects):
        if (uid, _file(clip, number)) == spot.image:
            return first + spot.frame if spot.frame < frames else None
        first += frames
    if clip.objects or spot.uid or spot.path not in clip.paths:
        return None
    index = spot.frame if len(clip.paths) == 1 else clip.paths.index(spot.path)
    return index if index < len(clip) else None


def frames_of(clip: Clip, mark: Mark) -> tuple[int, ...]:
    """Return the frames of a clip, from 0, that a mark lies on."""
    here = index_of(clip, mark.spot)
    if here is None:
        return ()
    if not mark.everywhere:
        return (here,)
    first, count = here - mark.spot.frame, frames_at(clip, here)
    return tuple(range(first, first + count))


def frames_at(clip: Clip, index: int) -> int:
    """Return how many frames the object has that a frame of a clip is of."""
    if clip.made:
        return len(clip)
    for _, frames in clip.objects:
        if index < frames:
            return frames
        index -= frames
    return len(clip) if len(clip.paths) == 1 else 1


def _told(uid: str, path: str, frame: int) -> Spot | None:
    return Spot(uid, path, frame) if uid or path else None


def _file(clip: Clip, number: int) -> str:
    """Return the file of an object: two files that share a UID are not the same picture."""
    if len(clip.paths) == len(clip.objects):
        return clip.paths[number]
    return clip.paths[0] if len(clip.paths) == 1 else ""
