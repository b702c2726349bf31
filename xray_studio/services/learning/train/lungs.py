"""The finder of lungs learns from films whose lungs are marked; it takes less than a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.learning.scores import dice
from xray_studio.imaging.lung_fields import SPEC, Stage, chances, lungs
from xray_studio.imaging.lung_learning import learn
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.known import film_mark
from xray_studio.services.learning.tasks.lungs import KIND, LungSet, lung_folds, lung_set
from xray_studio.services.learning.train.alone import alone
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import ended, left_out
from xray_studio.services.learning.train.running import prepare

if TYPE_CHECKING:
    from xray_studio.ai.weights import Weights

MASKS: Final = InputSpec(rows=128, columns=128, low=0.0, high=100.0)
_LEAST: Final = 10  # films
_PARTS: Final = 3  # folds with films: two are left out at once
_NEEDED: Final = 1200 << 20  # bytes: libraries, and what is seen of a hundred films


def train_lungs(data: Path, out: Path, asked: Training) -> Job[Trained]:
    """Learn where lungs are from the films with marked lungs in `data`.

    Nothing is kept of a training that is stopped: it begins anew and ends the same. Raises
    StudioError where there is too little to learn from or `out` cannot be written.
    """
    prepare(out)
    collections = yield from read_collections(data)
    whole = lung_set(collections)
    films, masks, failed = yield from _read(whole)
    chosen = whole.without(list(failed))
    folds = lung_folds(chosen.owners(alike_among(films)), asked.seed)
    _check(folds)
    with alone(out):
        stages = yield from learn(films, masks, folds, asked.seed)
    known = {"films": [film_mark(film) for film in films], "folds": folds}
    training = {"seed": asked.seed, "films": len(films)}
    model = KIND.model(Learnt(chosen.sources(asked.licences), training, known))
    told = {"dice": _dice(stages, films, masks, folds)}
    trained = ended(out, model, _weights(stages), told, _NEEDED)
    return replace(trained, unreadable=left_out(whole.films, failed))


def _read(chosen: LungSet) -> Job[tuple[Squashed, Squashed, dict[int, str]]]:
    """Return films and masks that can be read, and reasons of those that fail."""
    films = np.zeros((len(chosen.films), SPEC.rows, SPEC.columns), np.uint8)
    masks = np.zeros_like(films)
    failed = yield from squash_films(chosen.films, SPEC, films)
    failed |= yield from squash_films(chosen.masks, MASKS, masks)
    kept = [number for number in range(len(films)) if number not in failed]
    return films[kept], masks[kept], failed


def _check(folds: Sequence[int]) -> None:
    if len(folds) < _LEAST or len(set(folds)) < _PARTS:
        raise UsageError(
            f"There are {len(folds)} films with marked lungs to learn from; at least {_LEAST} of"
            " several patients are needed. Name a folder with a table of cases and their masks"
            " (see docs/learning.md)."
        )


def _dice(stages: Sequence[Stage], films: Squashed, masks: Squashed, folds: Sequence[int]) -> float:
    """Return the mean Dice of films, each told by what has not seen it."""
    shape = (SPEC.rows, SPEC.columns)
    told = (
        dice(lungs(chances(tuple(stages), film, fold), shape), mask > 127)
        for film, mask, fold in zip(films, masks, folds, strict=True)
    )
    return float(np.mean(list(told)))


def _weights(stages: Sequence[Stage]) -> Weights:
    from xray_studio.ai.weights import weights_of

    made = (stage.tensors(number) for number, stage in enumerate(stages))
    return weights_of({name: one for each in made for name, one in each.items()})
