"""The detector `hog-vit-iforest` learns what regions of normal films look like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from xray_studio.core.anomaly.normals import Ranks, Values
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.imaging.places import finer
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers
from xray_studio.services.learning.inference.film_scores import SIDE, Known, places_of
from xray_studio.services.learning.inference.recipe import (
    Plain,
    Standing,
    grid,
    plain_regions,
    whole,
)
from xray_studio.services.learning.tasks.anomaly import (
    AXES,
    KINDS,
    RECIPE,
    SAMPLE,
    TREES,
    normal_sources,
)
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.train.anomaly_films import begin
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import ended

if TYPE_CHECKING:
    from xray_studio.core.anomaly.forest import Forest

_AT_ONCE: Final = 64
_NEEDED: Final = 2 << 30  # bytes: films, regions of some two thousand, and the libraries


def train_forest(
    data: Path, out: Path, asked: Training, feedback: Path | None = None
) -> Job[Trained]:
    """Grow the forest from the normal films in `data`.

    `feedback` is a folder that what readers made of regions was exported to. Raises StudioError
    where there is too little to learn from, a network that looks at films is missing, or `out`
    cannot be written.
    """
    from xray_studio.ai.training.forest import grown
    from xray_studio.ai.weights import weights_of

    begun = yield from begin(data, out, asked, _NEEDED, feedback)
    lookers, finder, films = begun.lookers, begun.finder, begun.films
    with Engine() as engine:
        learned = yield from _regions(engine, lookers, films.learned)
        held = yield from _regions(engine, lookers, films.held)
    standing = _standing(learned)
    rows = standing.rows(learned)
    forest = grown(rows.reshape(-1, rows.shape[2]), trees=TREES, sample=SAMPLE, seed=asked.seed)
    known = _known(forest, standing.rows(held), Frames.of(films.held, finder))
    training = {
        "trees": TREES, "seed": asked.seed, "films": len(films.learned),
        "regions": rows.shape[0] * rows.shape[1], "held_normals": len(films.held),
        **films.by_readers(),
    }  # fmt: skip
    learnt = Learnt(
        normal_sources(films.which, asked.licences), training,
        {**known.facts(), **lookers.facts()},
    )  # fmt: skip
    weights = weights_of({**forest.tensors(), **standing.tensors()})
    facts = {"regions": training["regions"], **films.by_readers()}
    trained = ended(out, KINDS[RECIPE].model(learnt), weights, facts, _NEEDED)
    return replace(trained, unreadable=films.left_out, notes=(*trained.notes, *films.notes()))


def _regions(engine: Engine, lookers: Lookers, films: Squashed) -> Job[Plain]:
    parts = list[Plain]()
    for first in range(0, len(films), _AT_ONCE):
        progress = Progress(first, len(films), "Looking at normal films")
        yield progress
        some = films[first : first + _AT_ONCE]
        parts.append((yield from plain_regions(engine, lookers, some, progress)))
    return Plain(
        np.concatenate([one.edges for one in parts]),
        np.concatenate([one.tokens for one in parts]),
        np.concatenate([one.attention for one in parts]),
    )


def _standing(plain: Plain) -> Standing:
    """Return what regions are standardised by: principal components of tokens, and each place."""
    flat = plain.tokens.reshape(-1, plain.tokens.shape[2])
    centre = flat.mean(axis=0)
    _, turned = np.linalg.eigh(np.cov((flat - centre).T))
    axes = np.ascontiguousarray(turned[:, ::-1][:, :AXES], np.float32)
    made = plain.columns((plain.tokens - centre) @ axes)
    spread = np.maximum(made.std(axis=0), 1e-6)
    return Standing(
        made.mean(axis=0).astype(np.float32), spread.astype(np.float32),
        centre.astype(np.float32), axes,
    )  # fmt: skip


def _known(forest: Forest, rows: Values, frames: Frames) -> Known:
    maps = [grid(forest.scores(one)) for one in rows]
    places = places_of([finer(one, SIDE) for one in maps], list(frames.lungs))
    return Known(Ranks.among(places), Ranks.among([whole(one) for one in maps]))
