"""Denoisers on the moving phantom at a fraction of its dose: likeness, lag and speed of each.

    python tests/benchmarks/bench_denoise.py [--dose 8] [--frames 24] [--json] [STEP ...]
    python tests/benchmarks/bench_denoise.py --live

The phantom's own image chain makes the noise, which neighbours share as in a detector; a second
column has noise that they do not share. The noise is estimated as it is for any clip. PSNR is taken
over the inside of the field, from the ninth frame on, with 4,095 as the peak; "first" is that of
the first frame, "vessel" that of the arteries alone. Speed is that of the step over
a clip, in one process, at 512 x 512 and 1024 x 1024, by the clock and in milliseconds of processor
time for a frame: medians.

`--live` tells instead how long it takes from a changed parameter to the new picture of 1024 x 1024,
as in the window: the frame goes to a worker process, through the step, and comes back.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT)]

from tests.services.clips import cine  # noqa: E402
from xray_studio.core.job import run  # noqa: E402
from xray_studio.core.pipeline import Prepared  # noqa: E402
from xray_studio.core.scene import Scene  # noqa: E402
from xray_studio.core.step import Image, Step  # noqa: E402
from xray_studio.core.workers import Priority, shutdown_shared  # noqa: E402
from xray_studio.imaging.metrics import psnr, temporal_lag  # noqa: E402
from xray_studio.imaging.noise import estimate_noise  # noqa: E402
from xray_studio.imaging.phantom import Angiogram, make_angiogram  # noqa: E402
from xray_studio.imaging.phantom.detector import Detector  # noqa: E402
from xray_studio.services.processing.process import processed  # noqa: E402
from xray_studio.services.processing.steps import STEPS, pipeline_of, step_of  # noqa: E402

FIRST, PEAK, EDGE = 8, 4095.0, 40
LIVE = {  # a step and its parameter of which two values take turns
    "gaussian": "sigma", "median": "size", "bilateral": "strength", "clahe": "limit",
    "unsharp": "amount", "gamma": "gamma", "nlm": "strength", "multiscale": "strength",
}  # fmt: skip
VALUES = {"median": (3, 5), "clahe": (2, 3)}
START = 1500.0  # ms: contrast is on its way through the arteries


def clip_of(size: int, frames: int) -> tuple[Angiogram, Image]:
    """Return a phantom and its frames without noise."""
    made = make_angiogram(frames=frames, size=size, first_time=START)
    return made, np.stack([made.noise_free(index) for index in range(frames)])


def detected(made: Angiogram, true: Image, dose: float) -> Image:
    """Return frames with the noise of the phantom's image chain at 1 / dose."""
    chain = made.scene.detector
    weak = Detector(gain=chain.gain * dose, electronic=chain.electronic * dose**0.5)
    shutter = made.scene.shutter
    frames = [weak.read(frame, 77 + index, shutter) for index, frame in enumerate(true)]
    return np.stack(frames).astype(np.float32)


def independent(made: Angiogram, true: Image, dose: float) -> Image:
    """Return frames with noise of the same strength that neighbours do not share."""
    rng, chain = np.random.default_rng(5), made.scene.detector
    gain, deviation = chain.gain * dose, chain.electronic * dose**0.5
    noisy = gain * rng.poisson(np.maximum(true, 0) / gain) + rng.normal(0, deviation, true.shape)
    return (np.clip(np.rint(noisy), 0, PEAK) * made.scene.shutter).astype(np.float32)


