"""Laid over: reads presentation states and segmentations of what is open, and applies them.

What a view shows under them is made anew from the clip as it was opened, so that nothing adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.segments import Segmentation, nearest_marked
from xray_studio.core.state import PresentationState
from xray_studio.core.study import Catalog, Series
from xray_studio.services.presets import presets
from xray_studio.services.segmentations import read_segmentation, segmentation_paths, with_segments
from xray_studio.services.states import read_states, state_paths, with_state
from xray_studio.ui.memory import fitting
from xray_studio.ui.over_state import (
    Laying,
    Over,
    Stored,
    plain,
    segmentations_for,
    states_for,
    target_of,
)
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import unprocessed
from xray_studio.ui.view import View
from xray_studio.ui.work import JobRunner

READ, APPLY = "read what lies over", "lay over"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The presentation states and segmentations of a catalogue."""

    states: tuple[PresentationState, ...]
    segmentations: tuple[Segmentation, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A clip with what lies over it; `shown` is how a state shows it, None without one."""

    clip: Clip
    windows: tuple[StoredWindow, ...]
    shown: Presentation | None = None
    frame: int | None = None


class LaidOver(QObject):
    """Finds what can be laid over the views, and lays it over the active one.

    `failed` tells a sentence.
    """

    failed = Signal(str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        session.changed.connect(self._follow)

    def choose_state(self, state: PresentationState | None) -> None:
        """Show the active view as a state says, or as it is stored."""
        over = replace(self._session.view.over, state=state)
        self._lay(self._session.state.active, Laying(over))

    def choose_segmentation(self, segmentation: Segmentation | None) -> None:
        """Lay a segmentation over the active view, or take it away."""
        over = replace(self._session.view.over, segmentation=segmentation)
        self._lay(self._session.state.active, Laying(over, seeks=True))

    def next_state(self) -> None:
        """Go on to the next state of the picture in view, after the last one as stored."""
        view, known = self._session.view, states_for(self._session.state)
        order = [None, *known]
        here = order.index(view.over.state) if view.over.state in order else 0
        self.choose_state(order[(here + 1) % len(order)])

    def toggle_segments(self) -> None:
        """Lay the first segmentation of the picture in view over it, or take it away."""
        found = segmentations_for(self._session.state)
        if found:
            shown = self._session.view.over.segmentation
            self.choose_segmentation(None if shown is not None else found[0])

    def show_on_images(self, choose: Any) -> None:
        """Open the images that the segmentation in view marks, with it over them."""
        found = target_of(self._session.state)
        if found is None:
            return
        series, segmentation = found
        choose(series)
        self._session.update_view(laying=Laying(Over(segmentation=segmentation), seeks=True))

    # -- finding

    def _follow(self, old: State, new: State) -> None:
        if old.catalog is not new.catalog or old.scanning != new.scanning:
            self._look(new)
        if old.views is new.views:
            return
        for place, (was, now) in enumerate(zip(old.views, new.views, strict=True)):
            if now.laying is None or now.clip is None:
                continue
            if was.laying is not now.laying or was.clip is not now.clip:
                self._lay(place, now.laying)

    def _look(self, state: State) -> None:
        if state.catalog == Catalog():
            self._runner.cancel_lane(READ)
            self._session.update(states=(), segmentations=())
            return
        if state.scanning:
            return
        self._runner.start(
            found_in(state.catalog),
            title="Reading presentation states",
            lane=READ,
            visible=False,
            replace=True,
            gives_way=True,
            on_result=self._found,
        )

    def _found(self, found: Found) -> None:
        self._session.update(states=found.states, segmentations=found.segmentations)

    # -- laying

    def _lay(self, place: int, laying: Laying) -> None:
        # What is processed is made anew from what then lies over the clip.
        view, over = unprocessed(self._session.state.views[place]), laying.over
        base, lane = plain(view), f"{APPLY} {place}"
        self._runner.cancel_lane(lane)
        if base is None or over == view.over:
            self._session.update_at(place, laying=None)
        elif over == Over():
            found: dict[str, Any] = {"worked": None, "presentation": view.presentation}
            self._session.update_at(place, **(found | _as_stored(view, base)))
        else:
            self._runner.start(
                laid(base, over),
                title="Laying over",
                lane=lane,
                visible=False,
                on_result=lambda found: self._show(place, view.series, laying, found),
                on_error=lambda error: self._refused(place, view.series, error),
            )

    def _refused(self, place: int, series: Series | None, error: StudioError) -> None:
        if self._session.state.views[place].series is series:
            self._session.update_at(place, laying=None)
        self.failed.emit(str(error))

    def _show(self, place: int, series: Series | None, laying: Laying, found: Laid) -> None:
        view, over = unprocessed(self._session.state.views[place]), laying.over
        base = plain(view)
        if base is None or view.series is not series:
            return
        changes: dict[str, Any] = {"clip": found.clip, "over": over, "stored": base, "laying": None}
        changes |= {"windows": found.windows, "worked": None, "presentation": view.presentation}
        changes |= _looks(view, base, laying, found)
        frame = _sought(view, laying, found)
        if frame is not None:
            changes |= {"frame": frame, "cine": replace(view.cine, playing=False)}
        self._session.update_at(place, **changes)


def _looks(view: View, base: Stored, laying: Laying, found: Laid) -> dict[str, Any]:
    """Return what becomes of how a view is shown: a state that is new brings its own."""
    if found.shown is not None and laying.presentation is not None:
        left = fitting(laying.presentation, replace(view, clip=found.clip, initial=found.shown))
        return {"presentation": left, "initial": found.shown, "auto_window": False}
    if found.shown is not None and laying.over.state is not view.over.state:
        return {"presentation": found.shown, "initial": found.shown, "auto_window": False}
    if found.shown is None and view.over.state is not None:
        return {"presentation": base.presentation, "initial": base.initial}
    return {}


def _sought(view: View, laying: Laying, found: Laid) -> int | None:
    """Return the frame to go to, None to stay: that of a new state, or one with segments."""
    new_state = laying.over.state is not view.over.state and laying.presentation is None
    if found.frame is not None and new_state and not _about(laying.over, found.clip, view.frame):
        return found.frame
    if laying.seeks and laying.over.segmentation is not view.over.segmentation:
        frame = nearest_marked(found.clip.segments, view.frame)
        return None if frame == view.frame else frame
    return None


def _about(over: Over, clip: Clip, frame: int) -> bool:
    return over.state is not None and over.state.refers_to(*clip.origin(frame))


def _as_stored(view: View, base: Stored) -> dict[str, Any]:
    """Return the changes that show a view as its file says."""
    changes: dict[str, Any] = {
        "clip": base.clip, "over": Over(), "stored": None, "windows": base.windows,
        "initial": base.initial, "laying": None,
    }  # fmt: skip
    if view.over.state is not None:
        changes["presentation"] = base.presentation
    return changes


def found_in(catalog: Catalog) -> Job[Found]:
    """Read the presentation states and segmentations of a catalogue; broken ones are left out."""
    states = yield from read_states(state_paths(catalog))
    segmentations = []
    for path in segmentation_paths(catalog):
        try:
            found = yield from read_segmentation(path)
        except StudioError:
            continue
        segmentations.append(found)
    return Found(states, tuple(segmentations))


def laid(base: Stored, over: Over) -> Job[Laid]:
    """Lay a state and a segmentation over a clip."""
    yield Progress(message="Laying over")
    clip, shown, frame = base.clip, None, None
    if over.state is not None:
        applied = with_state(clip, over.state, base.initial)
        clip, shown, frame = applied.clip, applied.presentation, applied.frame
    if over.segmentation is not None:
        clip = with_segments(clip, over.segmentation)
    return Laid(clip, presets(clip), shown, frame)
