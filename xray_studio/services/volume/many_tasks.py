"""One volume of many: opened, filtered and written by a worker process; and what came of it."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.files import stamp
from xray_studio.core.job import Job, run
from xray_studio.core.memory import is_too_little
from xray_studio.core.version import VERSION
from xray_studio.core.volume.filters import filter_of
from xray_studio.core.volume.suv import Uptake
from xray_studio.core.volume.volume import Volume
from xray_studio.services.batch.tasks import Outcome, Written
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.open import open_volume

RUN: Final = "xray_studio.services.volume.many_tasks:run_volume_task"
_PIECE: Final = 4 << 20  # bytes that are looked at together
_TOO_LITTLE: Final = "There is too little memory for this volume."
_UNEXPECTED: Final = "An unexpected error ({}); the volume is left out."


@dataclass(frozen=True, slots=True)
class VolumeWork:
    """What is done with every volume: filters by their words, in order, then written.

    `reference` is the path of the volume that histogram matching matches, `uptake` the value of a
    kind of uptake, "" for none. What filters compute has fractions, which DICOM rounds.
    """

    suffix: str = ".nii.gz"
    filters: tuple[str, ...] = ()
    reference: str = ""
    uptake: str = ""
    options: ConvertOptions = field(default_factory=ConvertOptions)


@dataclass(frozen=True, slots=True)
class VolumeTask:
    """One volume that becomes one file or folder; `number` counts from 1.

    `place` is which of the volumes at `paths` it is, from 1. `name` is that of the target below
    `folder`, the folder of the batch.
    """

    number: int
    paths: tuple[str, ...]
    place: int
    folder: Path
    name: str
    work: VolumeWork
    planes: int = 1

    @property
    def target(self) -> Path:
        """What is written."""
        return self.folder / self.name

    @property
    def key(self) -> str:
        """What it is known by: what is done, this version, and its files as they are now."""
        told = hashlib.sha256(f"{VERSION}\n{self.name}\n{self.place}\n{self.work}".encode())
        for path in (*self.paths, self.work.reference):
            told.update(f"\n{path}\n{stamp(path) if path else ''}".encode("utf-8", "replace"))
        return told.hexdigest()


def run_volume_task(task: VolumeTask) -> Outcome:
    """Run one task to its end. Whatever goes wrong with it is its outcome and ends nothing else."""
    try:
        return run(_written(task))
    except StudioError as error:
        return Outcome(task.number, task.name, str(error))
    except Exception as error:  # noqa: BLE001 - one file never ends a batch; it may name a patient
        told = _UNEXPECTED.format(type(error).__name__)
        return Outcome(task.number, task.name, _TOO_LITTLE if is_too_little(error) else told)


def _written(task: VolumeTask) -> Job[Outcome]:
    begun, work = time.perf_counter(), task.work
    volume = yield from open_volume(task.paths, part=task.place)
    made = yield from _worked(volume, work)
    target = task.target
    target.parent.mkdir(parents=True, exist_ok=True)
    if not work.suffix:  # slices of a batch before, which are not added to
        shutil.rmtree(target, ignore_errors=True)
    options = replace(work.options, overwrite=True)
    done = yield from convert(made, target, options)
    planes, rows, columns = made.geometry.shape
    return Outcome(
        task.number,
        task.name,
        files=tuple(_file(path, task.folder) for path in _files(target)),
        frames=planes * made.moments,
        rows=rows,
        columns=columns,
        seconds=time.perf_counter() - begun,
        notes=(*made.warnings, *done.notes),
        modality=made.modality,
    )


def _worked(volume: Volume, work: VolumeWork) -> Job[Volume]:
    """Return a volume as uptake, and after all filters."""
    if work.uptake:
        from xray_studio.services.volume.uptake import as_uptake

        volume = as_uptake(volume, Uptake(work.uptake))
    if not work.filters:
        return volume
    from xray_studio.volume.filters import filtered

    other = (yield from open_volume(work.reference)) if work.reference else None
    for words in work.filters:
        volume = yield from filtered(volume, filter_of(words), other)
    return volume


def _files(target: Path) -> list[Path]:
    if target.is_dir():
        return sorted(target.iterdir())
    image = target.with_suffix(".img")
    return [target, image] if target.suffix == ".hdr" and image.is_file() else [target]


def _file(path: Path, folder: Path) -> Written:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_PIECE):
            digest.update(data)
    name = path.relative_to(folder).as_posix()
    return Written(name, path.stat().st_size, digest.hexdigest())
