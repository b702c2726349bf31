"""The view classifier judged on films that it did not learn from, beside what needs no learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.bootstrap import interval, interval_of
from xray_studio.core.learning.cases import Collection, Film, rows_left_out
from xray_studio.core.learning.input_spec import Normalised, Squashed
from xray_studio.core.learning.parts import groups, published
from xray_studio.core.learning.scores import auroc, calibrated_band, calibration_error
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.view import HELD_OUT, LABELS

_AT_ONCE: Final = 64
_LOADING: Final = Progress(message="Loading the model")


@dataclass(frozen=True, slots=True)
class _Judged:
    film: Film
    owner: str


def evaluate_view(data: Path, model: Installed, seed: int = 1) -> Job[Answer]:
    """Return how well views are told on the held-out films in `data` and on every other picture.

    Held out are the films that `train view` with the model's own seed would hold out; of folders of
    files, from which nothing is learned, all whose view is told. Raises StudioError where nothing
    is there to judge.
    """
    spec = model.model.input
    with Engine() as engine:
        # A model that cannot be used is told before films are read, which takes minutes.
        yield from engine.view(model, np.zeros((1, spec.rows, spec.columns), np.float32), _LOADING)
        collections = yield from read_collections(data)
        judged = _held_out(collections, int(model.model.training.get("seed", 0)))
        if not judged:
            raise UsageError(f"No film in {data} is held out and tells its view; name another one.")
        films = np.zeros((len(judged), spec.rows, spec.columns), np.uint8)
        failed = yield from squash_films([one.film.path for one in judged], spec, films)
        kept = [number for number in range(len(judged)) if number not in failed]
        if not kept:
            raise UsageError("None of the films can be read; name another folder.")
        told = yield from _told(engine, model, films[kept])
    chosen = [judged[number] for number in kept]
    facts = {"dataset": data.resolve().name, "model": model.model.sha256, "n": len(chosen)}
    facts |= _facts(chosen, told, films[kept], seed)
    unreadable = ((judged[number].film.path, why) for number, why in failed.items())
    return Answer(facts, (*rows_left_out(collections), *unreadable))


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """Probabilities (films, labels), answers, and what the engine noted."""

    probabilities: npt.NDArray[np.float64]
    answers: list[str]
    notes: list[str]


def _told(engine: Engine, model: Installed, films: Squashed) -> Job[_Told]:
    chances, answers, notes = [], list[str](), set[str]()
    for first in range(0, len(films), _AT_ONCE):
        progress = Progress(first, len(films), "Looking at films")
        given: Normalised = model.model.input.normalised(films[first : first + _AT_ONCE])
        seen = yield from engine.view(model, given, progress)
        chances.append(seen.probabilities)
        answers += seen.answers()
        notes |= {seen.note} - {""}
    return _Told(np.concatenate(chances), answers, sorted(notes))


def _held_out(collections: Sequence[Collection], seed: int) -> list[_Judged]:
    found = []
    for one in collections:
        numbers = tuple(range(len(one.cases)))
        if one.layout != "files":
            numbers = published(one.cases, groups(one.cases), HELD_OUT, seed).test
        for number in numbers:
            case = one.cases[number]
            found += [_Judged(film, case.patient) for film in case.films if film.view]
    return found


def _facts(judged: Sequence[_Judged], told: _Told, films: Squashed, seed: int) -> dict[str, Any]:
    views = np.array([LABELS.index(one.film.view) for one in judged])
    owners = [one.owner for one in judged]
    right = np.array([a == one.film.view for a, one in zip(told.answers, judged, strict=True)])
    chest = views < 2
    apart = told.probabilities[:, :2].argmax(axis=1) == views
    return {
        "views": {
            label: _share(right, owners, views == number, seed)
            for number, label in enumerate(LABELS)
            if (views == number).any()
        },
        "frontal_or_lateral": {
            **_share(apart, owners, chest, seed),
            **_area(told.probabilities[:, 0], views == 0, owners, chest, seed),
        },
        **_calibration(told.probabilities[chest], views[chest], seed),
        "baselines": {
            "always frontal": _share(views == 0, owners, chest, seed),
            "symmetry": _area(symmetry(films), views == 0, owners, chest, seed),
        },
        "wrong": [
            {"path": one.film.path, "view": str(one.film.view), "answer": answer}
            for one, answer in zip(judged, told.answers, strict=True)
            if answer != one.film.view
        ],
        "notes": told.notes,
    }


def _share(
    right: npt.NDArray[np.bool_], owners: Sequence[str], which: npt.NDArray[np.bool_], seed: int
) -> dict[str, Any]:
    """Return how many of some films are right, as a share with its interval by patient."""
    values = right[which].astype(np.float64)
    whose = [owner for owner, counts in zip(owners, which, strict=True) if counts]
    if not len(values):
        return {"n": 0, "right": None, "right_ci": None}
    known = interval(list(values), whose, seed)
    return {"n": len(values), "right": float(values.mean()), "right_ci": known}


def _area(
    scores: npt.NDArray[np.float64],
    truth: npt.NDArray[np.bool_],
    owners: Sequence[str],
    which: npt.NDArray[np.bool_],
    seed: int,
) -> dict[str, Any]:
    whose = [owner for owner, counts in zip(owners, which, strict=True) if counts]
    scores, truth = scores[which], truth[which]
    if truth.all() or not truth.any():
        return {"auroc": None, "auroc_ci": None}
    known = interval_of(lambda weights: auroc(scores, truth, weights), whose, seed)
    return {"auroc": float(auroc(scores, truth)[0]), "auroc_ci": known}


def _calibration(
    probabilities: npt.NDArray[np.float64], views: npt.NDArray[np.int64], seed: int
) -> dict[str, Any]:
    """Return the calibration error of the likeliest label of chest films, and its band."""
    if not len(views):
        return {"ece": None, "ece_band": None}
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == views
    return {
        "ece": calibration_error(sure, right),
        "ece_band": list(calibrated_band(sure, seed)),
    }


def symmetry(films: Squashed) -> npt.NDArray[np.float64]:
    """Return how far pictures are like their mirror images: their correlation, 0 for one grey.

    Frontal films of a chest are nearly symmetric, lateral ones are not: no learning is needed.
    """
    flat = films.astype(np.float64)
    flat -= flat.mean(axis=(1, 2), keepdims=True)
    power = (flat**2).sum(axis=(1, 2))
    alike = (flat * flat[:, :, ::-1]).sum(axis=(1, 2))
    found: npt.NDArray[np.float64] = np.zeros_like(alike)
    np.divide(alike, power, out=found, where=power > 0.0)
    return found
