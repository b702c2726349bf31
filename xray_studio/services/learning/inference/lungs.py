"""Where lungs are in films, asked of files and written as masks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.cases import View
from xray_studio.imaging.lung_fields import SPEC, lungs
from xray_studio.imaging.save import save
from xray_studio.imaging.squash import squashed
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Shown, picture_of, views_of
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.tasks.lungs import TASK, Lungs
from xray_studio.services.open import open_paths, scan

SUFFIX: Final = ".lungs.png"
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LungFields:
    """The lungs of one frame: (rows, columns) in its pixels; None where it abstains, and why."""

    mask: Mask | None
    abstained: str = ""
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of files: by which model, and where masks are written, if anywhere."""

    model: Path | None = None
    out: Path | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Answers by file, masks that were written, and files that fail with reasons."""

    answers: Mapping[str, dict[str, Any]]
    written: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        return {
            "files": [{"path": path, **one} for path, one in self.answers.items()],
            "written": [str(path) for path in self.written],
            "failed": [{"path": path, "reason": why} for path, why in self.failed],
        }


def lung_fields(engine: Engine, view: Installed, finder: Installed, film: Shown) -> Job[LungFields]:
    """Return the lungs in a film, of any size; abstains on what is no upright frontal film.

    Raises StudioError where the film cannot be read or a model cannot be used.
    """
    known = Lungs.of(finder)
    told = (yield from views_of(engine, view, [film]))[0]
    if told != View.FRONTAL:
        return LungFields(None, f"It finds lungs in frontal films; this is taken for {told}.")
    picture = picture_of(film)
    small = squashed(picture, SPEC)
    mask = lungs(known.chances(small), (picture.shape[0], picture.shape[1]))
    uid, number = film.clip.origin(film.frame)
    facts = {
        "share": round(float(mask.mean()), 4), "frame": film.frame + 1,
        "sop_instance_uid": uid, "number": number,
        "pixels_sha256": hashlib.sha256(small.tobytes()).hexdigest(),
        "model": finder.model.name, "model_sha256": finder.model.sha256,
    }  # fmt: skip
    return LungFields(mask, "", facts)


def lungs_of_files(paths: Sequence[str], asked: Asking) -> Job[Found]:
    """Return the lungs of the films below paths, the middle frame of each.

    A file that fails is told and ends nothing. Raises StudioError where a model is missing, there
    are no files, or a mask cannot be written.
    """
    finder, view = model_for(TASK, asked.model), model_for("view")
    if asked.out is not None and not asked.out.is_dir():
        raise UsageError(f"The folder {asked.out.name} does not exist; create it first.")
    catalog = yield from scan(list(paths))
    failed = {skipped.path: skipped.reason for skipped in catalog.skipped}
    found = [instance.path for series in catalog.pictures() for instance in series.instances]
    files = list(dict.fromkeys(found))
    targets = _targets(files, asked)
    answers, written = dict[str, dict[str, Any]](), list[Path]()
    with Engine() as engine:
        for number, path in enumerate(files):
            yield Progress(number, len(files), "Looking for lungs")
            try:
                clip: Clip = yield from open_paths([path])
                one = yield from lung_fields(engine, view, finder, Shown.of(clip))
            except Cancelled:
                raise
            except StudioError as error:
                failed[path] = str(error)
                continue
            answers[path] = {"abstained": one.abstained, **(one.facts or {})}
            written += _write(targets.get(path), one.mask)
    return Found(answers, tuple(written), tuple(failed.items()))


def _targets(files: Sequence[str], asked: Asking) -> dict[str, Path]:
    if asked.out is None:
        return {}
    targets = {path: asked.out / f"{Path(path).stem}{SUFFIX}" for path in files}
    if len(set(targets.values())) < len(targets):
        raise UsageError("Films of one name in several folders; name them one by one.")
    for target in targets.values():
        check_file_place(target, files, overwrite=asked.overwrite)
    return targets


def _write(target: Path | None, mask: Mask | None) -> list[Path]:
    if target is None or mask is None:
        return []
    with replacing(target) as temporary:
        save(temporary, np.where(mask, 255, 0).astype(np.uint8), ".png")
    return [target]
