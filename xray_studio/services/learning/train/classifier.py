"""The finding classifier is trained from folders of films, one network for each fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.learning.alike import pairs_alike
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.learning.operating import best_point, sensitive_point
from xray_studio.core.version import VERSION
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.findings import SENSITIVE, TASK, calibration_facts
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import (
    FOLDS,
    LABELS,
    NETWORK,
    SPEC,
    USE,
    StudySet,
    check_learnable,
    study_set,
)
from xray_studio.services.learning.tasks.known import known_studies
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_peak,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.training.findings import FindingTask, Fold

FOLDER: Final = "model"
_SMALL: Final = InputSpec(rows=32, columns=32)  # at which films are compared
_BATCH: Final = 24
_MOST_FOLDS: Final = 20

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Training:
    """What a training is asked for. `threads` 0 takes all; `licences` are those of collections."""

    epochs: int = 14
    seed: int = 0
    threads: int = 0
    folds: int = FOLDS
    licences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trained:
    """Where the model lies, what the training brought, and what was left out with its reasons."""

    folder: Path
    facts: Mapping[str, Any]
    unreadable: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def train_classifier(data: Path, out: Path, asked: Training | None = None) -> Job[Trained]:
    """Train the finding classifier on the collections in `data`, or go on with what `out` holds.

    One network is trained for each fold, on the studies of all others. Raises StudioError where
    there is too little to learn from or `out` cannot be written.
    """
    asked = asked or Training()
    if not 2 <= asked.folds <= _MOST_FOLDS:
        raise UsageError(f"Train with 2 to {_MOST_FOLDS} folds.")
    prepare(out)
    collections = yield from read_collections(data)
    found = study_set(collections, asked.licences)
    check_learnable(found.truth, LABELS, "all studies together")
    films, failed = yield from stored_films(found.paths, SPEC, out)
    chosen = found.without(failed)
    copies = _copies(films, chosen)
    chosen = chosen.without(copies)
    stated = memory_needed(len(films), SPEC, NETWORK["widths"][0], _BATCH)
    yield Progress(message=f"Training takes at most about {stated >> 20:,} MB of memory")
    results, notes = [], list[str]()
    for number in range(asked.folds):
        task = _task(chosen, films, number, asked, notes)
        fold = yield from _fold(task, number, asked, out)
        results.append(fold)
    model = _written(out / FOLDER, chosen, films, results, asked)
    memory = {"stated": stated >> 20, "peak": memory_peak() >> 20}
    scores = [round(one.score, 4) for one in results]
    facts = {
        "model": str(out / FOLDER), "sha256": model.sha256, "steered": scores,
        "memory_megabytes": memory, "notes": notes,
    }  # fmt: skip
    unreadable = {found.paths[n]: why for n, why in (failed | copies).items()}
    return Trained(out / FOLDER, facts, tuple(unreadable.items()), tuple(notes))


def _copies(films: Squashed, chosen: StudySet) -> dict[int, str]:
    """Return films that are nearly the same as one of another patient, each with the reason.

    They would be learned from in one fold and judged in another.
    """
    owners = {
        number: owner
        for case, owner in zip(chosen.cases, chosen.owners, strict=True)
        for view in case
        for number in view
    }
    numbers = sorted(owners)
    small = [squashed(films[number], _SMALL) for number in numbers]
    found = {}
    for one, other, _ in pairs_alike(np.stack(small)):
        first, second = numbers[one], numbers[other]
        if owners[first] != owners[second] and first not in found:
            name = Path(chosen.paths[first]).name
            found[second] = f"it is nearly the same as {name} of another patient"
    return found


def _task(
    chosen: StudySet, films: Squashed, number: int, asked: Training, notes: list[str]
) -> FindingTask:
    """Return what the network of a fold learns."""
    from xray_studio.ai.training.findings import FindingTask, Studies

    elsewhere = chosen.folds(asked.folds, asked.seed) != number
    steering = elsewhere & chosen.steering(asked.seed)
    learned = elsewhere & ~steering
    words = f"those that the network of fold {number + 1} learns from"
    notes += check_learnable(chosen.truth[learned], LABELS, words)
    if not steering.any():
        raise UsageError(
            f"No study is left to steer the network of fold {number + 1}; name more studies."
        )
    studies = Studies(
        films, chosen.cases, chosen.truth,
        np.flatnonzero(learned & chosen.judged), np.flatnonzero(learned & ~chosen.judged),
        np.flatnonzero(steering),
    )  # fmt: skip
    return FindingTask(studies, spec=SPEC, network=NETWORK, seed=asked.seed + number)


def _fold(task: FindingTask, number: int, asked: Training, out: Path) -> Job[Fold]:
    from xray_studio.ai.compute import found
    from xray_studio.ai.training import Plan

    plan = Plan(
        epochs=asked.epochs, batch=_BATCH, rate=1e-3, decay=0.05, patience=asked.epochs,
        seed=asked.seed + number,
    )  # fmt: skip
    folder = out / f"fold-{number + 1}"
    prepare(folder)

    def told(progress: Progress) -> Progress:
        total = progress.total or 0
        return replace(
            progress,
            done=number * total + progress.done,
            total=asked.folds * total,
            message=f"Fold {number + 1} of {asked.folds}: {progress.message}",
        )

    state = yield from passed_on(run_training(task, plan, found(asked.threads), folder), told)
    return task.finished(state)


def _written(
    folder: Path,
    chosen: StudySet,
    films: Squashed,
    results: list[Fold],
    asked: Training,
) -> Model:
    """Write the model: all networks, and by what each study that was learned from is known."""
    from xray_studio.ai.compute import found
    from xray_studio.ai.findings import packed_networks

    parts = chosen.folds(asked.folds, asked.seed)
    known = known_studies(chosen, films, parts)
    weights = packed_networks([one.weights for one in results], known)
    chances = np.concatenate([one.probabilities for one in results])
    truth = np.concatenate([one.truth for one in results])
    model = Model(
        name="findings",
        version=VERSION,
        task=TASK,
        labels=LABELS,
        network=NETWORK,
        input=SPEC,
        sha256=UNHASHED,
        licence="research and education, as the films it learned from",
        intended_use=USE,
        sources=chosen.sources,
        calibration=calibration_facts([one.calibration for one in results]),
        thresholds=_points(chances, truth),
        training={
            "folds": asked.folds, "epochs": asked.epochs, "seed": asked.seed,
            "studies": len(chosen.cases), "best_epochs": [one.epoch for one in results],
            **found(asked.threads).facts(),
        },
    )  # fmt: skip
    return write_model(folder, model, weights)


def _points(chances: Values, truth: Values) -> dict[str, float]:
    """Return the operating points of each label, from studies that steered the trainings."""
    found = {}
    for number, label in enumerate(LABELS):
        known = ~np.isnan(truth[:, number])
        scores, yes = chances[known, number], truth[known, number] == 1.0
        if yes.any() and not yes.all():
            found[label] = round(best_point(scores, yes), 4)
            found[f"{label}{SENSITIVE}"] = round(sensitive_point(scores, yes), 4)
    return found
