"""Whether heat maps change when what was learned is thrown away.

Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018. Beside it stands how alike maps of
different films are, and how like the edges of its film a map is: a method that shows no more than
these shows no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.bootstrap import interval
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import ABOUT, HeatValues, Method
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.parts import groups, published
from xray_studio.core.learning.question import Question
from xray_studio.core.learning.scores import rank_correlation
from xray_studio.imaging.metrics import ssim
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.heat_maps import heat_values, networks_of
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.view import HELD_OUT

STEPS: Final = (
    "head",
    "last block",
    "all that learned",
    "everything",
)  # as `ai.explain.cascade` has them
CHANGED: Final = 0.5  # rank correlation that the interval without any weights stays below
_LOADING: Final = Progress(message="Loading the model")


@dataclass(frozen=True, slots=True)
class Check:
    """How the check is made: so many films at most, by which methods, with which chance."""

    films: int = 12
    methods: tuple[Method, ...] = tuple(Method)
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Films:
    """Films as the network takes them, (films, rows, columns), their owners and findings."""

    pictures: Normalised
    owners: list[str]
    labels: list[int]


def evaluate_explanations(data: Path, model: Installed, how: Check) -> Job[Answer]:
    """Return how alike heat maps are with and without what was learned, by method.

    Maps are of the finding that is likeliest on a held-out frontal film, "normal" aside. Raises
    StudioError where nothing is there to judge or the model cannot be used.
    """
    films, unreadable = yield from _films(data, model, how)
    with Engine() as engine:
        seen = yield from engine.findings(model, 0, films.pictures, _LOADING)
        chances = seen.values.mean(axis=0)
        chances[:, model.model.labels.index(NORMAL)] = -np.inf
        films = replace(films, labels=[int(number) for number in chances.argmax(axis=1)])
        methods = {}
        for method in how.methods:
            methods[str(method)] = yield from _judged(engine, model, films, method, how)
    facts = {
        "dataset": data.resolve().name, "model": model.model.sha256, "n": len(films.labels),
        "steps": list(STEPS), "methods": methods,
    }  # fmt: skip
    return Answer(facts, unreadable)


def _films(
    data: Path, model: Installed, how: Check
) -> Job[tuple[_Films, tuple[tuple[str, str], ...]]]:
    """Return held-out frontal films, one of each patient, and those that cannot be read."""
    collections = yield from read_collections(data)
    found: dict[str, str] = {}
    for one in collections:
        kept = published(one.cases, groups(one.cases), HELD_OUT, how.seed).test
        for case in (one.cases[number] for number in kept):
            frontal = [film.path for film in case.films if film.view == View.FRONTAL]
            if frontal and len(found) < how.films:
                found.setdefault(case.patient, frontal[0])
    spec = model.model.input
    pictures = np.zeros((len(found), spec.rows, spec.columns), np.uint8)
    failed = yield from squash_films(list(found.values()), spec, pictures)
    good = [number for number in range(len(found)) if number not in failed]
    if not good:
        raise UsageError(
            f"No frontal film in {data} is held out and can be read; name another one."
        )
    told = tuple((list(found.values())[number], why) for number, why in failed.items())
    owners = [list(found)[number] for number in good]
    return _Films(spec.normalised(pictures[good]), owners, []), told


def _judged(
    engine: Engine, model: Installed, films: _Films, method: Method, how: Check
) -> Job[dict[str, Any]]:
    """Return how one method fares."""
    count = networks_of(model)
    shares = (1.0 / count,) * count
    maps: list[list[HeatValues]] = []
    for number, picture in enumerate(films.pictures):
        asked = Question(
            str(model.folder),
            model.model.sha256,
            0,
            films.labels[number],
            method,
            shares,
            seed=how.seed,
        )
        rows = []
        for step in range(len(STEPS) + 1):
            yield Progress(
                number, len(films.labels), f"Throwing away weights, {ABOUT[method].title}"
            )
            values = yield from heat_values(engine, replace(asked, thrown_away=step), picture)
            rows.append(values)
        maps.append(rows)
    cascade = {
        name: _alike([(row[0], row[step]) for row in maps], method, films.owners, how.seed)
        for step, name in enumerate(STEPS, 1)
    }
    least = cascade[STEPS[-1]]["rank_ci"]
    return {
        "cascade": cascade,
        "changes": None if least is None else least[1] < CHANGED,
        "baselines": _baselines(maps, films, method, how.seed),
    }


def _baselines(
    maps: Sequence[Sequence[HeatValues]], films: _Films, method: Method, seed: int
) -> dict[str, Any]:
    following = [maps[(number + 1) % len(maps)][0] for number in range(len(maps))]
    others = [(rows[0], other) for rows, other in zip(maps, following, strict=True)]
    edges = [(rows[0], _edges(film)) for rows, film in zip(maps, films.pictures, strict=True)]
    return {
        "another film": _alike(others, method, films.owners, seed),
        "edges of the film": _alike(edges, method, films.owners, seed),
    }


def _edges(film: Normalised) -> HeatValues:
    """Return how steep a film is at each pixel."""
    down, across = np.gradient(film)
    return np.asarray(np.hypot(down, across), np.float32)


def _alike(
    pairs: Sequence[tuple[HeatValues, HeatValues]],
    method: Method,
    owners: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Return rank correlation and structural similarity of pairs of maps, with intervals."""
    span = 2.0 if ABOUT[method].signed else 1.0
    ranks = [rank_correlation(one.astype(float), other.astype(float)) for one, other in pairs]
    like = [ssim(_scaled(one), _scaled(other), span) for one, other in pairs]
    return {
        "rank": float(np.mean(ranks)), "rank_ci": interval(ranks, owners, seed),
        "ssim": float(np.mean(like)), "ssim_ci": interval(like, owners, seed),
    }  # fmt: skip


def _scaled(values: HeatValues) -> npt.NDArray[np.float32]:
    """Return a map with 1 as its largest distance from 0."""
    most = float(np.abs(values).max(initial=0.0))
    return np.asarray(values / np.float32(most or 1.0), np.float32)
