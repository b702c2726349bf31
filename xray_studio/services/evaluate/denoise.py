"""Denoisers judged by simulated dose reduction: real films, and loops of the moving phantom.

Films stand for the truth although they have noise of their own, which counts against whatever
takes it out; the phantom's truth is exact. Films are those of held-out patients, so that trained
methods are judged on what they have not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import modality_values
from xray_studio.core.reasons import as_reason
from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Step
from xray_studio.core.study import Skipped
from xray_studio.services.decoding import Decoding
from xray_studio.services.evaluate.cine import evaluate_cines
from xray_studio.services.evaluate.judged_films import JudgedFilm, films_of, held_out
from xray_studio.services.evaluate.measures import (
    NONE,
    Tally,
    edge_rise,
    removed_whiteness,
    through,
)
from xray_studio.services.learning.tasks.denoiser import LEARNED
from xray_studio.services.open import open_paths
from xray_studio.services.processing.catalogue import steps_known

DOSES: Final = ("1/2", "1/4", "1/8")
ANY_LENGTH: Final = 1 << 30  # frames: steps of every kind fit
_LARGEST: Final = 512  # pixels of a side; of larger films the middle is taken
_SMALLEST: Final = 96
_LEAST_GREYS: Final = 16
_JUDGING: Final = "Judging denoisers on films"


@dataclass(frozen=True, slots=True)
class Judging:
    """How much is judged: `films` at most, `cines` of the phantom, 0 for none; one seed for all.

    `methods` are the words of denoising steps, none for every one; `doses` parts of the full dose;
    `model` the folder of a model for the learned one, None for what is shipped.
    """

    films: int = 40
    cines: int = 3
    seed: int = 1
    methods: tuple[str, ...] = ()
    doses: tuple[str, ...] = DOSES
    model: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what judges nothing, and unknown methods and doses."""
        from xray_studio.imaging.dose import dose_of

        if self.films < 1 or self.cines < 0 or self.seed < 0 or not self.doses:
            raise UsageError(
                "Judge at least one film (-n) and one dose, and no negative number of loops."
            )
        for dose in self.doses:
            dose_of(dose)
        known = denoisers(ANY_LENGTH)
        for method in self.methods:
            if method not in known:
                raise UsageError(f"{method} is no denoiser; there are {', '.join(known)}.")

    def chosen(self, frames: int) -> dict[str, Step | None]:
        """Return the methods for clips of so many frames, nothing at all first."""
        fit = denoisers(frames, self.model)
        return {n: fit[n] for n in fit if n == NONE or n in self.methods or not self.methods}


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer as JSON tells it, and the films that were left out."""

    facts: dict[str, Any]
    skipped: tuple[Skipped, ...] = ()


def evaluate_denoise(folder: Path, judging: Judging | None = None) -> Job[Judged]:
    """Return what every denoiser makes of the films below a folder and of the phantom.

    `{"dataset", "n", "doses": {dose: {method: measures}}, "cine": {method: measures}}`; measures
    are PSNR in dB with its 95 % interval by patient (None for fewer than three), SSIM, edge rise in
    pixels, flatness of the spectrum of what was removed (None where nothing was), and seconds a
    frame; of loops the lag in frames and frames a second (None for no method) as well. Raises
    UsageError where there are no films, or those of one patient alone.
    """
    how = judging or Judging()
    films, damaged = yield from films_of(folder)
    doses, count, skipped = yield from _judged(held_out(films, how.seed), how)
    cine = yield from evaluate_cines(how.chosen(ANY_LENGTH), how.cines, how.seed)
    facts = {"dataset": folder.resolve().name, "n": count, "doses": doses, "cine": cine}
    return Judged(facts, (*damaged, *skipped))


def denoisers(frames: int, model: Path | None = None) -> dict[str, Step | None]:
    """Return the methods for clips of so many frames, nothing at all first.

    The learned one takes its weights from the folder of a `model` where one is given.
    """
    from xray_studio.imaging.steps.learned import Learned

    steps = [one() for one in steps_known() if one.group is Group.DENOISE]
    fit: dict[str, Step | None] = {step.name: step for step in steps if step.least_frames <= frames}
    if model is not None:
        fit[LEARNED] = Learned(folder=str(model))
    return {NONE: None, **fit}


def _judged(
    films: Sequence[JudgedFilm], how: Judging
) -> Job[tuple[dict[str, Any], int, list[Skipped]]]:
    """Return the measures by dose and method, of how many films, and the films left out."""
    from xray_studio.imaging.dose import dose_of

    methods, seen, skipped = how.chosen(1), 0, list[Skipped]()
    shares = {dose: dose_of(dose) for dose in how.doses}
    tallies = {dose: {name: Tally() for name in methods} for dose in shares}
    wanted = min(len(films), how.films)
    for number, film in enumerate(films):
        if seen == wanted:
            break
        try:
            true = yield from _radiation(film)
        except StudioError as error:
            skipped.append(Skipped(film.path, as_reason(str(error))))
            continue
        for dose, share in shares.items():
            noisy, scene = _noisy(true, share, [how.seed, number])
            for name, step in methods.items():
                yield Progress(seen, wanted, _JUDGING)
                tallies[dose][name].owners.append(film.owner)
                _judge(tallies[dose][name], step, (noisy, true), scene)
        seen += 1
    if not seen:
        raise _none_judged(skipped)
    for dose, share in shares.items():
        for name, step in methods.items():
            yield Progress(seen, wanted, "Measuring edges")
            tallies[dose][name].edge_rise = edge_rise(step, share, how.seed)
    return _facts(tallies, how.seed), seen, skipped


def _facts(tallies: Mapping[str, Mapping[str, Tally]], seed: int) -> dict[str, Any]:
    return {
        dose: {name: tally.facts(seed) for name, tally in found.items()}
        for dose, found in tallies.items()
    }


def _none_judged(skipped: Sequence[Skipped]) -> StudioError:
    first = f"{Path(skipped[0].path).name}: {skipped[0].reason}"
    return UnreadableError(
        f"No film of those held out ({len(skipped)}) can be judged; the first one, {first}."
    )


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


def _radiation(film: JudgedFilm) -> Job[Image]:
    """Return the radiation behind the middle of a film.

    Raises StudioError for one that cannot be judged.
    """
    from xray_studio.imaging.dose import linearised

    clip = yield from open_paths([film.path])
    if clip.is_colour:
        raise UnsupportedError("A picture in colour is no X-ray film.")
    if min(clip.source.shape[1:3]) < _SMALLEST:
        raise UnsupportedError(f"It is smaller than {_SMALLEST} x {_SMALLEST} pixels.")
    decoding = Decoding(clip, [0])
    try:
        frame = yield from decoding.frame(Progress(message="Reading films"))
    finally:
        decoding.close()
    values = _middle(modality_values(frame, clip.modality[0]))
    low, high = np.percentile(values, (0.1, 99.9))
    if not high > low or len(np.unique(values)) < _LEAST_GREYS:
        raise UnsupportedError(f"It has fewer than {_LEAST_GREYS} greys: it is a mask or empty.")
    return linearised(values, float(low), float(high), inverted=clip.pixels.inverted)


def _middle(values: Image) -> Image:
    rows, columns = (max(0, (side - _LARGEST) // 2) for side in values.shape)
    return np.ascontiguousarray(values[rows : rows + _LARGEST, columns : columns + _LARGEST])
