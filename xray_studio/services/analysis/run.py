"""The pipeline over files: study by study, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress, passed_on
from xray_studio.core.reasons import losses, none_opened
from xray_studio.services.analysis.own_results import own_results
from xray_studio.services.analysis.result import Analysis, FilmAnalysis
from xray_studio.services.analysis.sources import Listing, Planned, planned, results_of, unusable
from xray_studio.services.analysis.study import How, Tools, analysed
from xray_studio.services.analysis.summary import SUMMARY, Row, row_of, write_summary
from xray_studio.services.analysis.writing import Target, written
from xray_studio.services.export.many import make_folder
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Shown, picture_of
from xray_studio.services.open import open_paths, scan

ONE_PATIENT: Final = (
    "A patient is named for the films of one study alone; analyse them one by one, or --together."
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of files: how they are analysed, and where the results go.

    `together` takes all of them as films of one study; else objects of one study are films of one
    study, and every other file is a study of its own.
    """

    folder: Path
    how: How = field(default_factory=How)
    together: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """What came of files: facts of each study, its page, files that failed with reasons.

    `summary` is the page over several studies, None for one. `left_out` are pictures in folders
    that are no films, such as results of an earlier run, with reasons.
    """

    folder: Path
    studies: tuple[dict[str, Any], ...]
    pages: tuple[Path, ...]
    failed: tuple[tuple[str, str], ...] = ()
    summary: Path | None = None
    left_out: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        return {
            "folder": str(self.folder),
            "studies": list(self.studies),
            "summary": None if self.summary is None else str(self.summary),
            "failed": [{"path": path, "reason": why} for path, why in self.failed],
            "left_out": [{"path": path, "reason": why} for path, why in self.left_out],
        }


def analyse_files(paths: Sequence[str], order: Order) -> Job[Analysed]:
    """Analyse the films below paths and write the results into a folder, which is made.

    A file that fails is told and ends nothing; what is finished stays when the rest is stopped.
    Raises UsageError where there are no pictures, WriteError where nothing can be written or files
    would be lost, and StudioError where a model that was named cannot be used.
    """
    catalog = yield from scan(list(paths))
    no_films = own_results(catalog, order.folder)
    listing = Listing(order.together, order.how.anonymous, no_films)
    studies = planned(catalog, listing)
    failed = unusable(paths, catalog, studies, listing)
    if not studies:
        raise none_opened(failed)
    if len(studies) > 1 and order.how.whose != Identity():
        raise UsageError(ONE_PATIENT)
    make_folder(order.folder)
    _check_places(studies, order)
    facts, pages, rows = list[dict[str, Any]](), list[Path](), list[Row]()
    with Engine() as engine:
        tools = Tools.of(engine, order.how)
        for number, study in enumerate(studies):
            job = _whole(study, tools, order, failed)
            done = yield from passed_on(job, _progress(number, len(studies)))
            if isinstance(done, Analysis):  # kept in words and numbers: pictures are many
                facts.append(done.facts())
                pages.append(done.files["page"])
            rows.append(row_of(study, done, anonymous=order.how.anonymous))
    summary = None
    if len(studies) > 1:
        own = {path for study in studies for path in study.paths}
        summary = write_summary(order.folder, rows, len(failed.keys() - own))
    left_out = tuple((path, why) for path, why in no_films.items() if path not in failed)
    return Analysed(
        order.folder, tuple(facts), tuple(pages), tuple(failed.items()), summary, left_out
    )


def analyse_clips(films: Sequence[Shown], target: Target | None, how: How) -> Job[Analysis]:
    """Analyse films of one study that are open, and write the results where there is a target.

    Raises UsageError for films of several studies, WriteError, and StudioError where a film cannot
    be read or a model that was named cannot be used.
    """
    if not films:
        raise UsageError("Name at least one film.")
    names = _names(films, anonymous=how.anonymous)
    with Engine() as engine:
        tools = Tools.of(engine, how)
        made = [
            _opened(film.clip, film.frame, name) for film, name in zip(films, names, strict=True)
        ]
        found = yield from analysed(made, tools, how)
    if target is None:
        return found
    make_folder(target.folder)
    whole = yield from written(found, target)
    return whole


def _whole(
    study: Planned, tools: Tools, order: Order, failed: dict[str, str]
) -> Job[Analysis | str]:
    """Analyse one study and write its results; why it failed, where it did."""
    try:
        films = yield from _films(study, failed)
        if not films:
            return failed[study.paths[0]]
        found = yield from analysed(films, tools, order.how)
        found = replace(found, notes=(*study.notes, *found.notes))
        how = order.how
        target = Target(order.folder, how.anonymous, order.overwrite, how.whose)
        whole = yield from written(found, target)
    except Cancelled:
        raise
    except StudioError as error:
        failed |= dict.fromkeys(study.paths, str(error))
        return str(error)
    return whole


def _films(study: Planned, failed: dict[str, str]) -> Job[list[FilmAnalysis]]:
    """Return the films of a study that can be read; what is cut short is told."""
    found = []
    for path, name in zip(study.paths, study.names, strict=True):
        try:
            clip = yield from open_paths([path])
            lost = losses(clip.acquisition.warnings)
            failed |= {path: lost[0]} if lost else {}
            found.append(_opened(clip, Shown.of(clip).frame, name, path))
        except Cancelled:
            raise
        except StudioError as error:
            failed[path] = str(error)
    return found


def _opened(clip: Clip, frame: int, name: str, path: str = "") -> FilmAnalysis:
    path = path or (clip.paths[min(frame, len(clip.paths) - 1)] if clip.paths else "")
    return FilmAnalysis(name, path, clip, frame, picture_of(Shown(clip, frame)))


def _names(films: Sequence[Shown], *, anonymous: bool) -> list[str]:
    """Return names of results, each another one: those of the files, or numbers."""
    found = list[str]()
    for number, film in enumerate(films, 1):
        path = film.clip.paths[0] if film.clip.paths and not anonymous else ""
        name = Path(path).stem or f"film-{number}"
        found.append(name if name not in found else f"{name}-{number}")
    return found


def _check_places(studies: Sequence[Planned], order: Order) -> None:
    """Raise WriteError, before any work is done, where a result would take a file's place."""
    several = [order.folder / SUMMARY] if len(studies) > 1 else []
    for study in studies:
        for target in (*several, *results_of(study.names, order.folder)):
            check_file_place(target, study.paths, overwrite=order.overwrite)


def _progress(number: int, count: int) -> Callable[[Progress], Progress]:
    """Return how the progress of one of several studies is told: in studies, so with time left."""

    def told(progress: Progress) -> Progress:
        return progress if count == 1 else Progress(number, count, "Analysing films")

    return told
