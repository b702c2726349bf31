"""Processing: makes of every view the processed clip that its pipeline asks for.

What a view shows is made anew from the clip as it was opened, or with what lies over it, so that
nothing adds up. The latest pipeline wins: one that is changed before its clip is there is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.step import Step
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.processing.auto import Choice, auto_steps
from xray_studio.services.processing.catalogue import steps_there_are
from xray_studio.services.processing.process import Known, keeps_values, processed
from xray_studio.ui.layout import PLACES
from xray_studio.ui.over_state import Stored
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared, Worked, is_behind, unprocessed, waits_to_run, worked
from xray_studio.ui.view import View
from xray_studio.ui.work import JobRunner, Task

APPLY, LOAD, CHOOSE = "process", "load steps", "choose steps"
REST = 30  # milliseconds without another change before a pipeline is applied


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A processed clip; `initial` is how it is shown first where values mean something else."""

    clip: Clip
    windows: tuple[StoredWindow, ...]
    initial: Presentation | None = None


class Processing(QObject):
    """Follows the pipelines of all views."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._known: dict[int, tuple[Clip, Known]] = {}
        self._waiting: set[int] = set()
        self._loading = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._begin)
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    def run(self) -> None:
        """Process the active view though it takes long."""
        place = self._session.state.active
        if is_behind(self._session.view):
            self._start(place, self._session.view)

    def choose(self) -> None:
        """Choose steps for the active view by its noise and modality."""
        state, place = self._session.state, self._session.state.active
        clip = unprocessed(state.view).clip
        if clip is not None:
            self._runner.start(
                auto_steps(clip, state.steps),
                title="Choosing steps",
                lane=CHOOSE,
                visible=False,
                replace=True,
                on_result=lambda found: self._chosen(place, clip, found),
                on_error=lambda error: self._session.update_at(place, note=str(error)),
            )

    def _chosen(self, place: int, clip: Clip, found: Choice) -> None:
        if unprocessed(self._session.state.views[place]).clip is clip:
            self._session.update_at(place, pipeline=found.pipeline, stage=0, note=found.sentence)

    def cancel(self) -> None:
        """Give up what is being made of the active view; its pipeline stays."""
        self._runner.cancel_lane(_lane(self._session.state.active))

    def _follow(self, old: State, new: State) -> None:
        if old.views is new.views:
            return
        if not new.steps and not self._loading and any(view.clip for view in new.views):
            self._load()
        for place, (was, now) in enumerate(zip(old.views, new.views, strict=True)):
            if was.clip is not now.clip or was.pipeline != now.pipeline:
                self._see(place, was, now)

    def _see(self, place: int, was: View, now: View) -> None:
        """Do what the pipeline of a view asks for, or give up what is not wanted any more."""
        if was.pipeline.steps != now.pipeline.steps or _base(was) is not _base(now):
            self._runner.cancel_lane(_lane(place))
            if now.working:  # what worked on it was given up, perhaps when the view was left
                self._session.update_at(place, working=False)
        self._waiting.discard(place)
        if place in self._known and self._known[place][0] is not _base(now):
            del self._known[place]
        if now.clip is None:
            return
        if is_behind(now) and not now.pipeline.steps:
            self._put_back(place, now)
        elif is_behind(now) and not waits_to_run(now):
            self._waiting.add(place)
            self._rest.start()

    def _put_back(self, place: int, view: View) -> None:
        """Show a view as it is without processing."""
        base = unprocessed(view)
        self._session.update_at(
            place, clip=base.clip, presentation=base.presentation, initial=base.initial,
            windows=base.windows, worked=None,
        )  # fmt: skip

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for place in sorted(waiting):
            view = self._session.state.views[place]
            if is_behind(view):
                self._start(place, view)

    def _start(self, place: int, view: View) -> None:
        clip, pipeline = unprocessed(view).clip, view.pipeline
        if clip is None:
            return
        self._session.update_at(place, working=True)
        self._runner.start(
            made(clip, pipeline, self._scenes(place, clip)),
            title="Processing",
            lane=_lane(place),
            visible=pipeline.recursive,
            replace=True,
            gives_way=True,
            on_result=lambda found: self._show(place, clip, pipeline, found),
            on_error=lambda error: self._refuse(place, clip, pipeline, error),
        )

    def _ended(self, task: Task) -> None:
        place = next((n for n in range(PLACES) if _lane(n) == task.lane), None)
        busy = any(other.lane == task.lane for other in self._runner.tasks)
        if place is not None and not busy and self._session.state.views[place].working:
            self._session.update_at(place, working=False)

    def _scenes(self, place: int, clip: Clip) -> Known:
        """Return what is known of a clip from the pipelines before."""
        if place not in self._known or self._known[place][0] is not clip:
            self._known[place] = clip, {}
        return self._known[place][1]

    def _show(self, place: int, clip: Clip, pipeline: Pipeline, found: Made) -> None:
        view = self._session.state.views[place]
        base = unprocessed(view)
        if base.clip is not clip or view.pipeline.steps != pipeline.steps:
            return
        stored = Stored(clip, base.presentation, base.initial, base.windows)
        now = Worked(pipeline, found.clip, stored, same_values=found.initial is None)
        shown, initial = _look(view, base, found)
        windows = base.windows if found.initial is None else found.windows
        self._session.update_at(
            place, clip=found.clip, worked=now, windows=windows, presentation=shown,
            initial=initial, auto_window=False, compared=_compared(view, found),
        )  # fmt: skip

    def _refuse(self, place: int, clip: Clip, pipeline: Pipeline, error: StudioError) -> None:
        """Put the error in the place of the picture."""
        view = self._session.state.views[place]
        base = unprocessed(view)
        if base.clip is not clip or view.pipeline.steps != pipeline.steps:
            return
        stored = Stored(clip, base.presentation, base.initial, base.windows)
        self._put_back(place, view)
        self._session.update_at(place, worked=Worked(pipeline, clip, stored, error=str(error)))

    def _load(self) -> None:
        self._loading = True
        self._runner.start(
            steps_there_are(), title="Loading steps", lane=LOAD, visible=False,
            on_result=self._loaded, on_error=lambda _error: None,
        )  # fmt: skip

    def _loaded(self, steps: Sequence[type[Step]]) -> None:
        self._session.update(steps=tuple(steps))


def made(clip: Clip, pipeline: Pipeline, known: Known) -> Job[Made]:
    """Process a clip, and find out how it is shown where its values mean something else."""
    found = yield from processed(clip, pipeline, known)
    if keeps_values(pipeline, known):
        return Made(found, ())
    return Made(found, presets(found), initial_presentation(found))


def _look(view: View, base: View, found: Made) -> tuple[Presentation, Presentation]:
    """Return how a view shows what was made, and how it opened."""
    if found.initial is None:
        return base.presentation, base.initial
    before = worked(view)
    voi: Any = found.initial.voi
    if before is not None and not before.same_values:
        voi = view.presentation.voi  # the window stays while values are played with
    return view.presentation.with_voi(voi), replace(base.initial, voi=found.initial.voi)


def _compared(view: View, found: Made) -> Compared:
    """Return how a view is compared; values that mean something else have no difference."""
    gone = view.compared is Compared.DIFFERENCE and found.initial is not None
    return Compared.NOT if gone else view.compared


def _base(view: View) -> Clip | None:
    return unprocessed(view).clip


def _lane(place: int) -> str:
    return f"{APPLY} {place}"
