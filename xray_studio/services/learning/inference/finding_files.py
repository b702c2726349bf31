"""Findings of files: which films are of one study, and what is written of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.heat import Method
from xray_studio.core.reasons import losses, none_opened
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.inference.map_files import MapFiles, write_maps
from xray_studio.services.open import open_paths, scan

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
        return {
            "studies": [one.facts() for one in self.assessments],
            "written": [str(path) for path in self.written],
            "failed": [{"path": path, "reason": why} for path, why in self.failed],
        }


def assess_files(paths: Sequence[str], asked: Asking) -> Job[Found]:
    """Return what the finding classifier says of the studies below paths.

    A file that cannot be opened, fails, or is cut short, is told and ends nothing. Raises
    StudioError where a model is missing, nothing opens, or an answer cannot be written.
    """
    if asked.explain is not None and asked.out is None:
        raise UsageError("Name a folder for heat maps with --out.")
    models = Models.installed(asked.model)
    if asked.out is not None and not asked.out.is_dir():
        raise UsageError(f"The folder {asked.out.name} does not exist; create it first.")
    failed = dict[str, str]()
    clips = yield from _opened(paths, failed)
    if not clips:
        raise none_opened(failed)
    studies = [clips] if asked.together else _studies(clips)
    targets = _targets(studies, asked)
    found, written = list[Assessment](), list[Path]()
    with Engine() as engine:
        for number, study in enumerate(studies):
            yield Progress(number, len(studies), "Looking for findings")
            films = [Shown.of(clip) for clip in study]
            one = yield from _assessed(engine, models, films, failed)
            if one is not None:
                found.append(one)
                written += _write(targets[number], one) if targets else []
                written += yield from _maps(engine, models, one, films, asked)
    return Found(tuple(found), tuple(written), tuple(failed.items()))


def _targets(studies: Sequence[Sequence[Clip]], asked: Asking) -> list[Path]:
    """Return where the answer about each study is written. Raises StudioError."""
    targets = [_target(asked.out, study) for study in studies] if asked.out else []
    if len(set(targets)) < len(targets):
        raise UsageError("Films of one name in several folders; name them one by one.")
    for target, study in zip(targets, studies, strict=False):
        check_file_place(target, _files(study), overwrite=asked.overwrite)
    return targets


def _maps(
    engine: Engine, models: Models, one: Assessment, films: Sequence[Shown], asked: Asking
) -> Job[list[Path]]:
    """Write the heat maps that are asked for, and return their files."""
    if asked.explain is None or asked.out is None:
        return []
    how = MapFiles(asked.out, asked.explain, asked.overwrite)
    written = yield from write_maps(engine, models, one, films, how)
    return list(written)


def _opened(paths: Sequence[str], failed: dict[str, str]) -> Job[list[Clip]]:
    catalog = yield from scan(list(paths))
    failed |= {skipped.path: skipped.reason for skipped in catalog.skipped}
    files = [instance.path for series in catalog.pictures() for instance in series.instances]
    clips = []
    for number, path in enumerate(dict.fromkeys(files)):
        yield Progress(number, len(files), "Opening films")
        try:
            clip = yield from open_paths([path])
        except Cancelled:
            raise
        except StudioError as error:
            failed[path] = str(error)
            continue
        clips.append(clip)
        lost = losses(clip.acquisition.warnings)
        failed |= {path: lost[0]} if lost else {}
    return clips


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


def _target(out: Path, study: Sequence[Clip]) -> Path:
    return out / f"{Path(_files(study)[0]).stem}{SUFFIX}"


def _write(target: Path, one: Assessment) -> list[Path]:
    with replacing(target) as temporary:
        temporary.write_text(json_text(one.facts()) + "\n", "utf-8")
    return [target]
