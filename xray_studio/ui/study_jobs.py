"""Jobs about studies: what they tell lands with the study that they are about, in view or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.ui.browser.series_text import owner, patient_title
from xray_studio.ui.report_state import Reporting, StudyKey
from xray_studio.ui.report_studies import change_of, reporting_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner, Task

Change = Callable[[Reporting], Reporting]


class StudyJobs(QObject):
    """At most one job a study, in a lane of their own, one after the other.

    `idle` is what becomes of a study whose job was given up: by a person, in the list of jobs, or
    because its patient was closed.
    """

    def __init__(
        self, session: Session, runner: JobRunner, lane: str, idle: Change, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._lane, self._idle = lane, idle
        self._tasks: dict[StudyKey, Task] = {}
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    def start(
        self,
        study: StudyKey,
        job: Job[Any],
        title: str,
        *,
        on_result: Callable[[StudyKey, Any], None],
        on_progress: Callable[[Reporting, Progress], Reporting],
        on_error: Callable[[Reporting, StudioError], Reporting],
    ) -> None:
        """Queue a job about the study in view; one before it of the same study is given up.

        The list of jobs names the patient, who may not be in view any more, unless identity is
        hidden. `on_progress` and `on_error` return what becomes of the study, in view or not.
        """
        self.stop(study)
        self._tasks[study] = self._runner.start(
            job, title=with_patient(self._session.state, title), discreet=title, lane=self._lane,
            gives_way=True,
            on_result=partial(on_result, study),
            on_progress=lambda progress: self.change(study, lambda now: on_progress(now, progress)),
            on_error=lambda error: self.change(study, lambda now: on_error(now, error)),
        )  # fmt: skip

    def stop(self, study: StudyKey) -> None:
        """Give up the job about a study; nothing of it stays."""
        task = self._tasks.pop(study, None)
        if task is not None:
            self._runner.give_up(task)
            self.change(study, self._idle)

    def change(self, study: StudyKey, change: Change) -> None:
        """Change what is known of a study."""
        self._session.update(**change_of(self._session.state, study, change))

    def _ended(self, task: Task) -> None:
        study = next((one for one, mine in self._tasks.items() if mine is task), None)
        if study is not None:
            del self._tasks[study]
            self.change(study, self._idle)

    def _follow(self, _old: State, new: State) -> None:
        for study in [one for one in self._tasks if reporting_of(new, one) is None]:
            self._runner.give_up(self._tasks.pop(study))


def with_patient(state: State, title: str) -> str:
    """Return what is done with the name of the patient in view, where the files tell one."""
    found = owner(state.catalog, state.front)
    if found is None or found[1].loose:
        return title
    return f"{title}: {patient_title(found[1], found[0])}"
