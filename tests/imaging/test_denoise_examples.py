"""What a denoiser learns from: noise of the strength that is said, and the picture without it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from xray_studio.core.scene import Noise
from xray_studio.imaging.denoise_examples import SIDE, Sources, as_seen
from xray_studio.imaging.dose import at_dose
from xray_studio.imaging.stabilise import Stabiliser


def sources() -> Sources:
    rng = np.random.default_rng(1)
    films = np.stack([cv2.GaussianBlur(rng.normal(0, 1, (96, 96)), (0, 0), 5) for _ in range(3)])
    films = np.clip(128 + 700 * films, 0, 255).astype(np.uint8)
    return Sources(films, np.full((1, 128, 128), 1200.0, np.float32))


@pytest.mark.parametrize("number", [0, 2, 3])
def test_examples_differ_by_noise_of_a_deviation_near_1(number: int) -> None:
    rng = np.random.default_rng(number)
    made = [sources().example(number, rng) for _ in range(40)]
    assert {one.shape for pair in made for one in pair} == {(SIDE, SIDE)}
    assert {one.dtype for pair in made for one in pair} == {np.dtype(np.float32)}
    left = [float((given - wanted).std()) for given, wanted in made]
    assert 0.8 < np.median(left) < 1.15
    means = [float((given - wanted).mean()) for given, wanted in made]
    assert abs(np.mean(means)) < 0.1, "the picture is where the noise has its mean"


def test_the_same_chance_gives_the_same_example() -> None:
    one, other = (sources().example(1, np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("dose", [1.0, 0.125])
def test_a_whole_film_is_seen_as_a_denoiser_sees_it(dose: float) -> None:
    given, wanted = as_seen(sources().films[0], dose, 3)
    assert given.shape == wanted.shape == (96, 96)
    assert 0.7 < (given - wanted).std() < 1.2


@pytest.mark.parametrize(("value", "dose"), [(20.0, 1.0), (300.0, 0.125), (2000.0, 0.02)])
def test_the_expected_value_is_the_mean_of_stabilised_noise(value: float, dose: float) -> None:
    stable = Stabiliser(Noise(1 / dose, (3.0 / dose) ** 2), 0.0, 4095.0)
    true = np.full((300, 300), value, np.float32)
    seen = at_dose(true, dose, [1])
    assert stable.expected(true).mean() == pytest.approx(stable.forward(seen).mean(), abs=0.02)
