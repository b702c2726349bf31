"""Report work: drafts in a thread of their own, reports kept as they are edited, and signed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.mark import Kind
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import Measured, Report
from xray_studio.core.report.signing import amended, sign
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import (
    Again,
    Shown,
    Written,
    by_hand,
    drafted,
    kept_of,
    with_others,
)
from xray_studio.services.report.films import measured_of
from xray_studio.services.report.store import keep, keeping
from xray_studio.ui.finding_state import film_of, holds
from xray_studio.ui.mark_state import rows_of
from xray_studio.ui.report_state import (
    STALE,
    EngineFact,
    Reporting,
    engine_shown,
    films_beside,
    study_of,
)
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner, Task

LANE, KEEPING, LOOKING, ENGINES = "report", "kept reports", "looking for reports", "report engines"
WRITING = "Writing a draft"
PAUSE = 500  # milliseconds from a change until it is kept


class ReportWork(QObject):
    """Follows the session; call `end` when the window closes. `told` tells a sentence, its role."""

    told = Signal(str, str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._waiting: dict[tuple[str, int], Report] = {}
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.keep_now)
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    # -- beginning

    def draft(self) -> None:
        """Let the chosen engine write about the film in view."""
        state = self._session.state
        film, name = film_of(state.view), engine_chosen(state)
        if film is None or state.reporting.busy or not name:
            return
        others = films_beside(state)
        job = draft_of(name, film, others, asked_of(state))
        self._start(job, WRITING, lambda written: self._written(study_of(state), written))

    def begin(self) -> None:
        """Begin a report without an engine."""
        state = self._session.state
        film = film_of(state.view)
        if film is not None and not state.reporting.busy:
            done = self._begun_in(study_of(state))
            self._start(by_hand([film], now()), "Beginning a report", done)

    def stop(self) -> None:
        """Give up the draft that is being written; nothing of it stays."""
        self._runner.cancel_lane(LANE)
        self._tell(busy="", progress=None, writing=None)

    def look_for_engines(self) -> None:
        """Learn which engines there are, once."""
        if self._now.engines is None:
            self._runner.start(
                engines_there(), title="Looking for report engines", lane=ENGINES,
                visible=False, replace=True, on_result=lambda found: self._tell(engines=found),
            )  # fmt: skip

    def take(self, study: str, report: Report) -> None:
        """Show a report that was drafted elsewhere, or keep it where another study is in view."""
        self._runner.cancel_lane(LANE)
        self._begun_in(study)(report)

    # -- ending

    def sign(self, name: str, organisation: str) -> None:
        """Sign the report on screen. Raises UsageError where it cannot be signed."""
        report = self._now.report
        if report is not None:
            signed = sign(report, name, now(), organisation)
            self._session.change_settings("reports", name=name, organisation=organisation)
            self._session.update(
                reporting=replace(self._now.shown(signed), others=self._now.others)
            )
            self.keep_now()
            self.told.emit("The report is signed.", "done")

    def amend(self) -> None:
        """Begin a new version of the signed report on screen; the signed one stays as it is."""
        report = self._now.report
        if report is not None and report.is_signed:
            try:
                made = amended(report, now())
            except StudioError as error:
                self.told.emit(str(error), "danger")
                return
            others = (*self._now.others, report)
            self._session.update(reporting=replace(self._now.shown(made), others=others))

    # -- keeping

    def keep_now(self) -> None:
        """Keep what has changed."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        for report in waiting.values():
            self._runner.start(
                keeping(report), title="Keeping the report", lane=KEEPING, visible=False,
                on_result=partial(self._kept, report), on_error=partial(self._not_kept, report),
            )  # fmt: skip

    def end(self) -> None:
        """Keep what waits, now that the window closes and nobody can be told."""
        self._timer.stop()
        report = self._now.report
        unsaved = report is not None and report is not self._now.saved
        left = [*self._waiting.values(), *([report] if report is not None and unsaved else [])]
        for one in left:
            with contextlib.suppress(StudioError):
                keep(one)

    def _kept(self, report: Report, _none: object) -> None:
        if self._now.report is report:
            self._tell(saved=report)

    def _not_kept(self, report: Report, error: StudioError) -> None:
        self._waiting.setdefault(_key(report), report)
        self.told.emit(f"The report is not kept: {error}", "danger")

    # -- answers

    @property
    def _now(self) -> Reporting:
        return self._session.state.reporting

    def _tell(self, **changes: Any) -> None:
        self._session.update(reporting=replace(self._now, **changes))

    def _start(self, job: Job[Any], title: str, done: Callable[[Any], None]) -> None:
        self._tell(busy=title, progress=None, told="", writing=None)
        self._runner.start(
            job, title=title, lane=LANE, replace=True, gives_way=True, on_result=done,
            on_progress=self._progressed, on_error=self._failed,
        )  # fmt: skip

    def _progressed(self, progress: Progress) -> None:
        draft = progress.partial if isinstance(progress.partial, Draft) else self._now.writing
        self._tell(progress=progress, writing=draft)

    def _failed(self, error: StudioError) -> None:
        self._tell(busy="", progress=None, writing=None, told=str(error))

    def _ended(self, task: Task) -> None:
        gone = task.lane == LANE and not any(one.lane == LANE for one in self._runner.tasks)
        if gone and self._now.busy:  # given up in the list of jobs
            self._tell(busy="", progress=None, writing=None)

    def _written(self, study: str, written: Written) -> None:
        if written.report is None:
            self._tell(busy="", progress=None, writing=None, told=written.abstained)
        else:
            self._begun_in(study)(written.report)

    def _begun_in(self, study: str) -> Callable[[Report], None]:
        """Return what shows a new report, or keeps it where another study is in view by now."""

        def begun(report: Report) -> None:
            before = self._now
            if before.study != study:
                self._waiting[_key(report)] = report
                self._tell(busy="", progress=None, writing=None)
                self.keep_now()
                return
            others = before.others if before.report is None else (*before.others, before.report)
            first = next(iter(report.open_places()), None)
            shown = replace(before.shown(report), others=others, busy="", progress=None, at=first)
            self._session.update(reporting=shown)

        return begun

    # -- what follows from the session

    def _follow(self, old: State, new: State) -> None:
        report = new.reporting.report
        is_new = report is not old.reporting.report and report is not new.reporting.saved
        if report is not None and is_new:
            self._waiting[_key(report)] = report
            self._timer.start()
        if film_of(old.view) != film_of(new.view):
            self._film_came(new)

    def _film_came(self, state: State) -> None:
        """Bring back what was kept of the study that has come into view."""
        film, study = film_of(state.view), study_of(state)
        if film is None or study == state.reporting.study:
            return
        self.keep_now()
        self._runner.cancel_lane(LANE)
        self._session.update(reporting=Reporting(study, engines=state.reporting.engines))
        self._runner.start(
            kept_of(film), title="Looking for reports", lane=LOOKING, visible=False, replace=True,
            on_result=lambda again: self._brought_back(study, again), on_error=self._failed,
        )  # fmt: skip

    def _brought_back(self, study: str, again: Again) -> None:
        now = self._now
        if again.kept.told:
            self.told.emit(again.kept.told, "danger")
        if now.study != study or now.report is not None or not again.kept.reports:
            return
        *others, latest = again.kept.reports
        shown = replace(now.shown(latest), others=(*others, *again.older), saved=latest)
        told = "" if again.fits else STALE
        self._session.update(reporting=replace(shown, stale=not again.fits, told=told))


