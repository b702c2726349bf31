"""The finding classifier judged on studies that its networks never saw, beside what is simpler."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import rows_left_out
from xray_studio.core.learning.fusion import Calibration
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.evaluate.classifier_facts import Asked, Told, facts_of
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import calibrations
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import EVERY, LABELS, StudySet, study_set
from xray_studio.services.learning.tasks.known import NONE, Known

_AT_ONCE: Final = 64
_LOADING: Final = Progress(message="Loading the model")
_LEARNED: Final = "studies are left out: all networks learned from them"

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def evaluate_classifier(data: Path, model: Installed, seed: int = 1) -> Job[Answer]:
    """Return how well findings are told in the studies of `data`.

    A study that the model's training knew is judged by the one network that never saw it, any
    other by all networks together. Where collections tell different findings, those are judged that
    tell the most. Raises StudioError where nothing is there to judge.
    """
    if model.model.labels != LABELS:
        raise UsageError(f"{model.model.name} tells other findings than the tables here do.")
    with Engine() as engine:
        # A model that cannot be used is told before films are read, which takes minutes.
        lines = yield from _loaded(engine, model)
        asked = yield from _asked(data, model, lines)
        told = yield from _told(engine, asked)
    known: dict[str, Any] = {
        "dataset": data.resolve().name,
        "model": model.model.sha256,
        "n": len(asked.parts),
    }
    facts = known | facts_of(asked, told, seed)
    facts["notes"] += asked.notes
    return Answer(facts, asked.unreadable)


def _loaded(engine: Engine, model: Installed) -> Job[list[Calibration]]:
    """Return the calibration of each network of a model that can be used."""
    spec = model.model.input
    one = np.zeros((1, spec.rows, spec.columns), np.float32)
    first = yield from engine.findings(model, 0, one, _LOADING)
    return calibrations(model.model, len(first.values))


def _asked(data: Path, model: Installed, lines: list[Calibration]) -> Job[Asked]:
    """Return the studies that may be judged, and their films."""
    spec = model.model.input
    collections = yield from read_collections(data)
    found = study_set(collections, {}).only_judged()
    films = np.zeros((len(found.paths), spec.rows, spec.columns), np.uint8)
    failed = yield from squash_films(found.paths, spec, films)
    chosen = found.without(failed)
    parts = _parts(Known.of(model), chosen, films)
    fresh = parts != EVERY
    if not fresh.any():
        raise UsageError(
            f"No study in {data} is left to judge: they cannot be read, or all networks learned"
            " from them."
        )
    notes = [] if fresh.all() else [f"{int((~fresh).sum())} {_LEARNED}"]
    unreadable = (
        *rows_left_out(collections),
        *((found.paths[number], why) for number, why in failed.items()),
    )
    return Asked(model, lines, chosen.which(fresh), parts[fresh], films, notes, unreadable)


def _parts(known: Known, chosen: StudySet, films: Squashed) -> Numbers:
    """Return the fold of each study, `NONE` where no network learned from it, or `EVERY`."""
    found = [
        known.fold(owner, [films[number] for view in case for number in view])
        for owner, case in zip(chosen.owners, chosen.cases, strict=True)
    ]
    return np.array(found, np.int64)


def _told(engine: Engine, asked: Asked) -> Job[Told]:
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
    return Told(logits, frontal, tuple(notes))


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
    engine: Engine, asked: Asked, view: int
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
