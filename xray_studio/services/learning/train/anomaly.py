"""The detector `default` learns what normal films of the chest look like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xray_studio.core.anomaly.normals import Ranks, Subspace, Values
from xray_studio.core.anomaly.seen import Given, Told
from xray_studio.core.job import Job, Progress
from xray_studio.services.learning.inference.atypical import (
    channel_maps,
    facts_of,
    fused,
)
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers, looks_of
from xray_studio.services.learning.inference.film_scores import Known, places_of
from xray_studio.services.learning.tasks.anomaly import DEFAULT, KINDS, NETWORK, normal_sources
from xray_studio.services.learning.tasks.kind import Learnt
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.train.anomaly_films import NormalFilms, begin
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.drawn import Drawings, stored_drawings
from xray_studio.services.learning.train.ending import best_of, ended
from xray_studio.services.learning.train.running import run_training

if TYPE_CHECKING:
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.state import State

_BATCH: Final = 64
_AT_ONCE: Final = 32
_NEEDED: Final = 3 << 30  # bytes: what networks see of some two thousand films, and the libraries


def train_anomaly(
    data: Path, out: Path, asked: Training, feedback: Path | None = None
) -> Job[Trained]:
    """Train the detector on the normal films in `data`, or go on with what `out` holds.

    `feedback` is a folder that what readers made of regions was exported to. Raises StudioError
    where there is too little to learn from, a network that looks at films is missing, or `out`
    cannot be written.
    """
    from xray_studio.ai.training.atypical import assembled, said, small_weights

    begun = yield from begin(data, out, asked, _NEEDED, feedback)
    lookers, finder, films = begun.lookers, begun.finder, begun.films
    with Engine() as engine:
        learned = yield from _seen(engine, lookers, Frames.of(films.learned, finder))
        held_frames = Frames.of(films.held, finder)
        held = yield from _seen(engine, lookers, held_frames)
        drawings = yield from stored_drawings(engine, lookers, films, asked.seed, out)
    state = yield from _head(drawings, asked, out)
    made = assembled(NETWORK, _arrays(learned, held, finder, films), state.best, held)
    told = _normals(said(made, held), held_frames)
    training = {
        "epochs": best_of(state)["epochs"], "best_epoch": best_of(state)["best_epoch"],
        "seed": asked.seed, "films": len(films.learned), "held_normals": len(films.held),
        "drawn": len(drawings.learned), **films.by_readers(), **asked.compute().facts(),
    }  # fmt: skip
    learnt = Learnt(
        normal_sources(films.which, asked.licences), training, {**told, **lookers.facts()}
    )
    score = round(best_of(state)["score"], 4)
    facts = {"drawn_lesions_auroc": score, **films.by_readers()}
    trained = ended(out, KINDS[DEFAULT].model(learnt), small_weights(made), facts, _NEEDED)
    return replace(trained, unreadable=films.left_out, notes=(*trained.notes, *films.notes()))


def _seen(engine: Engine, lookers: Lookers, seen: Frames) -> Job[Given]:
    """Return what all networks see of films, some at once."""
    parts = list[Given]()
    for first in range(0, len(seen.films), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        part = Frames(seen.films[some], seen.lungs[some], seen.frames[some])
        progress = Progress(first, len(seen.films), "Looking at normal films")
        yield progress
        parts.append((yield from looks_of(engine, lookers, part, progress)))
    return Given(
        np.concatenate([one.form for one in parts]),
        tuple(np.concatenate(maps) for maps in zip(*(one.texture for one in parts), strict=True)),
        np.concatenate([one.tokens for one in parts]),
        np.concatenate([one.head for one in parts]),
    )


def _head(drawings: Drawings, asked: Training, out: Path) -> Job[State]:
    """Train the small network that finds drawn lesions."""
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.lesions import LesionTask

    task = LesionTask(
        drawings.maps, drawings.masks, drawings.learned, drawings.steering,
        width=int(NETWORK["width"]), seed=asked.seed, digest=drawings.digest,
    )  # fmt: skip
    plan: Plan = Plan(
        epochs=asked.epochs, batch=_BATCH, rate=3e-3, decay=0.02, warm=0.15, average=0.99,
        patience=asked.epochs, seed=asked.seed,
    )  # fmt: skip
    state = yield from run_training(task, plan, asked.compute(), out)
    return state


def _arrays(learned: Given, held: Given, finder: Lungs, films: NormalFilms) -> dict[str, Values]:
    """Return the subspaces of what is seen of normal films, and where lungs are in their frames."""
    pairs = {"form": (learned.form, held.form), "patches": (learned.tokens, held.tokens)}
    for number, pair in enumerate(zip(learned.texture, held.texture, strict=True)):
        pairs[f"texture.{number}"] = pair
    parts, side = int(NETWORK["parts"]), int(NETWORK["side"])
    found = {
        f"{name}.{field}": one
        for name, pair in pairs.items()
        for field, one in _left(*pair, parts).items()
    }
    seen = Frames.of(films.learned, finder)
    inner = [frame.taken(one, side) for frame, one in zip(seen.frames, seen.lungs, strict=True)]
    found["lungs"] = np.mean(np.stack(inner), axis=0).astype(np.float32)
    return found


def _left(learned: Values, held: Values, parts: int) -> dict[str, Values]:
    """Return what `Left` of the network holds, of maps (films, channels, side, side)."""
    rows, others = learned.reshape(len(learned), -1), held.reshape(len(held), -1)
    space = Subspace.of(rows, parts)
    basis = np.zeros((rows.shape[1], parts), np.float32)
    basis[:, : space.basis.shape[1]] = space.basis
    raw = space.left(others).reshape(held.shape).mean(axis=1)
    return {
        "middle": space.middle, "spread": space.spread, "basis": basis,
        "usual": raw.mean(axis=0), "usual_spread": np.maximum(raw.std(axis=0), 1e-6),
    }  # fmt: skip


def _normals(told: Told, frames: Frames) -> dict[str, Any]:
    """Return what `model.toml` tells of normal films that were held out."""
    ranks = [Ranks.among(one, 101) for one in told.films.T]
    shares = [one.shares(values) for one, values in zip(ranks, told.films.T, strict=True)]
    raw = [
        fused(channel_maps([one[number] for one in told.maps], frame, lungs))
        for number, (frame, lungs) in enumerate(zip(frames.frames, frames.lungs, strict=True))
    ]
    places = Ranks.among(places_of(raw, list(frames.lungs)))
    return facts_of(Known(places, Ranks.among(np.mean(shares, axis=0))), ranks)
