"""Commands of marks: each one changes the session, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xray_studio.core.drawing import Point
from xray_studio.core.measure.from_state import marks_of_state
from xray_studio.core.measure.geometry import length
from xray_studio.core.measure.mark import (
    Kind,
    Mark,
    Spot,
    frames_at,
    handles,
    index_of,
    spot_of,
)
from xray_studio.core.measure.marks import Calibration, Marks, images_of
from xray_studio.core.measure.scale import calibrated, scale_at
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.mark_state import TOOLS, chosen_mark, frame_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.geometry import to_stored
from xray_studio.ui.viewer.step_commands import is_settled

PART = 0.2  # of the smaller side of a picture: half the length of a mark that is put there by key


@needs("Open a picture that lies in a file first.")
def can_mark(state: State) -> bool:
    """Tell whether marks can be drawn on the frame in view."""
    return state.view.clip is not None and spot_of(state.view.clip, state.view.frame) is not None


@needs("Nothing is drawn on this picture.")
def has_marks(state: State) -> bool:
    """Tell whether something is drawn on the clip in view."""
    return state.view.clip is not None and bool(state.marks.of(state.view.clip))


@needs("Measure on this picture first, and wait until it is processed.")
def can_export(state: State) -> bool:
    """Tell whether the clip in view can be exported with what is drawn on it."""
    return has_marks(state) and is_settled(state)


@needs("Nothing is drawn on this frame.")
def has_marks_here(state: State) -> bool:
    """Tell whether something is drawn on the frame in view."""
    clip = state.view.clip
    return clip is not None and bool(state.marks.at(spot_of(clip, state.view.frame)))


@needs("Choose a measurement of this frame first.")
def has_chosen(state: State) -> bool:
    """Tell whether a mark of the frame in view is chosen."""
    return chosen_mark(state) is not None


@needs("Choose a measurement on a clip of several frames first.")
def can_spread(state: State) -> bool:
    """Tell whether the chosen mark can lie on all frames."""
    clip = state.view.clip
    return clip is not None and has_chosen(state) and frames_at(clip, state.view.frame) > 1


def is_everywhere(state: State) -> bool:
    """Tell whether the chosen mark lies on all frames."""
    mark = chosen_mark(state)
    return mark is not None and mark.everywhere


@needs("Nothing was measured on this picture that could be undone.")
def can_undo(state: State) -> bool:
    """Tell whether a change of the clip in view can be undone."""
    images = images_of(state.view.clip)
    return any(change.image in images for change in state.marks.past)


@needs("Nothing was undone on this picture.")
def can_redo(state: State) -> bool:
    """Tell whether a change of the clip in view can be done again."""
    images = images_of(state.view.clip)
    return any(change.image in images for change in state.marks.future)


@needs("Choose a length of this frame first: one whose true size is known.")
def can_calibrate(state: State) -> bool:
    """Tell whether a length is chosen that can be given its true size."""
    mark, clip = chosen_mark(state), state.view.clip
    if mark is None or clip is None or mark.kind is not Kind.LENGTH:
        return False
    scale = scale_at(clip, state.view.frame)
    return scale.is_clear and length(mark.points, scale.spacing) > 0.0


@needs("Show the picture as a presentation state says that has drawings, first.")
def has_state_drawings(state: State) -> bool:
    """Tell whether a presentation state with drawings lies over the clip in view."""
    over, shown = state.view.over.state, state.view.presentation.drawings
    return state.view.clip is not None and over is not None and shown and bool(over.annotations)


@needs("Show a measurement of this picture first, one that is an object of its own: no plane.")
def has_shown_marks(state: State) -> bool:
    """Tell whether something is drawn on the clip in view that is not hidden.

    Planes of a volume are no object that marks could refer to.
    """
    clip = state.view.clip
    if clip is not None and clip.made:
        return False
    return clip is not None and any(not mark.hidden for mark in state.marks.of(clip))


@needs("This picture was not calibrated by hand.")
def is_calibrated(state: State) -> bool:
    """Tell whether the frame in view was calibrated by hand."""
    clip = state.view.clip
    spot = None if clip is None else spot_of(clip, state.view.frame)
    return spot is not None and state.marks.calibration(spot.image) is not None


class MarkCommands:
    """Draws, moves, takes away, undoes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _marks(self) -> Marks:
        return self._session.state.marks

    def _put(self, marks: Marks) -> None:
        self._session.update(marks=marks)

    def add(self, kind: Kind, points: tuple[Point, ...], spot: Spot, text: str = "") -> None:
        """Draw a mark on a frame; it is the chosen one then."""
        mark = Mark(self._marks.last + 1, kind, points, spot, text)
        self._put(replace(self._marks.changed(None, mark), handle=-1))

    def add_here(self) -> None:
        """Put a mark of the tool into the middle of the picture, a length without such a tool."""
        state, clip = self._session.state, self._session.view.clip
        spot = None if clip is None else spot_of(clip, state.view.frame)
        if clip is None or spot is None:
            return
        kind = TOOLS.get(state.tool, Kind.LENGTH)
        points = _middle(kind, (clip.rows, clip.columns))
        self.add(kind, points, spot, "Text" if kind is Kind.TEXT else "")

    def settle(self, before: Mark) -> None:
        """Make what a mark became since `before` a change that can be undone."""
        now = self._marks.get(before.number)
        if now is not None and now != before:
            self._put(self._marks.shaping(before).changed(before, now))

    def change(self, mark: Mark, **changes: object) -> None:
        """Change parts of a mark; the same one stays chosen."""
        chosen = self._marks.chosen
        changed = self._marks.changed(mark, replace(mark, **changes))  # type: ignore[arg-type]  # fields of Mark
        self._put(replace(changed, chosen=chosen))

    def rename(self, number: int, text: str) -> None:
        """Give a mark a name, a text its words; a text without words goes."""
        mark = self._marks.get(number)
        if mark is None:
            return
        if mark.kind is Kind.TEXT and not text:
            self.delete([mark])
        else:
            self.change(mark, text=text)

    def hide(self, number: int, *, hidden: bool) -> None:
        """Hide a mark, or show it again."""
        mark = self._marks.get(number)
        if mark is not None and mark.hidden != hidden:
            self.change(mark, hidden=hidden)

    def spread(self) -> None:
        """Let the chosen mark lie on all frames of its object, or on the one in view alone."""
        mark, clip = chosen_mark(self._session.state), self._session.view.clip
        spot = None if clip is None else spot_of(clip, self._session.view.frame)
        if mark is not None and spot is not None:
            self.change(mark, everywhere=not mark.everywhere, spot=spot)

    def delete(self, marks: Iterable[Mark]) -> None:
        """Take marks away."""
        left = self._marks
        for mark in marks:
            left = left.changed(mark, None)
        self._put(left)

    def delete_chosen(self) -> None:
        """Take the chosen mark away."""
        mark = chosen_mark(self._session.state)
        if mark is not None:
            self.delete([mark])

    def delete_all(self) -> None:
        """Take every mark of the clip in view away."""
        if self._session.view.clip is not None:
            self.delete(self._marks.of(self._session.view.clip))

    def undo(self) -> None:
        """Undo the latest change on the clip in view."""
        self._put(self._marks.undone(images_of(self._session.view.clip)))

    def redo(self) -> None:
        """Do again what was undone latest on the clip in view."""
        self._put(self._marks.redone(images_of(self._session.view.clip)))

    def take_from_state(self) -> tuple[int, int]:
        """Draw anew, as marks, what the presentation state over the clip has drawn.

        Gives how many, and how many drawings are no marks. Its own drawings are hidden then.
        """
        view = self._session.view
        if view.clip is None or view.over.state is None:
            return 0, 0
        found, marks = marks_of_state(view.clip, view.over.state), self._marks
        for mark in found.marks.each:
            marks = marks.changed(None, replace(mark, number=marks.last + 1))
        if found.marks.each:
            self._put(marks.choosing(0))
            self._session.update_presentation(drawings=False)
        return len(found.marks), found.left_out

    # -- by key

    def choose_next(self) -> None:
        """Choose the next mark of the frame in view."""
        clip = self._session.view.clip
        here = self._marks.at(None if clip is None else spot_of(clip, self._session.view.frame))
        numbers = [mark.number for mark in here if not mark.hidden]
        after = (number for number in numbers if number > self._marks.chosen)
        self._put(self._marks.choosing(next(after, numbers[0] if numbers else 0)))

    def choose_handle(self) -> None:
        """Let the keys move the next handle of the chosen mark, after the last one all of it."""
        mark = chosen_mark(self._session.state)
        if mark is not None:
            following = self._marks.handle + 1
            handle = following if following < len(handles(mark)) else -1
            self._put(self._marks.choosing(mark.number, handle))

    def unchoose(self) -> None:
        """Choose no mark."""
        self._put(self._marks.choosing(0))

    def move(self, across: int, down: int) -> None:
        """Move the chosen mark, or its chosen handle, by pixels as the picture is turned."""
        mark, clip = chosen_mark(self._session.state), self._session.view.clip
        if mark is None or clip is None:
            return
        shown, size = self._session.view.presentation, (clip.rows, clip.columns)
        one, other = to_stored(0.0, 0.0, shown), to_stored(float(across), float(down), shown)
        by = (round(other[0] - one[0]), round(other[1] - one[1]))
        number = self._marks.handle
        if number < 0:
            new = mark.moved(*by, size)
        else:
            x, y = handles(mark)[number]
            new = mark.with_handle(number, _within((x + by[0], y + by[1]), size))
        self._put(replace(self._marks.changed(mark, new), handle=number))

    # -- in the list

    def go_to(self, mark: Mark) -> None:
        """Choose a mark and go to its frame."""
        clip = self._session.view.clip
        if clip is not None and index_of(clip, mark.spot) is not None:
            CineCommands(self._session).go_to(frame_of(clip, mark, self._session.view.frame))
        self._put(self._marks.choosing(mark.number))

    # -- calibration

    def calibrate(self, mark: Mark, millimetres: float) -> None:
        """Tell the true size of a length; from then on its picture is measured by that."""
        clip = self._session.view.clip
        index = None if clip is None else index_of(clip, mark.spot)
        if clip is None or index is None:
            return
        before = self._marks.calibration(mark.image)
        scale = scale_at(clip, index)
        spacing = calibrated(scale, length(mark.points, scale.spacing), millimetres)
        self._put(self._marks.changed(before, Calibration(mark.image, spacing)))

    def uncalibrate(self) -> None:
        """Measure the picture in view as its file says again."""
        clip = self._session.view.clip
        spot = None if clip is None else spot_of(clip, self._session.view.frame)
        before = None if spot is None else self._marks.calibration(spot.image)
        if before is not None:
            self._put(self._marks.changed(before, None))


def _middle(kind: Kind, size: tuple[int, int]) -> tuple[Point, ...]:
    """Return the points of a mark in the middle of a picture of (rows, columns)."""
    x, y, arm = size[1] / 2, size[0] / 2, PART * min(size)
    points = {
        Kind.LENGTH: ((x - arm, y), (x + arm, y)),
        Kind.ANGLE: ((x + arm, y - arm), (x, y), (x + arm, y)),
        Kind.ELLIPSE: ((x - arm, y - arm), (x + arm, y + arm)),
        Kind.OUTLINE: ((x - arm, y), (x, y - arm), (x + arm, y), (x, y + arm)),
        Kind.TEXT: ((x, y),),
    }[kind]
    assert kind.takes(len(points))
    return points


def _within(point: Point, size: tuple[int, int]) -> Point:
    return min(max(point[0], 0.0), float(size[1])), min(max(point[1], 0.0), float(size[0]))
