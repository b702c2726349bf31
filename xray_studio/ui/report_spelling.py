"""Spelling of the report on screen, checked in a thread of its own a moment after each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.job import Job, Progress
from xray_studio.core.report.report import Report
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "spelling"
PAUSE = 700  # milliseconds from a change until it is looked at
Slips = Mapping[str, tuple[str, ...]]


class ReportSpelling(QObject):
    """Follows the report; what it finds stands in the session."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.check)
        session.changed.connect(self._follow)

    def check(self) -> None:
        """Check the report on screen now."""
        self._timer.stop()
        state = self._session.state
        report = state.reporting.report
        if report is None or not state.settings.reports.spelling:
            self._found({})
            return
        self._runner.start(
            checked(texts_of(report), state.settings.reports.words.split()),
            title="Checking the spelling", lane=LANE, visible=False, replace=True,
            on_result=self._found, on_error=lambda _error: self._found({}),
        )  # fmt: skip

    def _found(self, slips: Slips) -> None:
        now = self._session.state.reporting
        if now.slips != slips:
            self._session.update(reporting=replace(now, slips=slips))

    def _follow(self, old: State, new: State) -> None:
        before, now = old.reporting.report, new.reporting.report
        if before is not now or old.settings.reports != new.settings.reports:
            self._timer.start()


def checked(texts: list[str], own: list[str]) -> Job[Slips]:
    """Return the words that no list knows, with those that may be meant."""
    yield Progress(message="Checking the spelling")
    from xray_studio.services.report.spelling import slips

    found = yield from slips(texts, own)
    return found


def texts_of(report: Report) -> list[str]:
    """Return the words of a report that can still be changed."""
    return [] if report.is_signed else [one.text for _, one in report.each()]
