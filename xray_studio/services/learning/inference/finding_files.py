"""Findings of files: which films are of one study, and what is written of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress, finished
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.heat import Method
from xray_studio.core.reasons import none_opened
from xray_studio.services.file_answers import (
    asked_each,
    pictures_below,
    places,
    written_and_failed,
)
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.inference.map_files import MapFiles, write_maps

SUFFIX: Final = ".findings.json"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of files.

    `together` takes all of them as films of one study; else objects of one study are films of one
    study, and every other file is a study of its own. With `out` answers are written there, and
    the heat maps of a method where `explain` names one.
    """

    model: Path | None = None
    out: Path | None = None
    together: bool = False
    overwrite: bool = False
    explain: Method | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Answers, one for each study, where they were written, and files that fail with reasons."""

    assessments: tuple[Assessment, ...]
    written: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        studies = [one.facts() for one in self.assessments]
        return {"studies": studies, **written_and_failed(self.written, self.failed)}


def assess_files(paths: Sequence[str], asked: Asking) -> Job[Found]:
    """Return what the finding classifier says of the studies below paths.

    A file that cannot be opened, fails, or is cut short, is told and ends nothing. Raises
    StudioError where a model is missing, nothing opens, or an answer cannot be written.
    """
    if asked.explain is not None and asked.out is None:
        raise UsageError("Name a folder for heat maps with --out.")
    models = Models.installed(asked.model)
    below = yield from pictures_below(paths)
    clips = list((yield from asked_each(below, _itself, "Opening films")).values())
    failed = below.failed
    if not clips:
        raise none_opened(failed)
    studies = [clips] if asked.together else _studies(clips)
    files = [_files(study) for study in studies]
    targets = places(asked.out, files, [SUFFIX], overwrite=asked.overwrite)
    found, written = list[Assessment](), list[Path]()
    with Engine() as engine:
        for number, study in enumerate(studies):
            yield Progress(number, len(studies), "Looking for findings")
            films = [Shown.of(clip) for clip in study]
            one = yield from _assessed(engine, models, films, failed)
            if one is not None:
                found.append(one)
                written += _write(targets[number], one)
                written += yield from _maps(engine, models, one, films, asked)
    return Found(tuple(found), tuple(written), tuple(failed.items()))


def _maps(
    engine: Engine, models: Models, one: Assessment, films: Sequence[Shown], asked: Asking
) -> Job[list[Path]]:
    """Write the heat maps that are asked for, and return their files."""
    if asked.explain is None or asked.out is None:
        return []
    how = MapFiles(asked.out, asked.explain, asked.overwrite)
    written = yield from write_maps(engine, models, one, films, how)
    return list(written)


def _itself(_path: str, clip: Clip) -> Job[Clip]:
    return finished(clip)


def _studies(clips: Sequence[Clip]) -> list[list[Clip]]:
    """Return clips by the study that their objects name; what names none is alone."""
    found: dict[str, list[Clip]] = {}
    for number, clip in enumerate(clips):
        study = clip.acquisition.study_instance_uid or f"file {number}"
        found.setdefault(study, []).append(clip)
    return list(found.values())


def _assessed(
    engine: Engine, models: Models, films: Sequence[Shown], failed: dict[str, str]
) -> Job[Assessment | None]:
    try:
        one = yield from assess(engine, models, films)
    except Cancelled:
        raise
    except StudioError as error:
        failed |= dict.fromkeys(_files([film.clip for film in films]), str(error))
        return None
    return one


def _files(study: Sequence[Clip]) -> list[str]:
    return [path for clip in study for path in clip.paths]


def _write(targets: Sequence[Path], one: Assessment) -> Sequence[Path]:
    for target in targets:
        with replacing(target) as temporary:
            temporary.write_text(json_text(one.facts()) + "\n", "utf-8")
    return targets
