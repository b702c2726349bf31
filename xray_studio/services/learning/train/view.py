"""The view classifier is trained from folders of films."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job
from xray_studio.core.learning.cases import rows_left_out
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.view import (
    KIND,
    LABELS,
    NETWORK,
    SPEC,
    ViewParts,
    sources,
    view_films,
    view_parts,
)
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import best_of, ended, left_out
from xray_studio.services.learning.train.others import other_pictures
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_stated,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.compute import Compute
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.state import State
    from xray_studio.ai.training.view import ViewTask

_SHARE: Final = 3  # films for each other picture
_LEAST: Final = 30
_STEERING: Final = 10  # of other pictures every tenth
_APART: Final = 1 << 20


def train_view(data: Path, out: Path, asked: Training) -> Job[Trained]:
    """Train the view classifier on the collections in `data`, or go on with what `out` holds.

    Raises StudioError where there is too little to learn from or `out` cannot be written.
    """
    wanted = _wanted(asked)  # what cannot be is told before films are read, which takes minutes
    prepare(out)
    collections = yield from read_collections(data)
    chosen = view_films(collections)
    view_parts(chosen, asked.seed)
    stored, failed = yield from stored_films(chosen.paths, SPEC, out)
    parts = view_parts(chosen, asked.seed, alike_among(stored), failed)
    used = parts.learned | parts.steering
    count = max(_LEAST, int(used.sum()) // _SHARE)
    needed = memory_needed(len(stored) + count, SPEC, NETWORK["width"], wanted.plan.batch)
    yield memory_stated(needed)
    others = yield from no_films(stored, parts, count, asked.seed)
    pictures = np.concatenate([stored[used], others])
    task = _task(chosen.classes[used], parts.steering[used], pictures, asked.seed)
    state = yield from run_training(task, wanted.plan, wanted.compute, out)
    weights, calibration = task.finished(state)
    training = _training(state, task, wanted)
    learnt = Learnt(sources(chosen, parts, asked.licences), training, calibration)
    trained = ended(out, KIND.model(learnt), weights, best_of(state), needed)
    reasons = failed | dict.fromkeys(set(parts.copies) - set(failed), COPY)
    unreadable = (*rows_left_out(collections), *left_out(chosen.paths, reasons))
    return replace(trained, unreadable=unreadable)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, as the training takes it."""

    plan: Plan
    compute: Compute


def _wanted(asked: Training) -> _Wanted:
    from xray_studio.ai.training import Plan

    return _Wanted(Plan(epochs=asked.epochs, seed=asked.seed), asked.compute())


def no_films(films: Squashed, parts: ViewParts, count: int, seed: int) -> Job[Squashed]:
    """Return pictures that are no films; those that steer have nothing of those that teach."""
    found = yield from other_pictures(films[parts.learned], count, SPEC, seed)
    steering = _steer(count)
    # Of a seed far away, so that no phantom and no chance is shared.
    found[steering] = yield from other_pictures(
        films[parts.steering], int(steering.sum()), SPEC, seed + _APART
    )
    return found


def _steer(count: int) -> npt.NDArray[np.bool_]:
    return np.asarray(np.arange(count) % _STEERING == 0, np.bool_)


def _task(
    classes: npt.NDArray[np.int64], steers: npt.NDArray[np.bool_], pictures: Squashed, seed: int
) -> ViewTask:
    """Return what is learned: films of `classes`, and other pictures after them."""
    from xray_studio.ai.training.view import ViewTask

    count = len(pictures) - len(classes)
    classes = np.concatenate([classes, np.full(count, LABELS.index("other"))])
    steers = np.concatenate([steers, _steer(count)])
    return ViewTask(pictures, classes, steers, LABELS, spec=SPEC, network=NETWORK, seed=seed)


def _training(state: State, task: ViewTask, wanted: _Wanted) -> dict[str, Any]:
    """Return what `model.toml` tells of the training."""
    told = best_of(state)
    return {
        "epochs": told["epochs"], "best_epoch": told["best_epoch"], "seed": wanted.plan.seed,
        "films": len(task.learned), "steered_by": len(task.steering), **wanted.compute.facts(),
    }  # fmt: skip
