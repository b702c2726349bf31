"""A readout learns which way round films of the chest are, from films as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.inference.mirrored import apart
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.anomaly import FILM
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.mirror import KIND, Readout, Values, facts
from xray_studio.services.learning.tasks.view import film_sources
from xray_studio.services.learning.tasks.vit import vit_films, vit_parts
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import ended, left_out
from xray_studio.services.learning.train.running import memory_stated, prepare
from xray_studio.services.learning.train.store import stored_films

_LEAST: Final = 40  # films
_AT_ONCE: Final = 32
_HOLD: Final = 3.2  # of each number: how far its weight is held to 0
_NEEDED: Final = 2 << 30  # bytes: what is seen of some three thousand films, and the libraries


def train_mirror(data: Path, out: Path, asked: Training) -> Job[Trained]:
    """Learn from the frontal films in `data` of patients whom `train vit` does not hold out.

    Raises StudioError where there is too little to learn from, the network that looks is missing,
    or `out` cannot be written.
    """
    from xray_studio.ai.weights import weights_of

    published = Lookers.installed().published
    prepare(out)
    yield memory_stated(_NEEDED)
    collections = yield from read_collections(data)
    chosen = vit_films(collections)
    stored, failed = yield from stored_films(chosen.paths, FILM, out)
    parts = vit_parts(chosen, asked.seed, alike_among(stored), failed)
    frontal = np.array([one.view is View.FRONTAL for one in chosen.films], np.bool_)
    learned = np.flatnonzero((parts.learned | parts.steering) & frontal)
    films = np.array(stored[learned])
    if len(films) < _LEAST:
        raise UsageError(
            f"There are {len(films)} frontal films to learn from; at least {_LEAST} are needed."
            " Name folders whose tables tell the view (see docs/learning.md)."
        )
    with Engine() as engine:
        seen = yield from _apart(engine, published, films)
    training = {"seed": asked.seed, "films": len(films)}
    learnt = Learnt(film_sources(chosen, learned, asked.licences), training, facts(published))
    weights = weights_of(Readout(_learned(seen)).tensors())
    trained = ended(out, KIND.model(learnt), weights, {"films": len(films)}, _NEEDED)
    reasons = failed | dict.fromkeys(set(parts.copies) - set(failed), COPY)
    return replace(trained, unreadable=left_out(chosen.paths, reasons))


def _apart(engine: Engine, published: Installed, films: Squashed) -> Job[Values]:
    found = list[Values]()
    for first in range(0, len(films), _AT_ONCE):
        progress = Progress(first, len(films), "Looking at films and their mirror images")
        yield progress
        some = films[first : first + _AT_ONCE]
        found.append((yield from apart(engine, published, some, progress)))
    return np.concatenate(found)


def _learned(seen: Values) -> Values:
    """Return weights by which what is seen, (films, numbers), comes near to 1 for each film.

    Ridge regression in its dual form, each number as a part of what it usually is. A mirror image
    differs from its film by the same numbers with the other sign, so it comes near to -1.
    """
    usual = np.sqrt((seen.astype(np.float64) ** 2).mean(axis=0)) + 1e-6
    rows = seen / usual
    products = rows @ rows.T + _HOLD * rows.shape[1] * np.eye(len(rows))
    weights = rows.T @ np.linalg.solve(products, np.ones(len(rows)))
    return np.asarray(weights / usual, np.float32)
