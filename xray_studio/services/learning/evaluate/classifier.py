"""The finding classifier judged on studies that its networks never saw, beside what is simpler."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.finding_scores import Areas, Judged, areas
from xray_studio.core.learning.fusion import Calibration, probabilities
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.learning.scores import auprc, calibrated_band, calibration_error
from xray_studio.services.learning.evaluate.baselines import baselines
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import SENSITIVE, calibrations
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import EVERY, FOLDS, LABELS, StudySet, study_set
from xray_studio.services.learning.tasks.known import NONE, Known

_AT_ONCE: Final = 64
_LOADING: Final = Progress(message="Loading the model")

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class JudgedFindings:
    """The answer as JSON tells it, and films that could not be read with their reasons."""

    facts: dict[str, Any]
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Studies, the network that may judge each (its fold, or `NONE` for all), and their films."""

    model: Installed
    lines: list[Calibration]
    chosen: StudySet
    parts: Numbers
    films: Squashed


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """Logarithms of odds (studies, labels) from all films, and from frontal films alone."""

    logits: Values
    frontal: Values
    notes: tuple[str, ...]


def evaluate_classifier(data: Path, model: Installed, seed: int = 1) -> Job[JudgedFindings]:
    """Return how well findings are told in the studies of `data`.

    A study that the model's training knew is judged by the one network that never saw it, any
    other by all networks together. Where collections tell different findings, those are judged that
    tell the most. Raises StudioError where nothing is there to judge.
    """
    spec = model.model.input
    if model.model.labels != LABELS:
        raise UsageError(f"{model.model.name} tells other findings than the tables here do.")
    with Engine() as engine:
        # A model that cannot be used is told before films are read, which takes minutes.
        one = np.zeros((1, spec.rows, spec.columns), np.float32)
        first = yield from engine.findings(model, 0, one, _LOADING)
        lines = calibrations(model.model, len(first.values))
        collections = yield from read_collections(data)
        chosen = study_set(collections, {}).only_judged()
        films = np.zeros((len(chosen.paths), spec.rows, spec.columns), np.uint8)
        failed = yield from squash_films(chosen.paths, spec, films)
        chosen = chosen.without(failed)
        parts = _parts(Known.of(model), chosen, films)
        learned = int((parts == EVERY).sum())
        chosen, parts = chosen.which(parts != EVERY), parts[parts != EVERY]
        if not chosen.cases:
            raise UsageError(
                f"No study in {data} is left to judge: they cannot be read, or all networks"
                " learned from them."
            )
        asked = _Asked(model, lines, chosen, parts, films)
        told = yield from _told(engine, asked)
    facts: dict[str, Any] = {
        "dataset": data.resolve().name,
        "model": model.model.sha256,
        "n": len(chosen.cases),
    }
    facts |= _facts(asked, told, seed)
    if learned:
        facts["notes"].append(f"{learned} studies are left out: all networks learned from them")
    unreadable = tuple((chosen.paths[number], why) for number, why in failed.items())
    return JudgedFindings(facts, unreadable)


def _parts(known: Known, chosen: StudySet, films: Squashed) -> Numbers:
    """Return the fold of each study, `NONE` where no network learned from it, or `EVERY`."""
    found = [
        known.fold(owner, [films[number] for view in case for number in view])
        for owner, case in zip(chosen.owners, chosen.cases, strict=True)
    ]
    return np.array(found, np.int64)


def _told(engine: Engine, asked: _Asked) -> Job[_Told]:
    """Return what the networks that may judge each study say of it, calibrated."""
    parts, lines = asked.parts, asked.lines
    shape = (len(parts), len(LABELS))
    logits, frontal, notes = np.zeros(shape), np.zeros(shape), dict[str, None]()
    views = []
    for view in range(2):
        outputs, said = yield from _view_outputs(engine, asked, view)
        views.append(outputs)
        notes |= dict.fromkeys(said)
    for row, part in enumerate(parts):
        networks = range(len(lines)) if part == NONE else [int(part)]
        seen = [views[view].get(row) for view in range(2)]
        logits[row] = _mean(lines, networks, seen[0], seen[1])
        frontal[row] = _mean(lines, networks, seen[0], None)
    return _Told(logits, frontal, tuple(notes))


def _mean(
    lines: list[Calibration],
    networks: range | list[int],
    frontal: Values | None,
    lateral: Values | None,
) -> Values:
    told = [
        lines[number].logits(
            None if frontal is None else frontal[place], None if lateral is None else lateral[place]
        )
        for place, number in enumerate(networks)
    ]
    return np.asarray(np.mean(told, axis=0), np.float64)