def scene_of(noisy: Image) -> Scene:
    places = np.array([len(noisy) // 6, len(noisy) // 2, len(noisy) * 5 // 6])
    noise = estimate_noise(noisy[places], noisy[places + 1])
    return Scene(0.0, PEAK, noise, len(noisy), 15.0, "XA")


def through(step: Step, frames: Image, scene: Scene) -> Iterator[tuple[Image, float, float]]:
    """Yield every frame, the seconds from the one before by the clock, and of the processor."""
    with closing(Prepared((step,), (scene,)).running()) as chain:
        start, used = time.perf_counter(), time.process_time()
        for made in chain_of(chain.next, frames, chain.end):
            yield made, time.perf_counter() - start, time.process_time() - used
            start, used = time.perf_counter(), time.process_time()


def chain_of(
    take: Callable[[Image], list[Image]], frames: Image, end: Callable[[], list[Image]]
) -> Iterator[Image]:
    """Yield every frame as a job over a clip gets it."""
    for frame in frames:
        yield from take(frame)
    yield from end()


def likeness(
    step: Step, noisy: Image, true: Image, vessel: Image, scene: Scene
) -> dict[str, float]:
    made = np.stack([frame for frame, _, _ in through(step, noisy, scene)])
    inside = np.s_[EDGE:-EDGE, EDGE:-EDGE]
    later = range(FIRST, len(true))
    ever = vessel.any(axis=0)
    return {
        "psnr": statistics.mean(psnr(made[i][inside], true[i][inside], PEAK) for i in later),
        "first": psnr(made[0][inside], true[0][inside], PEAK),
        "vessel": statistics.mean(
            psnr(made[i][vessel[i]], true[i][vessel[i]], PEAK) for i in later
        ),
        "lag": temporal_lag(made[:, None, ever], true[:, None, ever]),
    }


def speed(step: Step, noisy: Image, scene: Scene) -> tuple[float, float]:
    """Return frames a second and ms of the processor for one: medians, the first one left out."""
    taken: list[float] = []
    used: list[float] = []
    for _, seconds, processor in through(step, noisy, scene):
        taken.append(seconds)
        used.append(processor)
        if sum(taken) > 3.0 and len(taken) > 3:
            break
    return 1.0 / statistics.median(taken[1:]), 1000.0 * statistics.median(used[1:])


def live() -> None:
    """Print how long a changed parameter takes to be seen, in ms."""
    frames = detected(*clip_of(1024, 4), 8.0).astype(np.uint16)
    clip, known = cine(frames), dict[tuple[Step, ...], Scene]()
    for name, parameter in LIVE.items():
        taken = []
        for turn in range(9):
            start = time.perf_counter()
            value = VALUES.get(name, (1.0, 1.5))[turn % 2]
            made = run(processed(clip, pipeline_of([f"{name}:{parameter}={value}"]), known))
            made.source.request(1, Priority.PLAYBACK).result()
            taken.append(1000.0 * (time.perf_counter() - start))
        print(f"{name:20}{statistics.median(taken[1:]):8.0f} ms, at best {min(taken):.0f}")
    shutdown_shared()


def measured(names: list[str], dose: float, frames: int) -> dict[str, dict[str, float]]:
    made, clean = clip_of(512, frames)
    true = clean * (made.scene.shutter > 0)
    vessel = np.stack([made.vessel_mask(index) for index in range(frames)])
    own, other = detected(made, clean, dose), independent(made, clean, dose)
    large = detected(*clip_of(1024, 8), dose)
    scenes = scene_of(own), scene_of(other)
    found: dict[str, dict[str, float]] = {}
    for name in names:
        step = step_of(name)
        alike = likeness(step, own, true, vessel, scenes[0])
        alike["psnr_independent"] = likeness(step, other, true, vessel, scenes[1])["psnr"]
        alike["fps_512"], alike["ms_512"] = speed(step, own, scenes[0])
        alike["fps_1024"], alike["ms_1024"] = speed(step, large, scenes[0])
        found[name] = alike
        print(f"{name:20}" + "".join(f"{value:12.2f}" for value in alike.values()), file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", metavar="STEP")
    parser.add_argument("--dose", type=float, default=8.0, help="times less than the full dose")
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--live", action="store_true")
    asked = parser.parse_args()
    if asked.live:
        live()
        return
    names = asked.steps or [n for n in STEPS.entries() if step_of(n).group.value == "DENOISED"]
    names = ["nlm", *(name for name in names if name != "nlm")]
    columns = ("psnr", "first", "vessel", "lag", "psnr_indep.", "fps_512", "ms_512", "fps_1024",
               "ms_1024")  # fmt: skip
    print(f"{'':20}" + "".join(f"{column:>12}" for column in columns), file=sys.stderr)
    found = measured(names, asked.dose, asked.frames)
    if asked.json:
        print(
            json.dumps({"dose": 1 / asked.dose, "frames": asked.frames, "steps": found}, indent=1)
        )


if __name__ == "__main__":
    main()
