"""The vision transformer is trained from folders of films, without anything said of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xray_studio.core.job import Job
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.view import ViewParts
from xray_studio.services.learning.tasks.vit import (
    KIND,
    LEARNING,
    SPEC,
    vit_films,
    vit_parts,
    vit_sources,
)
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import best_of, ended, left_out
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_stated,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.masked import MaskedTask
    from xray_studio.ai.training.state import State
    from xray_studio.ai.weights import Weights

_BATCH: Final = 64
_SEES: Final = "encoder."  # its part of the network that learns
_MAPS: Final = 4  # as many channels of the size of a film are kept as this for its gradient


def train_vit(data: Path, out: Path, asked: Training) -> Job[Trained]:
    """Train the vision transformer on the films in `data`, or go on with what `out` holds.

    Films with masks and the patients who are held out are not learned from. Raises StudioError
    where there is too little to learn from or `out` cannot be written.
    """
    compute, plan = asked.compute(), _plan(asked)  # what cannot be is told before films are read
    prepare(out)
    collections = yield from read_collections(data)
    chosen = vit_films(collections)
    vit_parts(chosen, asked.seed)
    stored, failed = yield from stored_films(chosen.paths, SPEC, out)
    parts = vit_parts(chosen, asked.seed, alike_among(stored), failed)
    needed = memory_needed(len(stored), SPEC, _MAPS, plan.batch)
    yield memory_stated(needed)
    task = _task(stored, parts, asked.seed)
    state = yield from run_training(task, plan, compute, out)
    learnt = Learnt(vit_sources(chosen, parts, asked.licences), _training(state, task, asked))
    trained = ended(out, KIND.model(learnt), _weights(state), best_of(state), needed)
    reasons = failed | dict.fromkeys(set(parts.copies) - set(failed), COPY)
    return replace(trained, unreadable=left_out(chosen.paths, reasons))


def _task(stored: Squashed, parts: ViewParts, seed: int) -> MaskedTask:
    from xray_studio.ai.training.masked import MaskedTask

    learned, steering = (np.flatnonzero(part) for part in (parts.learned, parts.steering))
    return MaskedTask(stored, learned, steering, spec=SPEC, network=LEARNING, seed=seed)


def _plan(asked: Training) -> Plan:
    from xray_studio.ai.training import Plan

    return Plan(
        epochs=asked.epochs, batch=_BATCH, rate=1e-3, decay=0.05, warm=0.08, average=0.995,
        patience=asked.epochs, seed=asked.seed,
    )  # fmt: skip


def _weights(state: State) -> Weights:
    """Return what sees of the best network, small: a quarter of the size is as good."""
    from xray_studio.ai.small_weights import small

    seen = {n: one for n, one in state.best.items() if n.startswith(_SEES)}
    return small({name.removeprefix(_SEES): one for name, one in seen.items()})


def _training(state: State, task: MaskedTask, asked: Training) -> dict[str, Any]:
    """Return what `model.toml` tells of the training."""
    told = best_of(state)
    return {
        "epochs": told["epochs"], "best_epoch": told["best_epoch"], "seed": asked.seed,
        "films": len(task.learned), "steered_by": len(task.steering),
        "steps": state.step, **asked.compute().facts(),
    }  # fmt: skip
