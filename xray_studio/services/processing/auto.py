"""Auto: which steps suit a clip, by its noise and modality, and why."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.scene import Scene
from xray_studio.core.step import RecursiveStep, Step
from xray_studio.services.processing.process import scene_of

QUIET: Final = 0.003  # noise by range of values below which it is not worth any sharpness
LOUD: Final = 0.03
CINE: Final = 8  # frames from which on neighbours in time tell more than those in space
_MOVING: Final = {"XA": "fluoroscopy or angiography", "RF": "fluoroscopy"}
_SPECKLE: Final = {"US": "ultrasound", "IVUS": "ultrasound"}
_FILMS: Final = {
    "CR": "a radiograph",
    "DX": "a radiograph",
    "MG": "a mammogram",
    "IO": "a radiograph",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A pipeline, and a sentence that says what was chosen and why."""

    pipeline: Pipeline
    sentence: str


def auto_steps(clip: Clip, known: Sequence[type[Step]]) -> Job[Choice]:
    """Choose steps for a clip among those that are `known`."""
    scene = yield from scene_of(clip)
    return choice(scene, known)


def choice(scene: Scene, known: Sequence[type[Step]]) -> Choice:
    """Choose steps for a scene; none where there is hardly any noise."""
    part = noise_part(scene)
    told = f"the noise is {100 * part:.2g} % of the range of values"
    if part < QUIET:
        return Choice(Pipeline(), f"Nothing was chosen: {told}, too little to be worth smoothing.")
    wanted, because = wanted_for(scene, part)
    kinds = {kind.name: kind for kind in known}
    found = first_of(wanted, kinds)
    if found is None:
        return Choice(
            Pipeline(), f"Nothing was chosen: {told}, but no step that suits is installed."
        )
    step = kinds[found]()
    run = " It has to be run." if isinstance(step, RecursiveStep) else ""
    return Choice(Pipeline((Stage(step),)), f"{step.title}, since {told} and {because}.{run}")


def wanted_for(scene: Scene, part: float) -> tuple[tuple[str, ...], str]:
    """Return names of steps, the best first, and what speaks for them."""
    modality = scene.modality
    if modality in _SPECKLE:
        return ("curvature-flow", "median", "gaussian"), "ultrasound has speckle"
    if scene.frames >= CINE and modality in _MOVING:
        return (
            ("motion-compensated", "motion-adaptive", "nlm-frames", "nlm", "gaussian"),
            f"this is {_MOVING[modality]} of {scene.frames} frames",
        )
    if modality in _FILMS:
        steps = ("learned", "nlm", "bilateral", "gaussian")
        return steps, f"this is {_FILMS[modality]}, whose fine detail is to stay"
    if part >= LOUD:
        return ("nlm", "tv", "gaussian"), "that is much"
    return ("nlm", "bilateral", "gaussian"), "edges are to stay"


def noise_part(scene: Scene) -> float:
    """Return the standard deviation of the noise in the middle of the values, by their range."""
    middle = (scene.low + scene.high) / 2
    return math.sqrt(scene.noise.variance(middle)) / scene.span


def first_of(wanted: Sequence[str], known: Collection[str]) -> str | None:
    """Return the first name that is known."""
    return next((name for name in wanted if name in known), None)