def engine_chosen(state: State) -> str:
    """Return the engine that writes: the one that is shown, "" where it cannot be used."""
    shown = engine_shown(state)
    return "" if shown is None or shown.unavailable else shown.name


def asked_of(state: State) -> Asked:
    """Return what the session knows of the film in view; its films are added by the job."""
    told = holds(state)
    return Asked((), None if told is None else told.assessment, measured(state))


def measured(state: State) -> tuple[Measured, ...]:
    """Return the measurements on the clip in view as a report takes them."""
    clip = state.view.clip
    if clip is None:
        return ()
    rows = (row for row in rows_of(state) if row.mark.kind is not Kind.TEXT and not row.mark.hidden)
    return tuple(measured_of(clip, row.mark, row.frame, row.values) for row in rows)


def draft_of(name: str, film: Shown, others: tuple[Series, ...], asked: Asked) -> Job[Written]:
    """Let an engine write about a film and the others of its study."""
    yield Progress(message=WRITING)
    from xray_studio.services.report.engines import engine_called

    films = yield from with_others(film, others)
    written = yield from drafted(engine_called(name), replace(asked, films=films), now())
    return written


def engines_there() -> Job[tuple[EngineFact, ...]]:
    """Return every engine, also those that cannot be used here."""
    yield Progress(message="Looking for report engines")
    from xray_studio.services.report.engines import engines_known

    return tuple(EngineFact(**one) for one in engines_known())


def now() -> datetime:
    """Return the time now, with its zone."""
    return datetime.now().astimezone()


def _key(report: Report) -> tuple[str, int]:
    return report.identifier, report.version
