"""Features of pictures: rows of numbers, one for each frame, for programs that learn from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.workers import run_apart
from xray_studio.imaging import hog
from xray_studio.imaging.render import render
from xray_studio.imaging.squash import squashed
from xray_studio.services.dataset.samples import bare
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.features.networks import FeatureNetworks
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.open import open_whole, scan

_AT_ONCE: Final = 16  # frames
_SECONDS: Final = 60.0  # for as many frames, decoding included
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Frames of one file as features are made of them: gradients, and squashed for networks."""

    frames: tuple[int, ...]
    gradients: Rows
    squashed: Mapping[InputSpec, Squashed]
    of: int  # frames that the file has


@dataclass(slots=True)
class Table:
    """Rows by the kind of feature, one for each frame, and whose frame it is (from 0)."""

    sources: list[str] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    parts: dict[str, list[Rows]] = field(default_factory=dict)
    models: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what stands in an NPZ file, by its key (docs/features.md)."""
        rows = {kind: np.concatenate(parts) for kind, parts in self.parts.items()}
        about = {"models": self.models, "missing": self.missing, "notes": sorted(self.notes)}
        return {
            "source": np.array(self.sources, np.str_),
            "frame": np.array(self.frames, np.int64),
            **({"view": np.array(self.views, np.str_)} if self.views else {}),
            **rows,
            "about": np.array(json.dumps(about)),
        }


def features(sources: Sequence[str], vit: str = "") -> Job[Table]:
    """Return features of every frame of files and of what is below folders.

    `vit` is a Hugging Face folder or "". A file that cannot be read is left out and told. Raises
    StudioError where none can be read or a network does not work.
    """
    catalog = yield from scan(list(sources))
    paths = [
        instance.path
        for patient in catalog.patients
        for study in patient.studies
        for series in study.series
        for instance in series.instances
        if not series.is_document
    ]
    table = Table(failed={one.path: one.told for one in catalog.skipped})
    with Engine() as engine:
        networks = FeatureNetworks.found(engine, vit)
        table.missing, table.models = dict(networks.missing), networks.models
        for number, path in enumerate(paths):
            progress = Progress(number, len(paths), "Reading pictures")
            yield progress
            try:
                parts = yield from _of_file(path, networks.specs, progress)
            except Cancelled:
                raise
            except StudioError as error:
                table.failed[path] = str(error)
                continue
            for pictures in parts:
                yield from _added(table, path, pictures, networks, progress)
    if not table.frames:
        why = next(iter(table.failed.values()), "there are no pictures")
        raise UsageError(f"No picture can be read: {why}")
    return table


def features_of(clip: Clip, vit: str = "") -> Job[dict[str, npt.NDArray[Any]]]:
    """Return features of every frame of a clip that is open, processed or not."""
    table = Table()
    with Engine() as engine:
        networks = FeatureNetworks.found(engine, vit)
        table.missing, table.models = dict(networks.missing), networks.models
        for first in range(0, len(clip), _AT_ONCE):
            progress = Progress(first, len(clip), "Reading pictures")
            yield progress
            pictures = _pictures(clip, first, networks.specs)
            yield from _added(
                table, clip.paths[0] if clip.paths else "", pictures, networks, progress
            )
    return table.arrays()


def write_features(
    sources: Sequence[str], out: Path, vit: str = "", *, overwrite: bool
) -> Job[Table]:
    """Write the features of pictures as an NPZ file. Raises StudioError; then nothing is there."""
    if out.suffix.lower() != ".npz":
        raise UsageError(f"{out.name} has to end in .npz.")
    check_place(out)
    if out.exists() and not overwrite:
        raise UsageError(f"{out.name} is there already; name another file or use --overwrite.")
    table = yield from features(sources, vit)
    with replacing(out) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **table.arrays())  # type: ignore[arg-type]  # a name is none of its own
    return table


def looked(path: str, first: int, specs: tuple[InputSpec, ...]) -> Pictures:
    """Return frames of a file, from `first` on, some at once. Runs in a worker process.

    Raises StudioError where it cannot be read or a part of it is missing.
    """
    return _pictures(run(open_whole(path)), first, specs)


def _of_file(path: str, specs: tuple[InputSpec, ...], progress: Progress) -> Job[list[Pictures]]:
    """Return all frames of a file: a file of which one cannot be read is left out as a whole."""
    parts, first = list[Pictures](), 0
    while not parts or first < parts[0].of:
        future: Future[Pictures] = run_apart(looked, path, first, specs, time_limit=_SECONDS)
        parts.append((yield from awaited(future, progress)))
        first += _AT_ONCE
    return parts


def _pictures(clip: Clip, first: int, specs: tuple[InputSpec, ...]) -> Pictures:
    frames = tuple(range(first, min(first + _AT_ONCE, len(clip))))
    shown = [np.asarray(render(clip, frame, bare(clip))) for frame in frames]
    gradients = np.stack([hog.gradients(squashed(one, hog.SPEC)) for one in shown])
    small = {spec: np.stack([squashed(one, spec) for one in shown]) for spec in specs}
    return Pictures(frames, gradients, small, len(clip))


def _added(
    table: Table, path: str, pictures: Pictures, networks: FeatureNetworks, progress: Progress
) -> Job[None]:
    told = yield from networks.told(pictures.squashed, progress)
    table.sources += [path] * len(pictures.frames)
    table.frames += pictures.frames
    table.views += told.views
    table.notes |= told.notes
    for kind, rows in {"hog": pictures.gradients, **told.rows}.items():
        table.parts.setdefault(kind, []).append(rows)
