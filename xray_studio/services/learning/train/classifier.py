"""The finding classifier is trained from folders of films, one network for each fold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.learning.cases import rows_left_out
from xray_studio.core.learning.findings import SENSITIVE
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.learning.operating import counting_point, sensitive_point
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.inference.findings import calibration_facts
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import (
    FOLDS,
    KIND,
    LABELS,
    StudySet,
    check_learnable,
    study_set,
)
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.known import known_studies
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import ended, left_out
from xray_studio.services.learning.train.running import prepare, run_training
from xray_studio.services.learning.train.seen import BATCH, seen_stated
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.training.findings import FindingTask, Fold
    from xray_studio.ai.training.seen import Seen, Trunk
    from xray_studio.ai.weights import Weights

FEATURES: Final = "features"
TRUNK: Final = "lite0"  # the shipped model that networks begin with
_MOST_FOLDS: Final = 20

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def train_classifier(data: Path, out: Path, asked: Training, folds: int = FOLDS) -> Job[Trained]:
    """Train the finding classifier on the collections in `data`, or go on with what `out` holds.

    One network is trained for each of the `folds`, on the studies of all others. Raises StudioError
    where there is too little to learn from or `out` cannot be written.
    """
    if not 2 <= folds <= _MOST_FOLDS:
        raise UsageError(f"Train with 2 to {_MOST_FOLDS} folds.")
    trunk = _trunk(asked)
    prepare(out)
    collections = yield from read_collections(data)
    found = study_set(collections, asked.licences)
    check_learnable(found.truth, LABELS, "all studies together")
    films, failed = yield from stored_films(found.paths, KIND.input, out)
    chosen = found.without(failed)
    copies = _copies(films, chosen)
    chosen = chosen.without(copies)
    seen, needed = yield from seen_stated(films, KIND.input, trunk, asked, out)
    work = _Work(chosen, films, trunk, seen, asked, folds)
    results, notes = [], list[str]()
    for number in range(folds):
        task = work.task(number, notes)
        fold = yield from _fold(task, number, work, out)
        results.append(fold)
    told = {"steered": [round(one.score, 4) for one in results], "notes": notes}
    trained = ended(out, _model(work, results), _weights(work, results), told, needed)
    unreadable = (*rows_left_out(collections), *left_out(found.paths, failed | copies))
    return replace(trained, unreadable=unreadable, notes=(*notes, *trained.notes))


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
    found = dict[int, str]()
    for first, second in alike_among(films, sorted(owners)):
        if owners[first] != owners[second] and first not in found:
            name = Path(chosen.paths[first]).name
            found[second] = f"it is nearly the same as {name} of another patient"
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """Studies, their films, what the trunk sees in these, what is asked for, in how many folds."""

    chosen: StudySet
    films: Squashed
    trunk: Trunk
    seen: tuple[Seen, ...]
    asked: Training
    count: int

    @property
    def folds(self) -> Numbers:
        """The fold of each study."""
        return self.chosen.folds(self.count, self.asked.seed)

    def task(self, number: int, notes: list[str]) -> FindingTask:
        """Return what the network of a fold learns; what it cannot learn is told in `notes`."""
        from xray_studio.ai.training.findings import FindingTask, Studies

        chosen, elsewhere = self.chosen, self.folds != number
        steering = elsewhere & chosen.steering(self.asked.seed)
        learned = elsewhere & ~steering
        words = f"those that the network of fold {number + 1} learns from"
        notes += check_learnable(chosen.truth[learned], LABELS, words)
        if not steering.any():
            raise UsageError(
                f"No study is left to steer the network of fold {number + 1}; name more studies."
            )
        studies = Studies(
            self.seen, chosen.cases, chosen.truth,
            np.flatnonzero(learned & chosen.judged), np.flatnonzero(learned & ~chosen.judged),
            np.flatnonzero(steering),
        )  # fmt: skip
        seed = self.asked.seed + number
        return FindingTask(
            studies,
            self.trunk.after,
            kept=KIND.network["kept"],
            digest=self.trunk.sha256,
            seed=seed,
        )


def _trunk(asked: Training) -> Trunk:
    from xray_studio.ai.training.seen import Trunk

    begin = model_for(FEATURES, Path(TRUNK))
    device = asked.compute().device
    return Trunk(begin.folder, begin.model.sha256, KIND.network["kept"], device)


def _fold(task: FindingTask, number: int, work: _Work, out: Path) -> Job[Fold]:
    from xray_studio.ai.training import Plan

    asked, count = work.asked, work.count
    plan = Plan(
        epochs=asked.epochs, batch=BATCH, rate=5e-4, decay=0.05, warm=0.15, average=0.995,
        patience=asked.epochs, seed=asked.seed + number,
    )  # fmt: skip
    folder = out / f"fold-{number + 1}"
    prepare(folder)

    def told(progress: Progress) -> Progress:
        total = progress.total or 0
        return replace(
            progress,
            done=number * total + progress.done,
            total=count * total,
            message=f"Fold {number + 1} of {count}: {progress.message}",
        )

    state = yield from passed_on(run_training(task, plan, asked.compute(), folder), told)
    return task.finished(state)


def _weights(work: _Work, results: list[Fold]) -> Weights:
    """Return all networks, and by what each study that was learned from is known."""
    from xray_studio.ai.findings import packed_networks

    known = known_studies(work.chosen, work.films, work.folds)
    return packed_networks(work.trunk.weights, [one.weights for one in results], known)


def _model(work: _Work, results: list[Fold]) -> Model:
    chances = np.concatenate([one.probabilities for one in results])
    truth = np.concatenate([one.truth for one in results])
    training = {
        "folds": work.count, "epochs": work.asked.epochs, "seed": work.asked.seed,
        "studies": len(work.chosen.cases), "best_epochs": [one.epoch for one in results],
        **work.asked.compute().facts(),
    }  # fmt: skip
    calibration = calibration_facts([one.calibration for one in results])
    points = _points(chances, truth)
    return KIND.model(Learnt(work.chosen.sources, training, calibration, points))


def _points(chances: Values, truth: Values) -> dict[str, float]:
    """Return the operating points of each label, from studies that steered the trainings."""
    found = {}
    for number, label in enumerate(LABELS):
        known = ~np.isnan(truth[:, number])
        scores, yes = chances[known, number], truth[known, number] == 1.0
        if yes.any() and not yes.all():
            found[label] = round(counting_point(scores, yes), 4)
            found[f"{label}{SENSITIVE}"] = round(sensitive_point(scores, yes), 4)
    return found
