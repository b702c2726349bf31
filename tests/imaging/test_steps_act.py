"""A step counts only if its parameters visibly act and its default improves what it is for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.imaging.moving_vessel import SCENE, moving_vessel, through, with_noise
from tests.imaging.test_steps_contract import denoisers, ends
from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.lut import Rescale
from xray_studio.core.parameter import Parameter, parameters_of
from xray_studio.core.processed import Values
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image, Step
from xray_studio.imaging.metrics import psnr, whiteness
from xray_studio.imaging.stabilise import Stabiliser
from xray_studio.services import api
from xray_studio.services.processing.process import scene_of
from xray_studio.services.processing.steps import step_of

# dB by which the default brings the moving phantom at one eighth dose nearer to the truth, at least
GAINED = {
    "gaussian": 6.0, "median": 5.0, "bilateral": 6.0, "nlm": 6.0, "tv": 6.0, "wavelet": 6.0,
    "curvature-flow": 6.0, "running-mean": 0.5, "recursive": 0.5, "motion-adaptive": 6.0,
    "motion-compensated": 7.0, "nlm-frames": 7.0, "learned": 6.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def angiogram(shared_data: Path) -> tuple[Clip, Scene, Image]:
    """A real angiogram: the clip, its scene, and the middle of six frames with contrast."""
    clip = api.open(shared_data / "dicom" / "dbdicom__0002.DCM")
    values = Values(clip.modality, Rescale(), clip.is_colour)
    frames = [values.decoded(clip.source.read(index), index) for index in range(40, 46)]
    return clip, run(scene_of(clip)), np.stack(frames)[:, 128:384, 128:384].copy()


@pytest.mark.parametrize("name", denoisers())
def test_the_default_improves_a_moving_clip(name: str) -> None:
    true = moving_vessel(12, 1.0)
    noisy = with_noise(true)
    made = through(step_of(name), noisy)
    gained = psnr(made[6:], true[6:], 4095.0) - psnr(noisy[6:], true[6:], 4095.0)
    assert gained > GAINED[name], f"{gained:.1f} dB"


@pytest.mark.parametrize("name", denoisers())
def test_what_the_default_removes_looks_like_noise(name: str) -> None:
    true = moving_vessel(12, 1.0)
    noisy = with_noise(true)
    stable = Stabiliser(SCENE.noise, SCENE.low, SCENE.high)
    made = through(step_of(name), noisy)
    removed = stable.forward(noisy[9]) - stable.forward(made[9])
    found = whiteness(removed, made[9])
    assert found.flatness > 0.7
    assert abs(found.neighbours) < 0.25


@pytest.mark.parametrize("name", denoisers())
def test_the_default_takes_noise_from_a_real_angiogram(
    name: str, angiogram: tuple[Clip, Scene, Image]
) -> None:
    _, scene, frames = angiogram
    made = through(step_of(name), frames, scene)[3]
    stable = Stabiliser(scene.noise, scene.low, scene.high)
    removed = stable.forward(frames[3]) - stable.forward(made)
    assert 0.15 < removed.std() < 1.5, "of the order of the noise"
    assert made.mean() == pytest.approx(frames[3].mean(), rel=1e-3)


def parameters() -> list[tuple[str, Parameter]]:
    return [(name, one) for name in denoisers() for one in parameters_of(step_of(name))]


@pytest.mark.parametrize(
    ("name", "parameter"), parameters(), ids=[f"{n}-{p.name}" for n, p in parameters()]
)
def test_every_parameter_visibly_acts_on_a_real_angiogram(
    name: str, parameter: Parameter, angiogram: tuple[Clip, Scene, Image]
) -> None:
    _, scene, frames = angiogram
    step: Step = step_of(name)
    few, many = (
        through(replace(step, **{parameter.name: end}), frames, scene)[3]
        for end in (ends(parameter)[0], ends(parameter)[-1])
    )
    deviation = scene.noise.variance(float(frames[3].mean())) ** 0.5
    assert np.sqrt(np.mean((few - many) ** 2)) > 0.1 * deviation
