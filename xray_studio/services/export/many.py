"""One recipe over many series: each becomes a file of its own, and those that fail are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, WriteError
from xray_studio.core.files import check_place, write_failure
from xray_studio.core.job import Cancelled, Job, Progress, passed_on
from xray_studio.core.study import Catalog, Series
from xray_studio.services.export.exporters import OBJECTS, exporter
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import ExportResult, export
from xray_studio.services.open import open_series
from xray_studio.services.privacy.folder import check_folder
from xray_studio.services.processing.process import processed
from xray_studio.services.recipe import FOLDER_FORMAT, Recipe, options_for, options_of

RUNS: Final = frozenset(("XA", "RF", "XRF"))


@dataclass(frozen=True, slots=True)
class Failed:
    """A series that was not written: a file of it, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What was written of many series, and what failed."""

    written: tuple[ExportResult, ...]
    failed: tuple[Failed, ...]


def export_all(
    catalog: Catalog,
    folder: Path,
    recipe: Recipe,
    *,
    overwrite: bool = False,
    sources: Sequence[str] = (),
) -> Job[Batch]:
    """Write every series of a catalogue into a folder by a recipe.

    Names tell nothing of a patient: kind and number of the series, after the number of the study
    where there are several. What one series cannot give stops none of the others. Raises
    UsageError for a recipe without a format, WriteError where nothing can be written at all.
    """
    check_format(recipe)
    make_folder(folder)
    written: list[ExportResult] = []
    failed: list[Failed] = []
    named = list(named_series(catalog, folder, recipe))
    for place, (series, target) in enumerate(named):
        step = _Step(place, len(named))
        try:
            job = _one(series, target, recipe, overwrite=overwrite, sources=sources)
            result = yield from passed_on(job, step.of_whole)
            written.append(result)
        except Cancelled:
            raise
        except StudioError as error:
            failed.append(Failed(series.paths[0], str(error)))
    return Batch(tuple(written), tuple(failed))


def check_format(recipe: Recipe) -> None:
    """Raise UsageError for a recipe without a format that can be written."""
    exporter(f"name{suffix_of(recipe)}", options_of(recipe).stills)


def suffix_of(recipe: Recipe, objects: int = 1) -> str:
    """Return the suffix of what a recipe writes of a series of `objects`: MP4 by default.

    It is "" for a folder, of pictures or of objects.
    """
    if recipe.format == FOLDER_FORMAT or _in_folder(recipe, objects):
        return ""
    return f".{recipe.format or 'mp4'}"


def _in_folder(recipe: Recipe, objects: int) -> bool:
    """Tell whether a recipe makes a new object of each of several."""
    derives = bool(recipe.step.steps) and not recipe.shown
    return recipe.format == OBJECTS.removeprefix(".") and derives and objects > 1


def series_name(modality: str, number: int | None) -> str:
    """Return a name without suffix that tells nothing about the patient: "run-3"."""
    word = "run" if modality in RUNS else (modality.lower() or "clip")
    word = re.sub(r"[^a-z0-9]+", "", word) or "clip"
    return word if number is None else f"{word}-{number}"


def _one(
    series: Series, target: Path, recipe: Recipe, *, overwrite: bool, sources: Sequence[str]
) -> Job[ExportResult]:
    clip, options = yield from ready(series, target.parent, recipe)
    result = yield from export(clip, target, options, overwrite=overwrite, sources=sources)
    return result


def ready(series: Series, folder: Path, recipe: Recipe) -> Job[tuple[Clip, ExportOptions]]:
    """Open a series and process it, and return it with the options of its export into a folder.

    Raises what opening and processing raise, UsageError for what a recipe asks in vain.
    """
    clip = yield from open_series(series)
    clip = yield from processed(clip, recipe.step)
    options = options_for(recipe, clip)
    check_folder(folder, clip, options.privacy)
    several = _in_folder(recipe, len(series.instances))
    return clip, replace(options, stills=OBJECTS) if several else options


def named_series(catalog: Catalog, folder: Path, recipe: Recipe) -> Iterator[tuple[Series, Path]]:
    """Yield series with pictures and their targets, the same names each time."""
    studies = [study for patient in catalog.patients for study in patient.studies]
    digits = len(str(len(studies)))
    used: set[str] = set()
    for number, study in enumerate(studies, 1):
        lead = f"study-{number:0{digits}}-" if len(studies) > 1 else ""
        for series in study.series:
            if series.is_document:
                continue
            name = lead + series_name(series.modality, series.series_number)
            suffix = suffix_of(recipe, len(series.instances))
            yield series, folder / f"{_unused(name, used)}{suffix}"


def _unused(name: str, used: set[str]) -> str:
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}-{number}"
    used.add(found)
    return found


def make_folder(folder: Path) -> None:
    """Make the folder when it is missing. Raises WriteError."""
    if folder.exists() and not folder.is_dir():
        raise WriteError(f"{folder.name} is a file; choose another name for the folder.")
    check_place(folder)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error


@dataclass(frozen=True, slots=True)
class _Step:
    """One of several jobs: its progress is told as that of the whole."""

    place: int
    steps: int

    def of_whole(self, told: Progress) -> Progress:
        unit = 1000
        done = round(unit * (self.place + (told.fraction or 0.0)))
        message = f"Series {self.place + 1:,} of {self.steps:,}: {told.message.lower()}"
        return replace(told, done=done, total=unit * self.steps, message=message)
