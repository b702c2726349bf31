"""Analysing the film in view: the whole pipeline, into a folder, its page and draft shown after."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import Shown, with_others
from xray_studio.ui.dialogs.export.progress import open_file
from xray_studio.ui.drafting import engine_chosen
from xray_studio.ui.errand import Errand
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.report_state import StudyKey, films_beside
from xray_studio.ui.report_studies import study_of

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.analysis.result import Analysis

LANE: Final = "analysis"
ANALYSING: Final = "Analysing the film"
FOLDER: Final = "analysis"  # in the folder that is chosen; its name tells nothing of a patient


class Analysing(Errand):
    """Asks for a folder and analyses the film in view into a new one in it.

    `drafted` tells the study and the report that was drafted on the way, `saved` a sentence and the
    page with the results.
    """

    drafted = Signal(object, object)
    saved = Signal(str, object)

    def ask(self, preferences: Preferences) -> None:
        """Ask where the results go; the folder is remembered."""
        if film_of(self._session.view) is None:
            return

        def chosen(paths: list[str]) -> None:
            preferences.change("export", folder=paths[0])
            self.start(Path(paths[0]))

        self._desk.choose_folder("Folder for the results", preferences, chosen)

    def start(self, folder: Path) -> None:
        """Analyse the film in view, with the others of its study, into a new folder there."""
        state = self._session.state
        film = film_of(state.view)
        if film is None:
            return
        job = analysed(
            film, films_beside(state), new_folder(folder), engine_chosen(state),
            anonymous=state.identity_hidden,
        )  # fmt: skip
        self._runner.start(
            job, title=ANALYSING, lane=LANE, gives_way=True,
            on_result=partial(self._analysed, study_of(state)), on_error=self._refused,
        )  # fmt: skip

    def _analysed(self, study: StudyKey, found: Analysis) -> None:
        page = found.files["page"]
        self.saved.emit(f"The film is analysed into the folder {page.parent.name}.", page)
        self.drafted.emit(study, found.report)
        open_file(page)


def analysed(
    film: Shown, others: tuple[Series, ...], folder: Path, engine: str, *, anonymous: bool
) -> Job[Analysis]:
    """Analyse a film and the others of its study into a folder."""
    yield Progress(message=ANALYSING)
    from xray_studio.services.analysis.run import analyse_clips
    from xray_studio.services.analysis.study import How
    from xray_studio.services.analysis.writing import Target
    from xray_studio.services.learning.inference.findings import Shown as Looked

    films = yield from with_others(film, others)
    how = How(engine, anonymous=anonymous) if engine else How(anonymous=anonymous)
    target = Target(folder, anonymous=anonymous)
    found = yield from analyse_clips([Looked(*one) for one in films], target, how)
    return found


def new_folder(folder: Path) -> Path:
    """Return a folder that is not there yet in a folder: "analysis", "analysis-2" and so on."""
    found, number = folder / FOLDER, 1
    while found.exists():
        number += 1
        found = folder / f"{FOLDER}-{number}"
    return found
