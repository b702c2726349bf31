"""The view classifier is trained from folders of films."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model, Source
from xray_studio.core.version import VERSION
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.view import (
    LABELS,
    NETWORK,
    SPEC,
    USE,
    sources,
    view_films,
    view_parts,
)
from xray_studio.services.learning.train.others import other_pictures
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_peak,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.compute import Compute
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.view import ViewTask

FOLDER: Final = "model"
_SHARE: Final = 3  # films for each other picture
_LEAST: Final = 30
_COPY: Final = "it, or another film of its patient, is nearly one of those to judge by"
_STEERING: Final = 10  # of other pictures every tenth


@dataclass(frozen=True, slots=True)
class Training:
    """What a training is asked for. `threads` 0 takes all; `licences` are those of collections."""

    epochs: int = 12
    seed: int = 0
    threads: int = 0
    licences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trained:
    """Where the model lies, what the training brought, and films left out with their reasons."""

    folder: Path
    facts: Mapping[str, Any]
    unreadable: tuple[tuple[str, str], ...] = ()


def train_view(data: Path, out: Path, asked: Training | None = None) -> Job[Trained]:
    """Train the view classifier on the collections in `data`, or go on with what `out` holds.

    Raises StudioError where there is too little to learn from or `out` cannot be written.
    """
    asked = asked or Training()
    wanted = _wanted(asked)  # what cannot be is told before films are read, which takes minutes
    prepare(out)
    collections = yield from read_collections(data)
    chosen = view_films(collections)
    view_parts(chosen, asked.seed)
    stored, failed = yield from stored_films(chosen.paths, SPEC, out)
    parts = view_parts(chosen, asked.seed, alike_among(stored), failed)
    used = parts.learned | parts.steering
    count = max(_LEAST, int(used.sum()) // _SHARE)
    stated = memory_needed(len(stored) + count, SPEC, NETWORK["width"], wanted.plan.batch)
    yield Progress(message=f"Training takes at most about {stated >> 20:,} MB of memory")
    others = yield from other_pictures(stored[parts.learned], count, SPEC, asked.seed)
    pictures = np.concatenate([stored[used], others])
    task = _task(chosen.classes[used], parts.steering[used], pictures, asked.seed)
    of_films = sources(chosen, parts, asked.licences)
    model, told = yield from _trained(task, of_films, wanted, out)
    memory = {"stated": stated >> 20, "peak": memory_peak() >> 20}
    facts = {"model": str(out / FOLDER), "sha256": model.sha256, **told, "memory_megabytes": memory}
    left_out = failed | dict.fromkeys(set(parts.copies) - set(failed), _COPY)
    named = tuple((chosen.films[number].path, why) for number, why in sorted(left_out.items()))
    return Trained(out / FOLDER, facts, named)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, as the training takes it."""

    plan: Plan
    compute: Compute


def _wanted(asked: Training) -> _Wanted:
    from xray_studio.ai.compute import found
    from xray_studio.ai.training import Plan

    return _Wanted(Plan(epochs=asked.epochs, seed=asked.seed), found(asked.threads))


def _task(
    classes: npt.NDArray[np.int64], steers: npt.NDArray[np.bool_], pictures: Squashed, seed: int
) -> ViewTask:
    """Return what is learned: films of `classes`, and other pictures after them."""
    from xray_studio.ai.training.view import ViewTask

    count = len(pictures) - len(classes)
    classes = np.concatenate([classes, np.full(count, LABELS.index("other"))])
    steers = np.concatenate([steers, np.arange(count) % _STEERING == 0])
    return ViewTask(pictures, classes, steers, LABELS, spec=SPEC, network=NETWORK, seed=seed)


def _trained(
    task: ViewTask, of_films: tuple[Source, ...], wanted: _Wanted, out: Path
) -> Job[tuple[Model, dict[str, Any]]]:
    state = yield from run_training(task, wanted.plan, wanted.compute, out)
    best = state.best_epoch
    assert best is not None, "a training has at least one epoch"
    weights, calibration = task.finished(state)
    model = Model(
        name="view",
        version=VERSION,
        task="view",
        labels=LABELS,
        network=NETWORK,
        input=SPEC,
        sha256=UNHASHED,
        licence="research and education, as the films it learned from",
        intended_use=USE,
        sources=of_films,
        calibration=calibration,
        training={
            "epochs": len(state.history), "best_epoch": best.number, "seed": wanted.plan.seed,
            "films": len(task.learned), "steered_by": len(task.steering), **wanted.compute.facts(),
        },
    )  # fmt: skip
    model = write_model(out / FOLDER, model, weights)
    return model, {"epochs": len(state.history), "best_epoch": best.number, **best.measures}
