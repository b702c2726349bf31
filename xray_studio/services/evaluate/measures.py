"""What an evaluation of denoisers measures, the same for films and loops."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from xray_studio.core.learning.bootstrap import interval
from xray_studio.core.pipeline import Prepared
from xray_studio.core.scene import Scene
from xray_studio.core.step import SETTLED, Image, Step

NONE: Final = "none"  # the baseline: nothing is done
_EDGE_FRAMES: Final = 16
_EDGE: Final = 96  # pixels across the picture of an edge
_SLANT: Final = 0.1
_LOW, _HIGH = 0.3, 0.7  # of the range, beside the edge
_BLUR: Final = 0.85  # pixels: deviation of the edge's own blur


@dataclass(slots=True)
class Tally:
    """Measures of one method at one dose, film by film, with the owner of each."""

    owners: list[str] = field(default_factory=list)
    psnr: list[float] = field(default_factory=list)
    ssim: list[float] = field(default_factory=list)
    whiteness: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    edge_rise: float | None = None

    def add(self, made: Image, true: Image, span: float, seconds: float) -> None:
        """Add a frame: likeness to the truth, and how long it took."""
        from xray_studio.imaging.metrics import psnr, ssim

        self.psnr.append(psnr(made, true, span))
        self.ssim.append(ssim(made, true, span))
        self.seconds.append(seconds)

    def facts(self, seed: int) -> dict[str, Any]:
        """Return the means as the answer tells them, with a 95 % interval by owner.

        The time is the median: the first frame of all waits for what is loaded.
        """
        white = float(np.mean(self.whiteness)) if self.whiteness else None
        return {
            "psnr": float(np.mean(self.psnr)),
            "psnr_ci": interval(self.psnr, self.owners, seed),
            "ssim": float(np.mean(self.ssim)),
            "edge_rise": self.edge_rise,
            "residual_whiteness": white,
            "seconds": float(np.median(self.seconds)),
        }


def through(step: Step | None, frames: Image, scene: Scene) -> Iterator[tuple[Image, float]]:
    """Yield every frame after a step, None for none, and the seconds that it took."""
    if step is None:
        yield from ((frame, 0.0) for frame in frames)
        return
    ended, waiting = False, iter(frames)
    with closing(Prepared((step,), (scene,)).running()) as chain:
        while not ended:
            frame = next(waiting, None)
            ended, start = frame is None, time.perf_counter()
            made = chain.end() if frame is None else chain.next(frame)
            seconds = (time.perf_counter() - start) / max(len(made), 1)
            yield from ((one, seconds) for one in made)


def removed_whiteness(noisy: Image, made: Image, scene: Scene) -> float:
    """Return the spectral flatness of what a step took out, its noise made even: 1 is white."""
    from xray_studio.imaging.metrics import whiteness
    from xray_studio.imaging.stabilise import Stabiliser

    stable = Stabiliser(scene.noise, scene.low, scene.high)
    return whiteness(stable.forward(noisy) - stable.forward(made), made).flatness


def edge_rise(step: Step | None, dose: float, seed: int) -> float | None:
    """Return how many pixels a slanted edge takes from 10 to 90 % after a step; None for no edge.

    The mean of several frames with other noise is measured.
    """
    from xray_studio.imaging.dose import TOP, at_dose
    from xray_studio.imaging.noise import estimate_noise
    from xray_studio.imaging.sharpness import edge_spread

    true = np.repeat(_slanted(TOP)[None], _EDGE_FRAMES, axis=0)
    noisy = at_dose(true, dose, [seed, 1])
    noise = estimate_noise(noisy[:3], noisy[1:4])
    scene = Scene(0.0, TOP, noise, _EDGE_FRAMES, modality="XA", seen=(_LOW * TOP, _HIGH * TOP))
    made = np.stack([frame for frame, _ in through(step, noisy, scene)])
    inner = slice(16, -16)
    try:
        rise = edge_spread(made[SETTLED:].mean(axis=0)[inner, inner]).rise
    except ValueError:
        return None
    return rise if math.isfinite(rise) else None


def _slanted(top: float) -> Image:
    rows, columns = np.indices((_EDGE, _EDGE)) - _EDGE / 2
    away = (columns - _SLANT * rows) / math.hypot(1.0, _SLANT)
    share = np.array([0.5 + 0.5 * math.erf(x / _BLUR / 2**0.5) for x in away.ravel()])
    made = top * (_LOW + (_HIGH - _LOW) * share.reshape(away.shape))
    return made.astype(np.float32)
