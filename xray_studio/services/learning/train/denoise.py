"""The learned denoiser is trained from folders of films and the phantom of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model, Source
from xray_studio.core.split import part_of
from xray_studio.core.step import Image
from xray_studio.core.version import VERSION
from xray_studio.services.evaluate.judged_films import JudgedFilm, films_of, learned_from
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.tasks.denoiser import LABELS, NETWORK, SPEC, TASK, USE
from xray_studio.services.learning.tasks.view import UNSTATED
from xray_studio.services.learning.train.running import (
    memory_needed,
    memory_peak,
    prepare,
    run_training,
)
from xray_studio.services.learning.train.store import stored_films
from xray_studio.services.learning.train.view import FOLDER, Trained, Training

if TYPE_CHECKING:
    from xray_studio.ai.training import Plan
    from xray_studio.ai.training.denoise import DenoiseTask
    from xray_studio.imaging.denoise_examples import Example, Sources

MOMENTS: Final = "moments.npy"
EPOCHS: Final = 10
_PATIENTS: Final = range(201, 207)  # of the phantom; evaluations judge others
_SIZE, _FRAMES = 512, 3
_STARTS: Final = 900.0, 150.0  # ms: of the first patient, and later for each after it
_STEERING: Final = (90, 10, 0)  # shares of the patients; the second tells how it goes
_BATCH: Final = 4
_STEERED: Final = 16  # films at most
_LEAST: Final = 8  # films to learn from
_SHARE: Final = 5  # examples of each moment for one of each film
_DOSES: Final = {"full": 1.0, "half": 0.5, "eighth": 0.125}


def train_denoise(data: Path, out: Path, asked: Training | None = None) -> Job[Trained]:
    """Train the denoiser on the films in `data`, or go on with what `out` holds.

    Those that `evaluate denoise` judges are not learned from. Raises StudioError where there is too
    little to learn from or `out` cannot be written.
    """
    asked = asked or Training(epochs=EPOCHS)
    prepare(out)
    films, _ = yield from films_of(data)
    films = learned_from(films)
    stored, failed = yield from stored_films([film.path for film in films], SPEC, out)
    kept = [number for number in range(len(films)) if number not in failed]
    steers = np.array([_steers(films[number].owner, asked.seed) for number in kept], np.bool_)
    _check(steers)
    stated = memory_needed(len(kept), SPEC, NETWORK["widths"][0], _BATCH)
    yield Progress(message=f"Training takes at most about {stated >> 20:,} MB of memory")
    pictures = np.asarray(stored[kept])
    moments = yield from _moments(out)
    task = yield from _task(pictures, steers, moments, asked.seed)
    learned = [films[number] for number, steer in zip(kept, steers, strict=True) if not steer]
    model, told = yield from _trained(task, _sources(learned, asked.licences), asked, out)
    memory = {"stated": stated >> 20, "peak": memory_peak() >> 20}
    facts = {"model": str(out / FOLDER), "sha256": model.sha256, **told, "memory_megabytes": memory}
    unreadable = tuple((films[number].path, why) for number, why in failed.items())
    return Trained(out / FOLDER, facts, unreadable)


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
        Source(name, licences.get(name, UNSTATED), len({film.owner for film in own}), len(own))
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
        digest=_digest(sources), network=NETWORK, seed=seed,
    )  # fmt: skip


def _digest(sources: Sources) -> str:
    import hashlib

    told = hashlib.sha256()
    for array in (sources.films, sources.moments):
        told.update(np.ascontiguousarray(array).data)
    return told.hexdigest()


def _pairs(films: Squashed) -> Job[dict[str, list[Example]]]:
    """Return whole films with noise and without, at each dose, as a denoiser sees them."""
    from xray_studio.imaging.denoise_examples import as_seen

    found: dict[str, list[Example]] = {name: [] for name in _DOSES}
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


def _trained(
    task: DenoiseTask, sources: tuple[Source, ...], asked: Training, out: Path
) -> Job[tuple[Model, dict[str, Any]]]:
    from xray_studio.ai.compute import found

    compute = found(asked.threads)
    state = yield from run_training(task, _plan(asked), compute, out)
    best = state.best_epoch
    assert best is not None, "a training has at least one epoch"
    model = Model(
        name="denoiser",
        version=VERSION,
        task=TASK,
        labels=LABELS,
        network=NETWORK,
        input=SPEC,
        sha256=UNHASHED,
        licence="as the films that it learned from; for research and education, not for diagnosis",
        intended_use=USE,
        sources=sources,
        training={
            "epochs": len(state.history), "best_epoch": best.number, "seed": asked.seed,
            "steps": state.step, **compute.facts(),
        },
    )  # fmt: skip
    model = write_model(out / FOLDER, model, state.best)
    return model, {"epochs": len(state.history), "best_epoch": best.number, **best.measures}
