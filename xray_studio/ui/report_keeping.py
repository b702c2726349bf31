"""Keeping: reports are kept a moment after each change, and brought back with their study."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.report.report import Report
from xray_studio.services.report.drafting import Again, kept_of
from xray_studio.services.report.store import keep, keeping
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.report_state import STALE, Reporting, StudyKey
from xray_studio.ui.report_studies import change_of, is_of_another_patient
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner, Task

LANE = "kept reports"  # keeping and looking: what is looked for has been kept before
PAUSE = 500  # milliseconds from a change until it is kept; one who goes on typing is kept too
Key = tuple[str, int]


class ReportKeeping(QObject):
    """Follows the session; call `end` when the window closes. `told` tells a sentence, its role."""

    told = Signal(str, str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._waiting: dict[Key, Report] = {}  # until it is kept
        self._under_way: dict[Key, Report] = {}
        self._looking: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.keep_now)
        session.changed.connect(self._follow)

    def keep_now(self) -> None:
        """Keep what has changed."""
        self._timer.stop()
        for key, report in self._waiting.items():
            if self._under_way.get(key) is not report:
                self._under_way[key] = report
                self._runner.start(
                    keeping(report), title="Keeping the report", lane=LANE, visible=False,
                    on_result=partial(self._kept, report), on_error=partial(self._not_kept, report),
                )  # fmt: skip

    def add(self, report: Report) -> None:
        """Keep a report that is not on screen."""
        self._waiting[_key(report)] = report
        self.keep_now()

    def end(self) -> None:
        """Keep what waits, now that the window closes and nobody can be told."""
        self._timer.stop()
        for report in self._waiting.values():
            with contextlib.suppress(StudioError):
                keep(report)

    # -- keeping

    def _kept(self, report: Report, _none: object) -> None:
        self._done(report)
        if self._waiting.get(_key(report)) is report:
            del self._waiting[_key(report)]
        for one in _all(self._session.state):
            if one.report is report:
                self._change(one.study, replace(one, saved=report))

    def _not_kept(self, report: Report, error: StudioError) -> None:
        self._done(report)
        self.told.emit(f"The report is not kept: {error}", "danger")

    def _done(self, report: Report) -> None:
        if self._under_way.get(_key(report)) is report:
            del self._under_way[_key(report)]

    # -- bringing back

    def _look(self, state: State) -> None:
        """Look for what was kept of the study that has come into view."""
        film, study = film_of(state.view), state.reporting.study
        if self._looking is not None:  # of a study that was left; it is looked at when it is back
            self._runner.give_up(self._looking)
        if film is not None:
            self._looking = self._runner.start(
                kept_of(film), title="Looking for reports", lane=LANE, visible=False,
                on_result=partial(self._brought_back, study), on_error=self._not_found,
            )  # fmt: skip

    def _brought_back(self, study: StudyKey, again: Again) -> None:
        state = self._session.state
        if again.kept.told:
            self.told.emit(again.kept.told, "danger")
        if state.reporting.study == study:
            mine = only(again, lambda report: not is_of_another_patient(state, report))
            self._change(study, with_kept(state.reporting, mine, self._waiting.values()))

    def _not_found(self, error: StudioError) -> None:
        self.told.emit(str(error), "danger")

    def _change(self, study: StudyKey, wanted: Reporting) -> None:
        self._session.update(**change_of(self._session.state, study, lambda _now: wanted))

    # -- what follows from the session

    def _follow(self, old: State, new: State) -> None:
        if old.reporting is not new.reporting or old.reports_aside is not new.reports_aside:
            self._note(old, new)
        if new.reporting.study != old.reporting.study:
            self.keep_now()
            if new.reporting.study and not new.reporting.looked:
                self._look(new)

    def _note(self, old: State, new: State) -> None:
        """Note the reports that have changed and are not kept.

        One that was kept before is kept again where a step back from it waits to be.
        """
        before = {id(one.report) for one in _all(old)}
        for one in _all(new):
            report = one.report
            if report is None or id(report) in before:
                continue
            if report is not one.saved or _key(report) in self._waiting:
                self._waiting[_key(report)] = report
                if not self._timer.isActive():
                    self._timer.start()


def only(again: Again, wanted: Callable[[Report], bool]) -> Again:
    """Return kept reports without those that are not wanted."""
    reports = tuple(filter(wanted, again.kept.reports))
    fits = again.fits or reports[-1:] != again.kept.reports[-1:]
    kept = replace(again.kept, reports=reports)
    return replace(again, kept=kept, older=tuple(filter(wanted, again.older)), fits=fits)


def with_kept(now: Reporting, again: Again, unkept: Iterable[Report] = ()) -> Reporting:
    """Return what is known of a study with what was kept of it.

    The latest report comes on screen where there is none yet, and is told where it is not of the
    picture in view; all others stand beside it. `unkept` are reports that are newer than what lies
    on the disk.
    """
    newer = {_key(one): one for one in unkept}
    found = [newer.get(_key(one), one) for one in (*again.older, *again.kept.reports)]
    here = {_key(one) for one in (now.report, *now.others) if one is not None}
    fresh = [one for one in found if _key(one) not in here]
    if now.report is not None or not again.kept.reports or not fresh:
        return replace(now, looked=True, others=(*now.others, *fresh))
    *others, latest = fresh
    told = "" if again.fits else STALE
    return replace(
        now.shown(latest), looked=True, writing=now.writing, others=(*now.others, *others),
        saved=again.kept.reports[-1], stale=not again.fits, told=told or now.told,
    )  # fmt: skip


def _all(state: State) -> tuple[Reporting, ...]:
    return (state.reporting, *state.reports_aside)


def _key(report: Report) -> Key:
    return report.identifier, report.version
