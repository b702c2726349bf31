"""The automatic choice of steps says what it chose and why."""

from __future__ import annotations

import pytest

from xray_studio.core.scene import Noise, Scene
from xray_studio.imaging.steps.gaussian import Gaussian
from xray_studio.services.processing.auto import CINE, choice, wanted_for
from xray_studio.services.processing.steps import STEPS


def scene(sd: float, modality: str = "XA", frames: int = 1) -> Scene:
    return Scene(0.0, 1000.0, Noise(0.0, sd * sd), frames, 15.0, modality)


def test_a_quiet_picture_is_left_alone() -> None:
    found = choice(scene(1.0), [Gaussian])
    assert not found.pipeline.steps
    assert found.sentence == (
        "Nothing was chosen: the noise is 0.1 % of the range of values,"
        " too little to be worth smoothing."
    )


def test_a_choice_names_the_step_the_noise_and_the_reason() -> None:
    found = choice(scene(40.0, "CT"), [Gaussian])
    assert found.pipeline.steps == (Gaussian(),)
    assert (
        found.sentence
        == "Gaussian, since the noise is 4 % of the range of values and that is much."
    )


def test_without_a_step_that_suits_it_says_so() -> None:
    assert "no step that suits is installed" in choice(scene(40.0), []).sentence


@pytest.mark.parametrize(
    ("modality", "frames", "first"),
    [
        ("XA", CINE, "motion-compensated"),
        ("XA", 1, "nlm"),
        ("US", 60, "curvature-flow"),
        ("DX", 1, "learned"),
    ],
)
def test_modality_and_frames_tell_what_is_wanted(modality: str, frames: int, first: str) -> None:
    assert wanted_for(scene(10.0, modality, frames), 0.01)[0][0] == first


@pytest.mark.parametrize("modality", ["XA", "US", "DX", "CT"])
def test_the_last_resort_is_always_there(modality: str) -> None:
    assert wanted_for(scene(40.0, modality), 0.04)[0][-1] in STEPS.entries()
