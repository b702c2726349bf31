"""The learned denoiser is trained from folders of films and the phantom of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Source
from xray_studio.core.split import part_of
from xray_studio.core.step import Image
from xray_studio.services.evaluate.judged_films import JudgedFilm, films_of, learned_from
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.tasks.denoiser import KIND, SPEC
from xray_studio.services.learning.tasks.kind import Learnt, source
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import best_of, ended, left_out
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_stated,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films

if TYPE_CHECKING:
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.denoise import DenoiseTask
    from xray_studio.imaging.denoise_examples import Sources

MOMENTS: Final = "moments.npy"
_PATIENTS: Final = range(201, 207)  # of the phantom; evaluations judge others
_SIZE, _FRAMES = 512, 3
_STARTS: Final = 900.0, 150.0  # ms: of the first patient, and later for each after it
_STEERING: Final = (90, 10, 0)  # shares of the patients; the second tells how it goes
_BATCH: Final = 4
_STEERED: Final = 16  # films at most
_LEAST: Final = 8  # films to learn from
_SHARE: Final = 5  # examples of each moment for one of each film
_DOSES: Final = {"full": 1.0, "half": 0.5, "eighth": 0.125}


def train_denoise(data: Path, out: Path, asked: Training) -> Job[Trained]:
    """Train the denoiser on the films in `data`, or go on with what `out` holds.

    Those that `evaluate denoise` judges are not learned from. Raises StudioError where there is too
    little to learn from or `out` cannot be written.
    """
    prepare(out)
    films, skipped = yield from films_of(data)
    paths = [film.path for film in films]
    stored, failed = yield from stored_films(paths, SPEC, out)  # of the judged too: for copies
    chosen = learned_from(films, alike_among(stored))
    kept = [number for number in chosen.numbers if number not in failed]
    steers = np.array([_steers(films[number].owner, asked.seed) for number in kept], np.bool_)
    _check(steers)
    needed = memory_needed(len(kept), SPEC, KIND.network["widths"][0], _BATCH)
    yield memory_stated(needed)
    pictures = np.asarray(stored[kept])
    moments = yield from _moments(out)
    task = yield from _task(pictures, steers, moments, asked.seed)
    learned = [films[number] for number, steer in zip(kept, steers, strict=True) if not steer]
    compute, plan = asked.compute(), _plan(asked)
    state = yield from run_training(task, plan, compute, out)
    training = {
        "epochs": len(state.history), "best_epoch": best_of(state)["best_epoch"],
        "seed": asked.seed, "steps": state.step, **compute.facts(),
    }  # fmt: skip
    model = KIND.model(Learnt(_sources(learned, asked.licences), training))
    trained = ended(out, model, state.best, best_of(state), needed)
    reasons = {number: why for number, why in failed.items() if number in chosen.numbers}
    reasons = dict.fromkeys(chosen.copies, COPY) | reasons
    unreadable = (*((one.path, one.told) for one in skipped), *left_out(paths, reasons))
    return replace(trained, unreadable=unreadable)


def _steers(owner: str, seed: int) -> bool:
    # Of another seed than what is held out, since hashes of the same one would be on one side.
    return part_of(owner, _STEERING, seed + 2) == "val"


def _check(steers: npt.NDArray[np.bool_]) -> None:
    learned, steering = int((~steers).sum()), int(steers.sum())
    if learned < _LEAST or not steering:
        raise UsageError(
            f"There are {learned} films to learn from and {steering} to steer the training by; at"
            f" least {_LEAST} and 1 are needed. Name a folder with more patients."
        )


def _sources(films: Sequence[JudgedFilm], licences: Mapping[str, str]) -> tuple[Source, ...]:
    """Return what is learned from, by collection: the first part of an owner's name."""
    found: dict[str, list[JudgedFilm]] = {}
    for film in films:
        found.setdefault(film.owner.rpartition("/")[0], []).append(film)
    sources = [
        source(name, licences, len({film.owner for film in own}), len(own))
        for name, own in found.items()
    ]
    count = len(_PATIENTS)
    return (*sources, Source("phantom", "MIT, made by this program", count, count * _FRAMES))


def _moments(out: Path) -> Job[Image]:
    """Return moments of the phantom without noise, (moments, rows, columns); kept in `out`."""
    from xray_studio.imaging.phantom import angiogram_job

    path = out / MOMENTS
    if path.exists():
        kept: Image = np.load(path, allow_pickle=False)
        return kept
    made = []
    for number, patient in enumerate(_PATIENTS):
        yield Progress(number, len(_PATIENTS), "Making the phantom")
        start = _STARTS[0] + number * _STARTS[1]
        run = yield from angiogram_job(patient, _FRAMES, _SIZE, first_time=start)
        made += [run.noise_free(index) for index in range(_FRAMES)]
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.stack(made).astype(np.float32))
    return np.stack(made).astype(np.float32)


def _task(
    films: Squashed, steers: npt.NDArray[np.bool_], moments: Image, seed: int
) -> Job[DenoiseTask]:
    from xray_studio.ai.training.denoise import DenoiseTask
    from xray_studio.imaging.denoise_examples import Sources

    sources = Sources(films[~steers], moments)
    steering = yield from _pairs(films[steers][:_STEERED])
    count = len(sources.films)
    numbers = [*range(count), *np.repeat(np.arange(count, count + len(moments)), _SHARE)]
    return DenoiseTask(
        sources, np.array(numbers, np.int64), steering,
        digest=_digest(sources), network=KIND.network, seed=seed,
    )  # fmt: skip


def _digest(sources: Sources) -> str:
    import hashlib

    told = hashlib.sha256()
    for array in (sources.films, sources.moments):
        told.update(np.ascontiguousarray(array).data)
    return told.hexdigest()


def _pairs(films: Squashed) -> Job[dict[str, list[tuple[Image, Image]]]]:
    """Return whole films with noise and without, at each dose, as a denoiser sees them."""
    from xray_studio.imaging.denoise_examples import as_seen

    found: dict[str, list[tuple[Image, Image]]] = {name: [] for name in _DOSES}
    for number, film in enumerate(films):
        yield Progress(number, len(films), "Preparing films that steer the training")
        for name, dose in _DOSES.items():
            found[name].append(as_seen(film, dose, number))
    return found


def _plan(asked: Training) -> Plan:
    from xray_studio.ai.training import Plan

    return Plan(
        epochs=asked.epochs, batch=_BATCH, rate=6e-3, decay=1e-4, warm=0.03, average=0.999,
        patience=asked.epochs, seed=asked.seed,
    )  # fmt: skip
