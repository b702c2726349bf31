"""Enhancement of films: the same steps for every one, told with what they make.

Noise is taken away from films as a detector gives them alone. In a small, an 8-bit or a compressed
picture what is as fine as noise is ribs, discs and vessels, or what compression left of them, and
the denoiser would wipe them away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.presentation import Overlay
from xray_studio.core.step import Step
from xray_studio.services.dataset.samples import bare
from xray_studio.services.decoding import Decoding
from xray_studio.services.export.frame_picture import displayed
from xray_studio.services.learning.tasks.view import is_no_film
from xray_studio.services.processing.auto import noise_part
from xray_studio.services.processing.process import processed, scene_of
from xray_studio.services.processing.steps import STEPS, step_of
from xray_studio.services.thumbnails import OneFrame

NOISY: Final = 0.01  # deviation of the noise by the range of values from which on it is taken away
DEEP, LARGE = 9, 1000  # bits stored, and pixels of the shorter side, of what a detector gives
LOCAL_CONTRAST: Final = "clahe:limit=2"
_DENOISERS: Final = ("learned", "nlm")  # the first that is installed


@dataclass(frozen=True, slots=True, eq=False)
class Enhanced:
    """A film as it is shown after the steps, 8 bit, with its badge, and the steps in words."""

    picture: Picture
    steps: tuple[str, ...]


def enhanced(clip: Clip, frame: int) -> Job[Enhanced]:
    """Return frame `frame` (from 0) of a clip with local contrast; without noise, see `is_raw`.

    It is for the eye: no network is shown it. Raises UsageError for pictures that steps cannot have
    (one value in all pixels, too small for the badge), and what the source of the clip raises.
    """
    scene = yield from scene_of(clip)
    is_noisy = is_raw(clip) and noise_part(scene) >= NOISY
    steps = [_denoiser()] if is_noisy else []
    pipeline = Pipeline(tuple(Stage(step) for step in (*steps, step_of(LOCAL_CONTRAST))))
    made = yield from processed(clip, pipeline, {(): scene})
    decoding = Decoding(made, [frame])
    try:
        pixels = yield from decoding.frame(Progress(message="Enhancing"))
    finally:
        decoding.close()
    alone = made.alone(frame, OneFrame(pixels))
    return Enhanced(displayed(alone, 0, bare(alone), Overlay.NONE), pipeline.words)


def is_raw(clip: Clip) -> bool:
    """Tell whether a clip is a film as a detector gives it: deep, large and never compressed."""
    is_film = not clip.is_colour and not is_no_film(clip)
    is_whole = clip.pixels.bits >= DEEP and min(clip.rows, clip.columns) >= LARGE
    return is_film and is_whole and not clip.acquisition.lossy


def _denoiser() -> Step:
    known = STEPS.entries()
    return step_of(next(name for name in _DENOISERS if known[name].missing() is None))
