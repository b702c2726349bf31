"""Pictures that are no chest films, as examples of what to refuse."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.job import Job, Progress, run
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging.not_chest import SIZE, drawn, spoilt
from xray_studio.imaging.squash import squashed

_RUNS, _FRAMES = 8, 3
_LATE: Final = 1500.0  # ms: contrast is on its way
_MESSAGE: Final = "Drawing other pictures"


def other_pictures(films: Squashed, count: int, spec: InputSpec, seed: int) -> Job[Squashed]:
    """Return pictures, uint8 (count, spec.rows, spec.columns), that are no films of a chest.

    Some are frames of the phantom's angiograms, half of the rest are drawn and half are made of
    `films`. The same seed and films give the same pictures.
    """
    found = np.zeros((count, spec.rows, spec.columns), np.uint8)
    chance = np.random.default_rng([seed, 1])
    frames = yield from _angiograms(min(count // 10, _RUNS * _FRAMES), seed)
    for number in range(count):
        if number % 50 == 0:
            yield Progress(number, count, _MESSAGE)
        if number < len(frames):
            picture = frames[number]
        elif number % 2 or not len(films):
            picture = drawn(chance)
        else:
            one, other = (films[int(n)] for n in chance.integers(0, len(films), 2))
            picture = spoilt(np.asarray(one), np.asarray(other), chance)
        found[number] = squashed(picture, spec)
    return found


def _angiograms(count: int, seed: int) -> Job[list[Squashed]]:
    from xray_studio.imaging.phantom import angiogram_job

    frames: list[Squashed] = []
    for number in range(-(-count // _FRAMES)):
        yield Progress(number, count, _MESSAGE)
        job = angiogram_job(1000 + _RUNS * seed + number, _FRAMES, SIZE, first_time=_LATE)
        made = run(job).frames.astype(np.float32)
        frames += [np.asarray(frame / made.max() * 255.0, np.uint8) for frame in made]
    return frames[:count]
