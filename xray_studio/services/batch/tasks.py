"""One task of a batch: a series, a recipe, and the file to write; and what came of it.

A task travels to a worker process of this machine or of another one, which runs it as a whole and
sends back what it wrote. The same task gives the same result wherever it runs.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import StudioError
from xray_studio.core.files import temporary_beside, write_failure
from xray_studio.core.job import run
from xray_studio.core.masked_source import masked
from xray_studio.core.memory import is_too_little
from xray_studio.core.presentation import Presentation
from xray_studio.core.reasons import losses
from xray_studio.core.region import Region
from xray_studio.core.remembering import Remembering
from xray_studio.core.study import Series
from xray_studio.services.export.manifest import read_manifest
from xray_studio.services.export.many import ready
from xray_studio.services.export.run import ExportResult, export
from xray_studio.services.recipe import Recipe

RUN: Final = "xray_studio.services.batch.tasks:run_task"
THUMBNAIL: Final = 96  # pixels; letters that are burnt in cannot be read so small
_TOO_LITTLE: Final = "There is too little memory for this series."
_UNEXPECTED: Final = "An unexpected error ({}); the series is left out."


@dataclass(frozen=True, slots=True)
class Task:
    """One series that becomes one file or folder; `number` counts from 1."""

    number: int
    series: Series
    target: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: its name below the folder of the batch, its size, and its SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task; without `reason` it went well.

    `seconds` are those of the export, `thumbnail` is a PNG of its middle frame.
    """

    number: int
    target: str
    reason: str = ""
    files: tuple[Written, ...] = ()
    frames: int = 0
    rows: int = 0
    columns: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    modality: str = ""
    thumbnail: bytes = field(default=b"", repr=False)

    @property
    def failed(self) -> bool:
        """Tell whether nothing was written."""
        return bool(self.reason)

    @property
    def missing(self) -> list[str]:
        """What is missing in what was written."""
        return losses(self.notes)


def run_task(task: Task) -> Outcome:
    """Run one task to its end. Whatever goes wrong with it is its outcome and ends nothing else."""
    try:
        with _temporary_folder(task.target):
            outcome = _run(task)
    except StudioError as error:
        return Outcome(task.number, task.target.name, str(error))
    except Exception as error:  # noqa: BLE001 - one file never ends a batch; it may name a patient
        told = _UNEXPECTED.format(type(error).__name__)
        reason = _TOO_LITTLE if is_too_little(error) else told
        return Outcome(task.number, task.target.name, reason)
    return outcome


def _run(task: Task) -> Outcome:
    begun = time.perf_counter()
    clip, options = run(ready(task.series, task.target.parent, task.recipe))
    clip = clip.with_source(Remembering(clip.source, len(clip) // 2))  # for its thumbnail
    result = run(export(clip, task.target, options, overwrite=True))
    seconds = time.perf_counter() - begun
    return _outcome(task, clip, result, seconds, options.presentation)


@contextlib.contextmanager
def _temporary_folder(target: Path) -> Iterator[None]:
    """Keep temporary files beside the target, where the batch removes those of a lost worker."""
    folder, before = temporary_beside(target), tempfile.tempdir
    try:
        folder.mkdir(mode=0o700)
        tempfile.tempdir = str(folder)
        yield
    except OSError as error:
        raise write_failure(target, error) from error
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)


def _outcome(
    task: Task, clip: Clip, result: ExportResult, seconds: float, how: Presentation | None
) -> Outcome:
    told = read_manifest(result.manifest) or {}
    return Outcome(
        task.number,
        task.target.name,
        files=tuple(_written(task.target, file) for file in told.get("files", ())),
        frames=result.checked.frames,
        rows=result.rows,
        columns=result.columns,
        seconds=seconds,
        notes=result.notes,
        badges=clip.processed,
        modality=clip.acquisition.modality,
        thumbnail=_thumbnail(clip, told, how),
    )


def _written(target: Path, file: dict[str, Any]) -> Written:
    """Return a file of a manifest; those of a folder stand below it."""
    name = str(file["name"])
    inside = target.is_dir() and name != target.name
    return Written(f"{target.name}/{name}" if inside else name, file["bytes"], file["sha256"])


def _thumbnail(clip: Clip, told: dict[str, Any], how: Presentation | None) -> bytes:
    """Return a small picture of the middle frame as it is shown, with the masks of the export."""
    from xray_studio.imaging.save import encoded
    from xray_studio.services.thumbnails import small_picture

    found = told.get("privacy", {}).get("regions", ())
    regions = tuple(
        Region(one["x"], one["y"], one["width"], one["height"])
        for one in found
        if one.get("decision") == "masked"
    )
    bare = replace(masked(clip, regions), overlays=(), drawings=(), segments=())
    try:
        middle = len(bare) // 2
        small = _reduced(bare.source.read(middle), 2 * THUMBNAIL)
        plain = None if how is None else replace(how, planes=False, drawings=False)
        return encoded(small_picture(bare, middle, small, THUMBNAIL, plain), ".png")
    except StudioError:
        return b""


def _reduced(frame: Frame, side: int) -> Frame:
    """Return a frame of about `side` pixels or more: means of squares, which cost little."""
    step = max(1, min(frame.shape[:2]) // side)
    rows, columns = frame.shape[0] // step, frame.shape[1] // step
    cut = frame[: rows * step, : columns * step]
    whole = np.zeros((rows, *cut.shape[1:]), np.float32)
    for place in range(step):  # slices are added several times faster than axes are reduced
        whole += cut[place::step]
    squares = sum(whole[:, place::step] for place in range(step))
    made: Frame = (squares / np.float32(step * step)).astype(frame.dtype)
    return made
