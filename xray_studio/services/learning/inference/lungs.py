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
from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.imaging.lung_fields import SPEC, lungs
from xray_studio.imaging.save import save
from xray_studio.imaging.squash import squashed
from xray_studio.services.file_answers import (
    FileAnswers,
    asked_each,
    pictures_below,
    places,
)
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import (
    CUT,
    CUT_SHORT,
    Shown,
    picture_of,
    views_of,
)
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.tasks.lungs import TASK, Lungs

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


def lung_fields(engine: Engine, view: Installed, finder: Installed, film: Shown) -> Job[LungFields]:
    """Return the lungs in a film, of any size; abstains on what is no upright frontal film.

    Raises StudioError where the film cannot be read or a model cannot be used.
    """
    known = Lungs.of(finder)
    told = (yield from views_of(engine, view, [film]))[0]
    if told == CUT:
        return LungFields(None, CUT_SHORT)
    if told != View.FRONTAL:
        return LungFields(None, f"It finds lungs in frontal films; this is taken for {told}.")
    mask, small = lungs_of(known, film)
    uid, number = film.clip.origin(film.frame)
    facts = {
        "share": round(float(mask.mean()), 4), "frame": film.frame + 1,
        "sop_instance_uid": uid, "number": number,
        "pixels_sha256": hashlib.sha256(small.tobytes()).hexdigest(),
        "model": finder.model.name, "model_sha256": finder.model.sha256,
    }  # fmt: skip
    return LungFields(mask, "", facts)


def lungs_of(known: Lungs, film: Shown) -> tuple[Mask, Squashed]:
    """Return the lungs of a film that is upright and frontal, and the small picture looked at.

    Raises StudioError where the film cannot be read.
    """
    picture = picture_of(film)
    small = squashed(picture, SPEC)
    return lungs(known.chances(small), (picture.shape[0], picture.shape[1])), small


def lungs_of_files(paths: Sequence[str], asked: Asking) -> Job[FileAnswers]:
    """Return the lungs of the films below paths, the middle frame of each.

    A file that fails, or is cut short, is told and ends nothing. Raises StudioError where a model
    is missing, there are no pictures, or a mask cannot be written.
    """
    finder, view = model_for(TASK, asked.model), model_for("view")
    below = yield from pictures_below(paths)
    alone = [[path] for path in below.files]
    targets = places(asked.out, alone, [SUFFIX], overwrite=asked.overwrite)
    where, written = dict(zip(below.files, targets, strict=True)), list[Path]()
    with Engine() as engine:

        def ask(path: str, clip: Clip) -> Job[dict[str, Any]]:
            one = yield from lung_fields(engine, view, finder, Shown.of(clip))
            written.extend(_write(where[path], one.mask))
            return {"abstained": one.abstained, **(one.facts or {})}

        answers = yield from asked_each(below, ask, "Looking for lungs")
    return FileAnswers(answers, tuple(written), tuple(below.failed.items()))


def _write(targets: Sequence[Path], mask: Mask | None) -> Sequence[Path]:
    if mask is None:
        return []
    for target in targets:
        with replacing(target) as temporary:
            save(temporary, np.where(mask, 255, 0).astype(np.uint8), ".png")
    return targets
