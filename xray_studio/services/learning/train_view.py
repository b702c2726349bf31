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
from xray_studio.core.learning.model import Model
from xray_studio.core.version import VERSION
from xray_studio.services.learning.model_folder import UNHASHED, write_model
from xray_studio.services.learning.others import other_pictures
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.running import (
    memory_needed,
    memory_peak,
    prepare,
    run_training,
)
from xray_studio.services.learning.store import stored_films
from xray_studio.services.learning.view import LABELS, NETWORK, SPEC, USE, ViewFilms, view_films

if TYPE_CHECKING:
    from xray_studio.ai.training.view import ViewTask

FOLDER: Final = "model"
_SHARE: Final = 3  # films for each other picture
_LEAST: Final = 30
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
    prepare(out)
    collections = yield from read_collections(data)
    chosen = view_films(collections, asked.seed, asked.licences)
    stored, failed = yield from stored_films(chosen.paths, SPEC, out)
    kept = np.array([number not in failed for number in range(len(stored))])
    count = max(_LEAST, int(kept.sum()) // _SHARE)
    stated = memory_needed(int(kept.sum()) + count, SPEC, NETWORK["width"], 32)
    yield Progress(message=f"Training takes at most about {stated >> 20:,} MB of memory")
    films = np.asarray(stored[kept])
    others = yield from other_pictures(films[~chosen.steers[kept]], count, SPEC, asked.seed)
    task = _task(chosen, kept, np.concatenate([films, others]), asked.seed)
    model, told = yield from _trained(task, chosen, asked, out)
    memory = {"stated": stated >> 20, "peak": memory_peak() >> 20}
    facts = {"model": str(out / FOLDER), "sha256": model.sha256, **told, "memory_megabytes": memory}
    unreadable = tuple((chosen.films[number].path, why) for number, why in failed.items())
    return Trained(out / FOLDER, facts, unreadable)


def _task(
    chosen: ViewFilms, kept: npt.NDArray[np.bool_], pictures: Squashed, seed: int
) -> ViewTask:
    """Return what is learned: films that could be read, and other pictures after them."""
    from xray_studio.ai.training.view import ViewTask

    count = len(pictures) - int(kept.sum())
    classes = np.concatenate([chosen.classes[kept], np.full(count, LABELS.index("other"))])
    steers = np.concatenate([chosen.steers[kept], np.arange(count) % _STEERING == 0])
    return ViewTask(pictures, classes, steers, LABELS, spec=SPEC, network=NETWORK, seed=seed)


def _trained(
    task: ViewTask, chosen: ViewFilms, asked: Training, out: Path
) -> Job[tuple[Model, dict[str, Any]]]:
    from xray_studio.ai.compute import found
    from xray_studio.ai.training import Plan

    plan, compute = Plan(epochs=asked.epochs, seed=asked.seed), found(asked.threads)
    state = yield from run_training(task, plan, compute, out)
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
        sources=chosen.sources,
        calibration=calibration,
        training={
            "epochs": len(state.history), "best_epoch": best.number, "seed": asked.seed,
            "films": len(task.learned), "steered_by": len(task.steering), **compute.facts(),
        },
    )  # fmt: skip
    model = write_model(out / FOLDER, model, weights)
    return model, {"epochs": len(state.history), "best_epoch": best.number, **best.measures}
