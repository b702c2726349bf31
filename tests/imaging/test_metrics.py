"""Measures against what is known of drawn pictures."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from xray_studio.core.step import Image
from xray_studio.imaging.metrics import contrast_to_noise, psnr, ssim, temporal_lag, whiteness
from xray_studio.imaging.sharpness import edge_spread


def noise(*shape: int, seed: int = 1) -> Image:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def slanted_edge(blur: float, angle: float, size: int = 64, height: float = 800.0) -> Image:
    """Return an edge whose profile is an error function of deviation `blur`."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2.0
    away = x * math.cos(angle) - y * math.sin(angle) - 0.3
    return (100 + height * 0.5 * (1 + erf(away / (blur * 2**0.5)))).astype(np.float32)


def passing(frames: int = 24, speed: float = 3.0) -> Image:
    """Return a bar that moves to and fro."""
    x = np.arange(160, dtype=np.float32)
    places = 80 + 45 * np.sin(speed / 45 * np.arange(frames))
    line = np.exp(-(((x - places[:, None]) / 5.0) ** 2))
    return (1000 - 400 * np.repeat(line[:, None], 40, axis=1)).astype(np.float32)


def recursive(frames: Image, gain: float) -> Image:
    made = frames.copy()
    for index in range(1, len(frames)):
        made[index] = made[index - 1] + gain * (frames[index] - made[index - 1])
    return made


def test_psnr_is_that_of_known_noise() -> None:
    true = np.full((200, 200), 500.0, np.float32)
    assert psnr(true + 10 * noise(200, 200), true, 4095.0) == pytest.approx(
        20 * math.log10(409.5), abs=0.1
    )
    assert psnr(true, true, 4095.0) == math.inf


def test_ssim_is_one_for_the_same_and_falls_with_noise() -> None:
    true = slanted_edge(2.0, 0.2)
    values = [ssim(true + sigma * noise(64, 64), true, 1000.0) for sigma in (0, 10, 40, 160)]
    assert values[0] == pytest.approx(1.0)
    assert values == sorted(values, reverse=True)
    shifted = ssim(true + 100, true, 1000.0)  # same structure: only the luminance term falls
    plain = (2 * true * (true + 100) + 1e2) / (true**2 + (true + 100) ** 2 + 1e2)
    assert shifted == pytest.approx(float(plain.mean()), abs=0.02)


def test_contrast_to_noise_of_a_disc() -> None:
    y, x = np.mgrid[:128, :128] - 64
    inside = np.hypot(x, y) < 20
    image = (500 + 60.0 * inside).astype(np.float32) + 12 * noise(128, 128)
    assert contrast_to_noise(image, inside, np.hypot(x, y) > 25) == pytest.approx(5.0, rel=0.05)
    flat = (500 + 60.0 * inside).astype(np.float32)
    assert contrast_to_noise(flat, inside, ~inside) == math.inf


@settings(max_examples=30)
@given(
    blur=st.floats(0.6, 3.0), angle=st.floats(0.03, 0.3), turned=st.booleans(), down=st.booleans()
)
def test_rise_and_mtf_of_a_blurred_edge(
    blur: float, angle: float, turned: bool, down: bool
) -> None:
    image = slanted_edge(blur, angle, height=-800.0 if down else 800.0) + 1000
    spread = edge_spread(np.ascontiguousarray(image.T) if turned else image)
    assert spread.rise == pytest.approx(2.5631 * blur, rel=0.06, abs=0.05)
    frequencies, left = spread.mtf()
    true = np.exp(-2 * (math.pi * blur * frequencies) ** 2)
    assert np.abs(left - true).max() < 0.05


def test_a_region_without_an_edge_is_refused() -> None:
    with pytest.raises(ValueError, match="no edge"):
        edge_spread(np.full((30, 30), 7.0, np.float32))
    with pytest.raises(ValueError, match="12 x 12"):
        edge_spread(slanted_edge(1.0, 0.1, 8))


def test_white_noise_is_white_and_shared_noise_is_not() -> None:
    flat = np.zeros((256, 256), np.float32)
    white = whiteness(noise(256, 256), flat + 5)
    assert white.flatness > 0.97
    assert abs(white.neighbours) < 0.02
    shared = whiteness(cv2.GaussianBlur(noise(256, 256), (0, 0), 1.0), flat + 5)
    assert shared.flatness < 0.3
    assert shared.neighbours == pytest.approx(math.exp(-0.25), abs=0.03)


def test_edges_that_were_removed_are_told_from_noise() -> None:
    picture = slanted_edge(1.0, 0.1, 256) + slanted_edge(1.0, 0.3, 256).T
    only_noise = whiteness(5 * noise(256, 256), picture)
    lost = picture - cv2.GaussianBlur(picture, (0, 0), 1.0)
    edges_too = whiteness(5 * noise(256, 256) + lost, picture)
    assert abs(only_noise.structure) < 0.05
    assert edges_too.structure > 0.5


def test_nothing_removed_is_not_white() -> None:
    nothing = whiteness(np.zeros((64, 64), np.float32), np.ones((64, 64), np.float32))
    assert (nothing.flatness, nothing.neighbours, nothing.structure) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("speed", [1.5, 3.0, 6.0])
def test_lag_of_known_delays(speed: float) -> None:
    true = passing(speed=speed)
    noisy = true + 20 * noise(*true.shape)
    assert temporal_lag(true, true) == pytest.approx(0.0, abs=0.02)
    assert temporal_lag(noisy, true) == pytest.approx(0.0, abs=0.05)
    late = np.concatenate([true[:1], true[:-1]])
    assert temporal_lag(late, true) == pytest.approx(1.0, abs=0.06)
    assert temporal_lag(0.5 * (true + late), true) == pytest.approx(0.5, abs=0.1)


def test_a_recursive_mean_of_slow_movement_lags_as_theory_says() -> None:
    true = passing(frames=60, speed=1.0)
    assert temporal_lag(recursive(true, 0.5), true) == pytest.approx(1.0, abs=0.2)


def test_too_few_frames_and_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="9 frames"):
        temporal_lag(passing(8), passing(8))
    with pytest.raises(ValueError, match="64 x 64"):
        whiteness(noise(20, 20), noise(20, 20))
    with pytest.raises(ValueError, match="11 x 11"):
        ssim(noise(5, 5), noise(5, 5), 1.0)
