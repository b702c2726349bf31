"""What is known of the marks on the picture in view. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Point
from xray_studio.core.measure.geometry import Greys
from xray_studio.core.measure.mark import Kind, Mark, frames_of, spot_of
from xray_studio.core.measure.marks import Marks
from xray_studio.core.measure.scale import Scale, as_calibrated, scale_at
from xray_studio.core.measure.words import Values, values_of

if TYPE_CHECKING:
    from xray_studio.ui.state import State

Key = tuple[tuple[Point, ...], int]
NONE: Mapping[Key, Greys | None] = MappingProxyType({})
TOOLS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Values found in ellipses and outlines of a clip, by their points and the frame (from 0).

    None where there are none, as in a picture in colour, or where the frame cannot be read.
    """

    clip: Clip | None = None
    greys: Mapping[Key, Greys | None] = field(default_factory=lambda: NONE)

    def of(self, clip: Clip, mark: Mark, index: int) -> Greys | None:
        """Return the values of a mark on a frame, None while they are not known."""
        return self.greys.get((mark.points, index)) if self.clip is clip else None

    def knows(self, clip: Clip, mark: Mark, index: int) -> bool:
        """Tell whether the values of a mark on a frame were looked for."""
        return self.clip is clip and (mark.points, index) in self.greys


@dataclass(frozen=True, slots=True)
class Row:
    """A mark of the clip in view, the frame (from 0) that its values are of, and these."""

    mark: Mark
    frame: int
    values: Values


def scale_on(clip: Clip, index: int, marks: Marks) -> Scale:
    """Return the scale of a frame, by hand where a person calibrated it."""
    spot = spot_of(clip, index)
    return scale_at(clip, index, None if spot is None else marks.spacing(spot.image))


def as_measured(clip: Clip, index: int, marks: Marks) -> Clip:
    """Return a clip that tells of frame `index` the spacing that it is measured by."""
    spot = spot_of(clip, index) if marks.calibrations else None
    return as_calibrated(clip, None if spot is None else marks.spacing(spot.image))


def rows_of(state: State) -> tuple[Row, ...]:
    """Return the marks of the clip in view with their values, in the order of its frames."""
    clip = state.view.clip
    if clip is None:
        return ()
    return tuple(_row(state, clip, mark) for mark in state.marks.of(clip))


def _row(state: State, clip: Clip, mark: Mark) -> Row:
    frame = frame_of(clip, mark, state.view.frame)
    found = state.figures.of(clip, mark, frame) if mark.kind.has_area else None
    scale = scale_on(clip, frame, state.marks)
    return Row(mark, frame, values_of(mark, scale, found, processed=bool(clip.steps)))


def frame_of(clip: Clip, mark: Mark, shown: int) -> int:
    """Return the frame that a mark is measured on: the one in view where it lies on that."""
    frames = frames_of(clip, mark)
    return shown if shown in frames else frames[0]


def chosen_mark(state: State) -> Mark | None:
    """Return the mark that keys mean: one that lies on the frame in view and is shown."""
    clip, mark = state.view.clip, state.marks.get(state.marks.chosen)
    if clip is None or mark is None or mark.hidden:
        return None
    spot = spot_of(clip, state.view.frame)
    return mark if spot is not None and mark.covers(spot) else None