def _view_outputs(
    engine: Engine, asked: _Asked, view: int
) -> Job[tuple[dict[int, Values], list[str]]]:
    """Return the outputs (networks that judge it, labels) of each study with films of a view."""
    found, notes = dict[int, Values](), list[str]()
    chosen, parts = asked.chosen, asked.parts
    for part in np.unique(parts):
        rows = [int(row) for row in np.flatnonzero(parts == part) if chosen.cases[row][view]]
        numbers = [number for row in rows for number in chosen.cases[row][view]]
        network = None if part == NONE else int(part)
        told = []
        for first in range(0, len(numbers), _AT_ONCE):
            progress = Progress(first, len(numbers), f"Looking at {('frontal', 'lateral')[view]}"
                                f" films, {_words(network)}")  # fmt: skip
            films = asked.films[numbers[first : first + _AT_ONCE]]
            given = asked.model.model.input.normalised(films)
            outputs = yield from engine.findings(asked.model, view, given, progress, network)
            told.append(outputs.values)
            notes += [outputs.note] if outputs.note else []
        place = 0
        for row in rows:
            count = len(chosen.cases[row][view])
            found[row] = np.concatenate(told, axis=1)[:, place : place + count].mean(axis=1)
            place += count
    return found, notes


def _words(network: int | None) -> str:
    return "all networks" if network is None else f"fold {network + 1}"


def _facts(asked: _Asked, told: _Told, seed: int) -> dict[str, Any]:
    chosen, parts = asked.chosen, asked.parts
    truth, model = chosen.truth.astype(np.float64), asked.model.model
    chances = probabilities(told.logits)
    judged = Judged(told.logits, truth, parts, chosen.owners)
    counted = judged.counted()
    found = areas(judged, counted, seed)
    known = [n for n in range(len(LABELS)) if not np.isnan(truth[:, n]).any()]
    return {
        "judged_by": {
            "the network of its fold": int((parts != NONE).sum()),
            "all networks": int((parts == NONE).sum()),
        },
        "labels": {
            label: _label(model, n, chances, truth, found) for n, label in enumerate(LABELS)
        },
        "macro_auroc": found.mean, "macro_auroc_ci": found.mean_interval,
        "macro_over": [LABELS[n] for n in counted],
        "all_auroc": float(np.mean(list(found.labels.values()))) if found.labels else None,
        "normal_auroc": found.labels.get(0), "normal_auroc_ci": found.intervals.get(0),
        "ece": calibration_error(chances[:, known], truth[:, known] > 0.5) if known else None,
        "ece_band": list(calibrated_band(chances[:, known], seed)) if known else None,
        "baselines": _baselines(asked, told, counted, seed),
        "notes": [*told.notes, *_few(judged, parts)],
    }  # fmt: skip


def _label(
    model: Model, number: int, chances: Values, truth: Values, found: Areas
) -> dict[str, Any]:
    own = ~np.isnan(truth[:, number])
    yes, scores = truth[own, number] > 0.5, chances[own, number]
    name = model.labels[number]
    return {
        "positives": int(yes.sum()),
        "n": int(own.sum()),
        "auroc": found.labels.get(number),
        "auroc_ci": found.intervals.get(number),
        "auprc": float(auprc(scores, yes)[0]) if yes.any() else None,
        "operating_points": [
            _point(float(model.thresholds[key]), scores, yes)
            for key in (name, f"{name}{SENSITIVE}")
            if key in model.thresholds
        ],
    }


def _point(threshold: float, scores: Values, yes: npt.NDArray[np.bool_]) -> dict[str, Any]:
    called = scores >= threshold
    return {
        "threshold": threshold,
        "sensitivity": float(called[yes].mean()) if yes.any() else None,
        "specificity": float((~called[~yes]).mean()) if not yes.all() else None,
    }


def _baselines(asked: _Asked, told: _Told, counted: list[int], seed: int) -> dict[str, Any]:
    chosen, parts = asked.chosen, asked.parts
    truth = chosen.truth.astype(np.float64)
    folds = np.where(parts == NONE, chosen.folds(FOLDS, 0), parts)
    shown = asked.films[[case[0][0] for case in chosen.cases]]
    scores = {name: (one, folds) for name, one in baselines(shown, truth, folds).items()}
    scores["frontal film only"] = told.frontal, parts
    facts = {}
    for name, (values, own) in scores.items():
        found = areas(Judged(values, truth, own, chosen.owners), counted, seed, each=False)
        facts[name] = {
            "macro_auroc": found.mean, "macro_auroc_ci": found.mean_interval,
            "normal_auroc": found.labels.get(0), "normal_auroc_ci": found.intervals.get(0),
        }  # fmt: skip
    return facts


def _few(judged: Judged, parts: Numbers) -> list[str]:
    """Return sentences on folds in which a finding is always or never there."""
    notes = []
    for part in np.unique(parts):
        counts = np.nansum(judged.truth[parts == part], axis=0)
        whole = (~np.isnan(judged.truth[parts == part])).sum(axis=0)
        for number in np.flatnonzero((counts == 0) | (counts == whole)):
            where = f"fold {part + 1}" if part != NONE else "the studies"
            notes.append(f"{LABELS[number]} cannot be judged in {where}: studies of one kind only")
    return notes
