"""Detectors of the unusual judged on films of patients from whom nothing was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.services.learning.evaluate.anomaly_baselines import baselines
from xray_studio.services.learning.evaluate.anomaly_films import Judged, Read, judged_films
from xray_studio.services.learning.evaluate.anomaly_metrics import METRICS, Given, metrics
from xray_studio.services.learning.evaluate.anomaly_phantoms import NAME as PHANTOMS
from xray_studio.services.learning.evaluate.anomaly_phantoms import phantom_films
from xray_studio.services.learning.evaluate.anomaly_supervised import Supervised
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.inference.atypical import Atypical
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers
from xray_studio.services.learning.inference.film_scores import (
    THRESHOLD,
    FilmModel,
    FilmScores,
    in_lungs,
)
from xray_studio.services.learning.inference.findings import TASK as CLASSIFIER
from xray_studio.services.learning.inference.recipe import Recipe
from xray_studio.services.learning.inference.supervised_heat import NAME as SUPERVISED
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.tasks.anomaly import DEFAULT, RECIPE, RECIPE_TASK, TASK
from xray_studio.services.learning.tasks.lungs import Lungs

MODELS: Final[Mapping[str, tuple[str, Callable[[Installed, Lookers], FilmModel]]]] = {
    DEFAULT: (TASK, Atypical.of),
    RECIPE: (RECIPE_TASK, Recipe.of),
}
JUDGED: Final = (*MODELS, SUPERVISED)
_AT_ONCE: Final = 32
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judging:
    """What is judged: detectors by name, or a model in a folder; all films of a folder, or some.

    `phantoms` are chests made from physics that are judged too, apart. `held_out` is the seed by
    which patients were held out, None for that of the model. What readers meant counts as marked,
    in a folder that `feedback` was exported to.
    """

    detectors: tuple[str, ...] = JUDGED
    model: Path | None = None
    whole: bool = False
    seed: int = 1
    phantoms: int = 0
    held_out: int | None = None
    feedback: Path | None = None

    def __post_init__(self) -> None:
        """Refuse detectors that are not known."""
        unknown = [name for name in self.detectors if name not in JUDGED]
        if unknown or not self.detectors:
            raise UsageError(f"Detectors to judge are {', '.join(JUDGED)}.")
        if self.model is not None and len(self.detectors) != 1:
            raise UsageError("A model is that of one detector; name it with --detector.")


def models_judged(asked: Judging) -> dict[str, Installed]:
    """Return the models that are judged, by detector, without that of the supervised map.

    Raises StudioError where one is missing.
    """
    names = (name for name in asked.detectors if name in MODELS)
    return {name: model_for(MODELS[name][0], asked.model) for name in names}


def evaluate_anomaly(data: Path, asked: Judging) -> Job[Answer]:
    """Return how well detectors tell abnormal films and mark what people marked, and baselines.

    Raises StudioError where there is nothing to judge or a model cannot be used.
    """
    lookers, models = Lookers.installed(), models_judged(asked)
    loaded = {name: MODELS[name][1](model, lookers) for name, model in models.items()}
    labelled = yield from _supervised(data, asked)
    seed = asked.held_out
    if seed is None:
        one = next(iter(models.values()), None) or model_for(TASK)
        seed = int(one.model.training.get("seed", 0))
    read = yield from judged_films(data, seed, whole=asked.whole, feedback=asked.feedback)
    made = [(yield from phantom_films(asked.phantoms))] if asked.phantoms else []
    told = dict[str, Any]()
    with Engine() as engine:
        for judged in (*read.judged, *made):
            seen = Frames.of(judged.films, Lungs.of(lookers.lungs))
            given = dict[str, Given]()
            lungs = np.stack([in_lungs(one) for one in seen.lungs])
            for name, model in loaded.items():
                scores = yield from _scores(engine, model, seen, f"Asking {name}")
                given[name] = _given(scores, lungs)
            if labelled is not None:
                given[SUPERVISED] = yield from labelled.given(engine, judged)
            told[judged.name] = _told(judged, given, lungs, asked.seed)
    phantoms = told.pop(PHANTOMS) if made else None  # never mixed with real films
    if labelled is not None:
        models[SUPERVISED] = labelled.model
    facts = {
        "dataset": data.resolve().name, "n": sum(one["n"] for one in told.values()),
        "models": {
            name: {"sha256": one.model.sha256, "digest": one.model.digest}
            for name, one in models.items()
        },
        **{kind: _together(told, kind) for kind in ("detectors", "baselines")},
        "collections": told, "phantoms": phantoms, "feedback": _feedback(asked, read),
    }  # fmt: skip
    return Answer(facts, read.left_out)


def _feedback(asked: Judging, read: Read) -> dict[str, int] | None:
    """Return in how many films readers meant something, and how many regions are of others."""
    if asked.feedback is None:
        return None
    return {"films": len(read.readers.meant), "regions_elsewhere": read.readers.unknown}


def _supervised(data: Path, asked: Judging) -> Job[Supervised | None]:
    """Return the classifier whose map is judged, None where nobody asks for it."""
    if SUPERVISED not in asked.detectors:
        return None
    found = yield from Supervised.of(model_for(CLASSIFIER, asked.model), data)
    return found


def _told(judged: Judged, given: Mapping[str, Given], lungs: Mask, seed: int) -> dict[str, Any]:
    plain = {n: Given(one.films, one.maps) for n, one in baselines(judged, lungs).items()}
    parts = {"detectors": given, "baselines": plain}
    return {
        "n": len(judged.films), "normal": int((judged.abnormal == 0).sum()),
        "abnormal": int((judged.abnormal > 0).sum()),
        **{
            kind: {name: _figures(judged, name, one, lungs, seed) for name, one in these.items()}
            for kind, these in parts.items()
        },
    }  # fmt: skip


def _figures(judged: Judged, name: str, given: Given, lungs: Mask, seed: int) -> dict[str, Any]:
    return {**metrics(judged, given, lungs, seed), "supervised": name == SUPERVISED}


def _scores(engine: Engine, model: FilmModel, seen: Frames, message: str) -> Job[list[FilmScores]]:
    found = list[FilmScores]()
    for first in range(0, len(seen.films), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        part = Frames(seen.films[some], seen.lungs[some], seen.frames[some])
        progress = Progress(first, len(seen.films), message)
        yield progress
        found += yield from model.scores(engine, part, progress)
    return found


def _given(scores: Sequence[FilmScores], lungs: Mask) -> Given:
    maps = np.stack([one.plain.values for one in scores])
    marked = np.stack([one.values >= THRESHOLD for one in scores]) & lungs
    return Given(np.array([one.score for one in scores]), maps, marked)


def _together(told: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return figures that one collection alone gives; null where none or several do."""
    names = list(dict.fromkeys(name for one in told.values() for name in one[kind]))
    found = dict[str, Any]()
    for name in names:
        own = [one[kind][name] for one in told.values() if name in one[kind]]
        figures = {m: [one[m] for one in own if one[m] is not None] for m in METRICS}
        alone = {m: v[0] if len(v) == 1 else None for m, v in figures.items()}
        found[name] = {**alone, "supervised": name == SUPERVISED}
    return found
