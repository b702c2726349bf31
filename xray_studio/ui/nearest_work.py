"""Nearest work: a folder of the user's own is indexed, and cases like the film in view are found.

Films are read, and networks asked, in worker processes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import Shown, with_others
from xray_studio.ui.desk import Desk
from xray_studio.ui.errand import Errand
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.report_state import Reporting, StudyKey, films_beside, is_looking
from xray_studio.ui.session import Session
from xray_studio.ui.study_jobs import StudyJobs
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:
    from xray_studio.services.report.nearest import Near

LANE, LIBRARY = "nearest cases", "library of cases"
INDEXING, COMPARING = "Indexing the library", "Looking for the nearest cases"


class NearestWork(Errand):
    """Asks for the library, indexes it, and looks for cases in it."""

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(session, runner, desk, parent)
        self._jobs = StudyJobs(session, runner, LANE, idle, self)
        runner.ended.connect(self._ended)

    def choose(self) -> None:
        """Ask which folder is the library; it is indexed then."""
        self._desk.open_folder(lambda folders: self.use(Path(folders[0])))

    def use(self, folder: Path) -> None:
        """Take a folder as the library, and index it, anew where it was; whoever is in view."""
        self._session.update(indexing=Progress(message=INDEXING))
        self._runner.start(
            indexing(folder), title=INDEXING, lane=LIBRARY, replace=True, gives_way=True,
            on_result=partial(self._indexed, folder), on_error=self._not_indexed,
            on_progress=lambda progress: self._session.update(indexing=progress),
        )  # fmt: skip

    def find(self) -> None:
        """Look for cases like the film in view, in the library that was chosen."""
        state = self._session.state
        film, folder = film_of(state.view), state.settings.reports.library
        if not folder:
            self.choose()
        elif film is not None and not is_looking(state):
            job = cases_like(film, films_beside(state), Path(folder))
            self._start(job, COMPARING)

    def stop(self) -> None:
        """Give up the index of the library, else what is being done for the study in view."""
        state = self._session.state
        if state.indexing is None:
            self._jobs.stop(state.reporting.study)
        else:
            self._runner.cancel_lane(LIBRARY)
            self._session.update(indexing=None)

    def _start(self, job: Job[Any], title: str) -> None:
        now = self._session.state.reporting
        self._session.update(reporting=changed(now, busy=title, progress=None, told=""))
        self._jobs.start(
            now.study, job, title, on_result=self._found, on_progress=progressed, on_error=failed
        )

    def _found(self, study: StudyKey, found: tuple[Near, ...]) -> None:
        self._jobs.change(study, lambda now: changed(idle(now), cases=found))

    def _indexed(self, folder: Path, told: str) -> None:
        self._session.update(indexing=None)
        self._session.change_settings("reports", library=str(folder))
        self.told.emit(told, "done")
        self.find()

    def _not_indexed(self, error: StudioError) -> None:
        now = self._session.state.reporting
        self._session.update(indexing=None, reporting=failed(now, error))

    def _ended(self, task: Task) -> None:
        given_up = task.lane == LIBRARY and not any(t.lane == LIBRARY for t in self._runner.tasks)
        if given_up and self._session.state.indexing is not None:
            self._session.update(indexing=None)


def changed(now: Reporting, **changes: Any) -> Reporting:
    """Return what is known of a study with other nearest cases."""
    return replace(now, nearest=replace(now.nearest, **changes))


def idle(now: Reporting) -> Reporting:
    """Return what is known of a study for which no cases are looked for."""
    return changed(now, busy="", progress=None) if now.nearest.busy else now


def progressed(now: Reporting, progress: Progress) -> Reporting:
    """Return what is known of a study for which cases are looked for."""
    return changed(now, progress=progress)


def failed(now: Reporting, error: StudioError) -> Reporting:
    """Return what is known of a study for which no cases could be found."""
    return changed(idle(now), told=str(error))


def indexing(folder: Path) -> Job[str]:
    """Index a folder, and return in a sentence what is in it."""
    yield Progress(message=INDEXING)
    from xray_studio.services.report.library_making import indexed

    made = yield from indexed(folder)
    words = f"The library holds {len(made.entries)} cases"
    return f"{words}; {made.left_out} films were left out." if made.left_out else f"{words}."


def cases_like(film: Shown, others: tuple[Series, ...], folder: Path) -> Job[tuple[Near, ...]]:
    """Return the cases nearest to a film or, where it is not frontal, to another of its study."""
    yield Progress(message=COMPARING)
    from xray_studio.services.learning.inference import findings
    from xray_studio.services.report.nearest import nearest_cases

    films = yield from with_others(film, others)
    found = yield from nearest_cases([findings.Shown(*one) for one in films], folder)
    return found
