"""Finding work: asks the models about the film in view, in a process of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import FILMS
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.heat import ABOUT, Heat
from xray_studio.core.learning.question import Wish
from xray_studio.core.study import Series
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.ui.finding_state import (
    Found,
    Told,
    film_of,
    holds,
    other_films,
    told_of,
    unchecked,
    why_not_shown,
    wish_of,
)
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner, Task

Film = tuple[Clip, int]
LANE = "findings"
LOOKING = "Looking for findings"
IDLE = 120_000  # milliseconds after which the process that holds the models is let go


class FindingWork(QObject):
    """Looks for findings when asked, or by itself where that is set, and for wanted heat maps."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._engine: Engine | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE)
        self._idle.timeout.connect(self.close)
        self._refused: object = None
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    def look(self) -> None:
        """Look for findings on the film in view."""
        state = self._session.state
        film = film_of(state.view)
        if film is None:
            return
        series = state.view.series
        others = () if series is None else other_films(state.catalog, series)
        job = looked(self._kept_engine(), film, others)
        self._start(job, LOOKING, lambda found: self._looked(*film, found))

    def stop(self) -> None:
        """Give up what is being done; the process ends, whatever it is doing."""
        self._refused = wish_of(self._session.state)
        self._runner.cancel_lane(LANE)
        self._tell(busy="", progress=None)
        self.close()

    def close(self) -> None:
        """End the process that holds the models; the next question starts another one."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _start(self, job: Job[Any], title: str, done: Callable[[Any], None]) -> None:
        self._idle.stop()
        self._tell(busy=title, progress=None, error="")
        self._runner.start(
            job, title=title, lane=LANE, replace=True, gives_way=True,
            on_result=done, on_progress=self._progressed, on_error=self._failed,
        )  # fmt: skip

    def _kept_engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine()
        return self._engine

    # -- answers

    def _looked(self, clip: Clip, frame: int, found: Assessment | None) -> None:
        answered = replace(self._found, busy="", missing=found is None)
        if found is not None:
            answered = answered.with_told(Told(clip, frame, found))
        self._session.update(findings=answered)

    def _explained(self, told: Told, wish: Wish, heat: Heat) -> None:
        # One change: a listener that saw nobody busy, and no heat map yet, would ask for it again.
        answered = replace(self._found, busy="")
        now = self._found.of(told.clip, told.frame)
        if now is not None and now.assessment is told.assessment:
            answered = answered.with_told(replace(now, heats={**now.heats, wish: heat}))
        self._session.update(findings=answered)

    def _compared(self, told: Told, clip: Clip, same: bool) -> None:
        """Take what was said of an object over to the clip that it was opened as again."""
        again = replace(told, clip=clip, stale=not same)
        self._session.update(findings=replace(self._found, busy="").with_told(again))

    def _progressed(self, progress: Progress) -> None:
        self._tell(progress=progress)

    def _failed(self, error: StudioError) -> None:
        self._refused = wish_of(self._session.state)
        self._tell(busy="", progress=None, error=str(error))

    def _ended(self, task: Task) -> None:
        if task.lane == LANE and not any(one.lane == LANE for one in self._runner.tasks):
            self._idle.start()
            if self._found.busy:  # given up in the list of jobs
                self._refused = wish_of(self._session.state)
                self._tell(busy="", progress=None)

    @property
    def _found(self) -> Found:
        return self._session.state.findings

    def _tell(self, **changes: Any) -> None:
        self._session.update(findings=replace(self._found, **changes))

    # -- what follows from the session

    def _follow(self, old: State, new: State) -> None:
        film, before = film_of(new.view), film_of(old.view)
        if film != before or old.active != new.active:
            self._film_came(new)
        wish = wish_of(new)
        if wish is None or wish != self._refused:
            self._refused = None
        if wish != wish_of(old) and new.findings.error:
            self._tell(error="")
            return
        told = holds(new)
        idle = not new.findings.busy and not new.findings.error
        if idle and told and wish and wish not in told.heats and wish != self._refused:
            self._explain(told, wish)

    def _film_came(self, state: State) -> None:
        """Compare a film with what was said of it before, or look at a new one by itself."""
        if state.findings.error:
            self._tell(error="")
        told, film = unchecked(state), film_of(state.view)
        if film is None:
            return
        if told is not None:
            job = compared(told, film)
            self._start(job, LOOKING, lambda same: self._compared(told, film[0], same))
        elif wants_itself(state):
            self.look()

    def _explain(self, told: Told, wish: Wish) -> None:
        job = explained(self._kept_engine(), told, wish)
        title = f"Asking by {ABOUT[wish.method].title}"
        self._start(job, title, lambda heat: self._explained(told, wish, heat))


def wants_itself(state: State) -> bool:
    """Tell whether findings of the film in view are to be looked for without being asked."""
    film = film_of(state.view)
    if film is None or not state.settings.findings.automatic or state.findings.busy:
        return False
    return (
        film[0].acquisition.modality in FILMS
        and told_of(state) is None
        and not state.findings.missing
        and not why_not_shown(state)
    )


def looked(engine: Engine, film: Film, others: Sequence[Series]) -> Job[Assessment | None]:
    """Return what a film shows, None where no model is installed."""
    yield Progress(message=LOOKING)
    from xray_studio.services.learning.inference.findings import Shown
    from xray_studio.services.learning.inference.study_films import assess_in_study, models_there

    models = models_there()
    if models is None:
        return None
    found = yield from assess_in_study(engine, models, Shown(*film), others)
    return found


def explained(engine: Engine, told: Told, wish: Wish) -> Job[Heat]:
    """Return a heat map as it is shown."""
    yield Progress(message=LOOKING)
    from xray_studio.imaging.heat import smoothed
    from xray_studio.services.learning.inference.findings import Shown
    from xray_studio.services.learning.inference.heat_maps import explain
    from xray_studio.services.learning.inference.study_films import models_there

    models = models_there()
    if models is None:
        raise UsageError("The model is not installed any more; install it again.")
    film = Shown(told.clip, told.frame)
    heat = yield from explain(engine, models.findings, told.assessment, film, wish)
    return smoothed(heat)


def compared(told: Told, film: Film) -> Job[bool]:
    """Return whether a film is still the one that something was said of."""
    yield Progress(message=LOOKING)
    from xray_studio.services.learning.inference.findings import Shown
    from xray_studio.services.learning.inference.heat_maps import is_same_picture
    from xray_studio.services.learning.inference.study_films import models_there

    models = models_there()
    return models is not None and is_same_picture(models.findings, told.assessment, Shown(*film))
