"""Marking: draws marks with the mouse, and pulls those there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, Qt

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Ground, Point
from xray_studio.core.measure.mark import Kind, Mark, Spot, spot_of
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.mark_state import TOOLS
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.draft import Draft
from xray_studio.ui.viewer.drawing_paint import ground_of
from xray_studio.ui.viewer.geometry import Placement, to_stored
from xray_studio.ui.viewer.mark_commands import MarkCommands
from xray_studio.ui.viewer.mark_hits import handle_at, mark_at
from xray_studio.ui.viewer.mark_paint import MarkPaint
from xray_studio.ui.viewer.stamps import Sheet

GRABBING: Final = frozenset(("window", "zoom", "pan", "scroll", *TOOLS))
AskText = Callable[[QPointF, str, Callable[[str], None]], None]


@dataclass(frozen=True, slots=True)
class View:
    """The frame on screen and where it lies."""

    answer: FrameAnswer
    placement: Placement
    ratio: float

    @property
    def clip(self) -> Clip:
        """The clip on screen."""
        return self.answer.request.clip

    @property
    def spot(self) -> Spot | None:
        """Which frame of which object is on screen."""
        return spot_of(self.clip, self.answer.request.index)

    @property
    def ground(self) -> Ground:
        """Where it lies, in logical pixels."""
        return ground_of(self.clip, self.answer.request.presentation, self.placement, self.ratio)

    @property
    def pixel(self) -> float:
        """How much of the frame a logical pixel shows, in pixels of the frame."""
        return self.ratio / self.placement.scale

    def point(self, place: QPointF) -> Point:
        """Return the point of the frame at a place, at its edge for one beside it."""
        box, clip = self.placement.box, self.clip
        x = (place.x() * self.ratio - box.left) / box.width
        y = (place.y() * self.ratio - box.top) / box.height
        x, y = to_stored(x, y, self.answer.request.presentation)
        return min(max(x, 0.0), 1.0) * clip.columns, min(max(y, 0.0), 1.0) * clip.rows


@dataclass(slots=True)
class _Pull:
    """A mark that is pulled, as it was before; `handle` is None for all of it."""

    before: Mark
    handle: int | None
    start: Point


class Marking:
    """Takes the left button for the tools that measure, and for marks at the pointer."""

    def __init__(
        self, session: Session, view: Callable[[], View | None], ask_text: AskText
    ) -> None:
        self._session, self._view, self._ask_text = session, view, ask_text
        self._commands = MarkCommands(session)
        self._paint = MarkPaint()
        self._draft: Draft | None = None
        self._pull: _Pull | None = None
        session.changed.connect(self._follow)

    @property
    def active(self) -> bool:
        """Tell whether a mark is being drawn or pulled."""
        return self._draft is not None or self._pull is not None

    def press(self, place: QPointF) -> bool:
        """Set a point, take hold of a mark, or begin one; tell whether the press was used."""
        view, tool = self._view(), self._session.state.tool
        if view is None or tool not in GRABBING:
            return False
        draft = self._draft
        if draft is not None:
            if draft.closes(place, view.ground):
                self._end()
            else:
                draft.press(view.point(place), place)
                self._end_whole()
            return True
        return self._grab(view, place) or self._begin(view, place)

    def move(self, place: QPointF) -> bool:
        """Follow the pointer."""
        view = self._view()
        if view is None or not self.active:
            return False
        if self._draft is not None:
            self._draft.follow(view.point(place), place)
        elif self._pull is not None:
            self._session.update(marks=self._session.state.marks.shaping(self._pulled(view, place)))
        return True

    def release(self, place: QPointF) -> bool:
        """End a drag; a mark that was pulled can be undone from now on."""
        pull, draft, view = self._pull, self._draft, self._view()
        if pull is not None:
            self._pull = None
            self._commands.settle(pull.before)
            return True
        if draft is None or view is None:
            return False
        draft.release(view.point(place), place)
        if draft.is_by_hand:
            self._end()
        self._end_whole()
        return True

    @property
    def can_close(self) -> bool:
        """Tell whether an outline is being drawn that can be closed."""
        return self._draft is not None and self._draft.can_close

    def close(self) -> None:
        """Close the outline that is being drawn."""
        if self.can_close:
            self._end()

    def cancel(self) -> bool:
        """Give up what is being drawn or pulled; tell whether there was anything."""
        pull, was = self._pull, self.active
        self._draft = self._pull = None
        if pull is not None:
            self._session.update(marks=self._session.state.marks.shaping(pull.before))
        return was

    def edit(self, place: QPointF) -> bool:
        """Change the words of the mark at a place."""
        view = self._view()
        mark = None if view is None else self._mark_at(view, place)
        if mark is None:
            return False
        self.cancel()
        self._ask_text(place, mark.text, lambda text: self._commands.rename(mark.number, text))
        return True

    def cursor(self, place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor over a mark, None elsewhere."""
        view = self._view()
        if view is None or self._draft is not None or self._session.state.tool not in GRABBING:
            return None
        if handle_at(self._chosen(view), view.ground, place) is not None:
            return Qt.CursorShape.SizeAllCursor
        return None if self._mark_at(view, place) is None else Qt.CursorShape.PointingHandCursor

    def paint(self, sheet: Sheet, shown: FrameAnswer, placement: Placement) -> None:
        """Paint the marks of the frame on screen."""
        draft = None if self._draft is None else self._draft.mark
        self._paint.paint(sheet, shown, placement, self._session.state.marks, draft)

    # -- drawing

    def _begin(self, view: View, place: QPointF) -> bool:
        kind, spot = TOOLS.get(self._session.state.tool), view.spot
        if kind is None or spot is None:
            return kind is not None
        if self._session.view.cine.playing:
            self._session.update_cine(playing=False)
            self._session.update_view(frame=view.answer.request.index)
        point = view.point(place)
        if kind is Kind.TEXT:
            self._ask_text(place, "", lambda text: self._write(spot, point, text))
        else:
            self._draft = Draft(kind, spot, [point], point, place, view.pixel)
        return True

    def _write(self, spot: Spot, point: Point, text: str) -> None:
        if text:
            self._commands.add(Kind.TEXT, (point,), spot, text)

    def _end_whole(self) -> None:
        if self._draft is not None and self._draft.is_whole:
            self._end()

    def _end(self) -> None:
        """Make a mark of what was drawn."""
        draft, self._draft = self._draft, None
        points = () if draft is None else draft.made
        if draft is not None and points:
            self._commands.add(draft.kind, points, draft.spot)

    # -- pulling

    def _grab(self, view: View, place: QPointF) -> bool:
        chosen = self._chosen(view)
        handle = handle_at(chosen, view.ground, place)
        mark = chosen if handle is not None else self._mark_at(view, place)
        marks = self._session.state.marks
        number = 0 if mark is None else mark.number
        if marks.chosen != number or marks.handle >= 0:
            self._session.update(marks=marks.choosing(number))
        if mark is not None:
            self._pull = _Pull(mark, handle, view.point(place))
        return mark is not None

    def _pulled(self, view: View, place: QPointF) -> Mark:
        assert self._pull is not None
        now, pull = view.point(place), self._pull
        if pull.handle is not None:
            return pull.before.with_handle(pull.handle, now)
        across, down = now[0] - pull.start[0], now[1] - pull.start[1]
        return pull.before.moved(across, down, (view.clip.rows, view.clip.columns))

    def _chosen(self, view: View) -> Mark | None:
        marks = self._session.state.marks
        here = (m for m in marks.at(view.spot) if m.number == marks.chosen and not m.hidden)
        return next(here, None)

    def _mark_at(self, view: View, place: QPointF) -> Mark | None:
        marks = self._session.state.marks.at(view.spot)
        return mark_at(marks, view.ground, self._paint.boxes, place)

    def _follow(self, old: State, new: State) -> None:
        """Give up a draft when another picture, frame or tool comes."""
        draft, view = self._draft, new.view
        if draft is None:
            return
        same = view.clip is old.view.clip and view.clip is not None and old.tool == new.tool
        if not same or view.clip is None or spot_of(view.clip, view.frame) != draft.spot:
            self.cancel()
