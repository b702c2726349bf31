"""Denoisers judged on loops of the moving phantom, whose every frame is known."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.scene import Scene
from xray_studio.core.step import SETTLED, Image, Step
from xray_studio.services.evaluate.measures import (
    Tally,
    edge_rise,
    removed_whiteness,
    through,
)

DOSE: Final = 0.125
FRAMES, SIZE = 18, 512
_START: Final = 1500.0  # ms: contrast is on its way through the arteries
_EDGE: Final = 40  # pixels at the border that do not count
_FIRST_PATIENT: Final = 101
_PEAK: Final = 4095.0
_MAKING, _JUDGING = "Making loops of the phantom", "Judging denoisers on loops"


@dataclass(frozen=True, slots=True, eq=False)
class _Loop:
    """Frames with and without noise, (frames, rows, columns); `moving` is where vessels go."""

    owner: str
    noisy: Image
    true: Image
    moving: npt.NDArray[np.bool_]
    scene: Scene


@dataclass(slots=True)
class _CineTally(Tally):
    """Measures of a method over loops."""

    lags: list[float] = field(default_factory=list)


def evaluate_cines(
    methods: Mapping[str, Step | None], count: int, seed: int
) -> Job[dict[str, Any]]:
    """Return the measures of each method over `count` patients of the phantom at 1/8 dose."""
    tallies = {name: _CineTally() for name in methods}
    for number in range(count):
        loop = yield from _made(number, count, seed)
        for name, step in methods.items():
            yield from _judged(tallies[name], step, loop, Progress(number, count, _JUDGING))
    for name, step in methods.items() if count else ():
        yield Progress(count, count, "Measuring edges")
        tallies[name].edge_rise = edge_rise(step, DOSE, seed)
    return {name: _facts(tally, seed) for name, tally in tallies.items() if tally.psnr}


def _facts(tally: _CineTally, seed: int) -> dict[str, Any]:
    taken = statistics.median(tally.seconds)
    return {
        **tally.facts(seed),
        "lag_frames": float(np.mean(tally.lags)),
        "fps": 1.0 / taken if taken > 0.0 else None,
    }


def _made(number: int, count: int, seed: int) -> Job[_Loop]:
    from xray_studio.imaging.noise import estimate_noise
    from xray_studio.imaging.phantom import angiogram_job

    job = angiogram_job(_FIRST_PATIENT + number, FRAMES, SIZE, first_time=_START)
    run = yield from passed_on(job, lambda _: Progress(number, count, _MAKING))
    shutter, chain = run.scene.shutter, run.scene.detector.at_dose(DOSE)
    clean, noisy, moving = [], [], np.zeros((SIZE, SIZE), np.bool_)
    for index in range(FRAMES):
        yield Progress(number, count, _MAKING)
        frame = run.noise_free(index)
        clean.append(frame * (shutter > 0))
        noisy.append(chain.read(frame, 1000 * seed + 100 * number + index, shutter))
        moving |= run.vessel_mask(index)
    frames = np.stack(noisy).astype(np.float32)
    places = np.array([FRAMES // 6, FRAMES // 2, FRAMES * 5 // 6])
    low, high = np.percentile(frames[places], (0.1, 99.9))
    scene = Scene(
        0.0, _PEAK, estimate_noise(frames[places], frames[places + 1]), FRAMES, 15.0, "XA",
        seen=(float(low), float(high)),
    )  # fmt: skip
    return _Loop(f"phantom {number}", frames, np.stack(clean), moving, scene)


def _judged(tally: _CineTally, step: Step | None, loop: _Loop, progress: Progress) -> Job[None]:
    from xray_studio.imaging.metrics import temporal_lag

    made = []
    inside = np.s_[_EDGE:-_EDGE, _EDGE:-_EDGE]
    for index, (frame, seconds) in enumerate(through(step, loop.noisy, loop.scene)):
        yield progress
        made.append(frame)
        if index >= SETTLED:
            tally.owners.append(loop.owner)
            tally.add(frame[inside], loop.true[index][inside], _PEAK, seconds)
    if step is not None:
        last = loop.noisy[-1][inside], made[-1][inside]
        tally.whiteness.append(removed_whiteness(*last, loop.scene))
    seen = np.stack(made)[:, None, loop.moving], loop.true[:, None, loop.moving]
    tally.lags.append(temporal_lag(*seen))
