"""Denoisers judged by simulated dose reduction: real films, and loops of the moving phantom.

Films stand for the truth although they have noise of their own, which counts against whatever
takes it out; the phantom's truth is exact. Films are those of held-out patients, so that trained
methods are judged on what they have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import modality_values
from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Step
from xray_studio.services.decoding import Decoding
from xray_studio.services.evaluate_cine import evaluate_cines
from xray_studio.services.evaluate_measures import (
    NOISY,
    Tally,
    edge_rise,
    removed_whiteness,
    through,
)
from xray_studio.services.films import Film, films_of, held_out
from xray_studio.services.open import open_paths
from xray_studio.services.steps import steps_known

_LARGEST: Final = 512  # pixels of a side; of larger films the middle is taken
_SMALLEST: Final = 96
_JUDGING: Final = "Judging denoisers on films"


@dataclass(frozen=True, slots=True)
class Judging:
    """How much is judged: `films` at most, `cines` of the phantom, 0 for none; one seed for all."""

    films: int = 40
    cines: int = 3
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what judges nothing."""
        if self.films < 1 or self.cines < 0 or self.seed < 0:
            raise UsageError("Judge at least one film (-n), and no negative number of loops.")


def evaluate_denoise(folder: Path, judging: Judging | None = None) -> Job[dict[str, Any]]:
    """Return what every denoiser makes of the films below a folder and of the phantom.

    `{"dataset", "n", "doses": {dose: {method: measures}}, "cine": {method: measures}}`; measures
    are PSNR in dB with its 95 % interval by patient, SSIM, edge rise in pixels, flatness of the
    spectrum of what was removed, and seconds a frame; of loops the lag in frames and frames a
    second as well. Raises StudioError where there are no films.
    """
    how = judging or Judging()
    films = yield from films_of(folder)
    doses, count = yield from _judged(held_out(films, how.seed), how)
    cine = yield from evaluate_cines(denoisers(1 << 30), how.cines, how.seed)
    return {"dataset": folder.resolve().name, "n": count, "doses": doses, "cine": cine}


def denoisers(frames: int) -> dict[str, Step | None]:
    """Return the methods for clips of so many frames, nothing at all first."""
    steps = [one() for one in steps_known() if one.group is Group.DENOISE]
    fit = {step.name: step for step in steps if step.least_frames <= frames}
    return {NOISY: None, **fit}


def _judged(films: Sequence[Film], how: Judging) -> Job[tuple[dict[str, Any], int]]:
    from xray_studio.imaging.dose import DOSES

    methods, seen = denoisers(1), 0
    tallies = {dose: {name: Tally() for name in methods} for dose in DOSES}
    wanted = min(len(films), how.films)
    for number, film in enumerate(films):
        if seen == wanted:
            break
        true = yield from _radiation(film)
        if true is None:
            continue
        for dose, share in DOSES.items():
            noisy, scene = _noisy(true, share, [how.seed, number])
            for name, step in methods.items():
                yield Progress(seen, wanted, _JUDGING)
                tallies[dose][name].owners.append(film.owner)
                _judge(tallies[dose][name], step, (noisy, true), scene)
        seen += 1
    if not seen:
        raise StudioError("None of the films can be read; name another folder.")
    for dose, share in DOSES.items():
        for name, step in methods.items():
            yield Progress(seen, wanted, "Measuring edges")
            tallies[dose][name].edge_rise = edge_rise(step, share, how.seed)
    return {
        dose: {name: tally.facts(how.seed) for name, tally in found.items()}
        for dose, found in tallies.items()
    }, seen


def _judge(tally: Tally, step: Step | None, pair: tuple[Image, Image], scene: Scene) -> None:
    """Add what a step makes of the first of a pair, of which the second is the truth."""
    noisy, true = pair
    made, seconds = next(iter(through(step, noisy[None], scene)))
    tally.add(made, true, scene.span, seconds)
    if step is not None:
        tally.whiteness.append(removed_whiteness(noisy, made, scene))


def _noisy(true: Image, dose: float, seed: list[int]) -> tuple[Image, Scene]:
    from xray_studio.imaging.dose import TOP, at_dose
    from xray_studio.imaging.noise import estimate_noise

    noisy = at_dose(true, dose, [*seed, round(1.0 / dose)])
    low, high = np.percentile(noisy, (0.1, 99.9))
    seen = float(low), float(high)
    return noisy, Scene(0.0, TOP, estimate_noise(noisy[None]), modality="DX", seen=seen)


def _radiation(film: Film) -> Job[Image | None]:
    """Return the radiation behind the middle of a film; None for one that cannot be judged."""
    from xray_studio.imaging.dose import linearised

    try:
        clip = yield from open_paths([film.path])
    except StudioError:
        return None
    if clip.is_colour or min(clip.source.shape[1:3]) < _SMALLEST:
        return None
    decoding = Decoding(clip, [0])
    try:
        frame = yield from decoding.frame(Progress(message="Reading films"))
    except StudioError:
        return None
    finally:
        decoding.close()
    values = _middle(modality_values(frame, clip.modality[0]))
    low, high = np.percentile(values, (0.1, 99.9))
    if not high > low:
        return None
    return linearised(values, float(low), float(high), inverted=clip.pixels.inverted)


def _middle(values: Image) -> Image:
    rows, columns = (max(0, (side - _LARGEST) // 2) for side in values.shape)
    return np.ascontiguousarray(values[rows : rows + _LARGEST, columns : columns + _LARGEST])
