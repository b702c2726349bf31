"""Nearest work: a folder of the user's own is indexed, and cases like the film in view are found.

Films are read, and networks asked, in worker processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import Shown, with_others
from xray_studio.ui.errand import Errand
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.nearest_state import Nearest
from xray_studio.ui.report_state import films_beside, study_of

if TYPE_CHECKING:
    from xray_studio.services.report.nearest import Near

LANE = "nearest cases"
INDEXING, COMPARING = "Indexing the library", "Looking for the nearest cases"


class NearestWork(Errand):
    """Asks for the library, indexes it, and looks for cases in it."""

    def choose(self) -> None:
        """Ask which folder is the library; it is indexed then."""
        self._desk.open_folder(lambda folders: self.use(Path(folders[0])))

    def use(self, folder: Path) -> None:
        """Take a folder as the library, and index it, anew where it was."""
        job = indexing(folder)
        self._start(job, INDEXING, lambda told: self._indexed(folder, told))

    def find(self) -> None:
        """Look for cases like the film in view, in the library that was chosen."""
        state = self._session.state
        film, folder = film_of(state.view), state.settings.reports.library
        if not folder:
            self.choose()
        elif film is not None and not self._now.busy:
            study = study_of(state)
            job = cases_like(film, films_beside(state), Path(folder))
            self._start(job, COMPARING, lambda found: self._found(study, found))

    def stop(self) -> None:
        """Give up what is being done."""
        self._runner.cancel_lane(LANE)
        self._tell(busy="", progress=None)

    @property
    def _now(self) -> Nearest:
        return self._session.state.reporting.nearest

    def _tell(self, **changes: Any) -> None:
        now = replace(self._now, **changes)
        self._session.update(reporting=replace(self._session.state.reporting, nearest=now))

    def _start(self, job: Job[Any], title: str, done: Callable[[Any], None]) -> None:
        self._tell(busy=title, progress=None, told="")
        self._runner.start(
            job, title=title, lane=LANE, replace=True, gives_way=True, on_result=done,
            on_progress=lambda progress: self._tell(progress=progress), on_error=self._failed,
        )  # fmt: skip

    def _indexed(self, folder: Path, told: str) -> None:
        self._tell(busy="", progress=None)
        self._session.change_settings("reports", library=str(folder))
        self.told.emit(told, "done")
        self.find()

    def _found(self, study: str, found: tuple[Near, ...]) -> None:
        same = study == study_of(self._session.state)
        self._tell(busy="", progress=None, cases=found if same else self._now.cases)

    def _failed(self, error: StudioError) -> None:
        self._tell(busy="", progress=None, told=str(error))


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
