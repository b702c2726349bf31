"""Report work: reports are begun by an engine or by hand, and signed.

A draft goes on while another study is in view, and lands in the report of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.report.engine import Draft
from xray_studio.core.report.report import Report, State
from xray_studio.core.report.signing import amended, sign
from xray_studio.services.report.drafting import Written, by_hand
from xray_studio.ui.drafting import (
    LOOKING,
    WRITING,
    draft_of,
    engines_there,
    time_now,
    wanted_of,
)
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.report_keeping import ReportKeeping
from xray_studio.ui.report_state import EngineFact, Reporting, StudyKey
from xray_studio.ui.report_studies import reporting_of
from xray_studio.ui.session import Session
from xray_studio.ui.study_jobs import StudyJobs
from xray_studio.ui.work import JobRunner

LANE, ENGINES = "report", "report engines"
ELSEWHERE = "What was begun for another study is done; its report tells how it went."
OTHER = "Another report is in view now. Close this, show the report again, and sign it then."


class ReportWork(QObject):
    """Begins and ends reports. `keeping` keeps them; `told` tells a sentence and its role."""

    told = Signal(str, str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._jobs = StudyJobs(session, runner, LANE, Reporting.idle, self)
        self.keeping = ReportKeeping(session, runner, self)
        self.keeping.told.connect(self.told)

    # -- beginning

    def draft(self) -> None:
        """Let the chosen engine write about the film in view."""
        wanted = wanted_of(self._session.state)
        if wanted is not None and not self._now.busy:
            self._start(draft_of(wanted), WRITING)

    def begin(self) -> None:
        """Begin a report without an engine."""
        state = self._session.state
        film = film_of(state.view)
        if film is not None and not state.reporting.busy:
            self._start(by_hand([film], time_now()), "Beginning a report")

    def stop(self) -> None:
        """Give up the draft that is being written; nothing of it stays."""
        self._jobs.stop(self._now.study)

    def look_for_engines(self) -> None:
        """Learn which engines there are, once."""
        if self._now.engines is None:
            self._runner.start(
                engines_there(), title=LOOKING, lane=ENGINES, visible=False, replace=True,
                on_result=self._know_engines,
            )  # fmt: skip

    def take(self, study: StudyKey, report: Report) -> None:
        """Show a report that was drafted elsewhere, or list it beside one that a person edits."""
        there = reporting_of(self._session.state, study)
        if there is None or is_taken(there):
            self.keeping.add(report)
            self.told.emit("The draft is among the other reports on the study.", "done")
        if there is not None:
            self._jobs.change(study, lambda now: joined(now, report))

    def sent(self, report: Report) -> None:
        """Note the objects that were written of a report, which may have been edited since."""
        state = self._session.state
        everywhere = (state.reporting, *state.reports_aside)
        there = next((one for one in everywhere if is_version(one.report, report)), None)
        if there is None or there.report is None:
            self.keeping.add(report)
        else:
            known = replace(there, report=replace(there.report, objects=report.objects))
            self._jobs.change(there.study, lambda _now: known)

    # -- ending

    def sign(self, report: Report, name: str, organisation: str) -> None:
        """Sign the report on screen. Raises UsageError where it cannot be signed, or is another."""
        if self._now.report is not report:
            raise UsageError(OTHER)
        signed = sign(report, name, time_now(), organisation)
        self._session.change_settings("reports", name=name, organisation=organisation)
        self._session.update(reporting=self._now.shown(signed))
        self.keeping.keep_now()
        self.told.emit("The report is signed.", "done")

    def amend(self) -> None:
        """Begin a new version of the signed report on screen; the signed one stays as it is."""
        report = self._now.report
        if report is not None and report.is_signed:
            try:
                made = amended(report, time_now())
            except StudioError as error:
                self.told.emit(str(error), "danger")
                return
            begun = self._now.begun(made)
            self._session.update(reporting=replace(begun, at=self._now.at or begun.at))

    # -- answers

    @property
    def _now(self) -> Reporting:
        return self._session.state.reporting

    def _start(self, job: Job[Any], title: str) -> None:
        study = self._now.study
        begun = replace(self._now, busy=title, progress=None, told="", writing=None)
        self._session.update(reporting=begun)
        self._jobs.start(
            study, job, title, on_result=self._written, on_progress=progressed, on_error=failed
        )

    def _written(self, study: StudyKey, made: Written | Report) -> None:
        self._jobs.change(study, lambda now: written(now, made))
        if study != self._now.study:
            self.told.emit(ELSEWHERE, "done")

    def _know_engines(self, found: tuple[EngineFact, ...]) -> None:
        self._session.update(reporting=replace(self._now, engines=found))


def written(now: Reporting, made: Written | Report) -> Reporting:
    """Return what is known of a study once a draft of it was written, or an engine abstained."""
    report = made if isinstance(made, Report) else made.report
    if report is not None:
        return now.idle().begun(report)
    return replace(now.idle(), told=made.abstained if isinstance(made, Written) else "")


def is_version(report: Report | None, other: Report) -> bool:
    """Tell whether a report is the same version as another, whatever it says."""
    wanted = other.identifier, other.version
    return report is not None and (report.identifier, report.version) == wanted


def joined(now: Reporting, report: Report) -> Reporting:
    """Return what is known of a study with one report more, beside what a person works on."""
    return replace(now, others=(*now.others, report)) if is_taken(now) else now.begun(report)


def is_taken(now: Reporting) -> bool:
    """Tell whether the report on screen is to stay: one is written, or a person has edited it."""
    return bool(now.busy) or (now.report is not None and now.report.state is not State.DRAFT)


def progressed(now: Reporting, progress: Progress) -> Reporting:
    """Return what is known of a study while a draft of it is written."""
    draft = progress.partial if isinstance(progress.partial, Draft) else now.writing
    return replace(now, progress=progress, writing=draft)


def failed(now: Reporting, error: StudioError) -> Reporting:
    """Return what is known of a study whose draft could not be written."""
    return replace(now.idle(), told=str(error))
