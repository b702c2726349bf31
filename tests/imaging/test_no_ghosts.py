"""Temporal denoisers on a moving vessel: where it was, nothing of it is left."""

from __future__ import annotations

import numpy as np
import pytest

from tests.imaging.moving_vessel import NOISE, moving_vessel, through, with_noise
from xray_studio.core.step import Image
from xray_studio.imaging.metrics import psnr, temporal_lag
from xray_studio.services.processing.steps import step_of

FOLLOWING = ["motion-adaptive", "motion-compensated", "nlm-frames"]


def trail(made: Image, true: Image, behind: int) -> float:
    """Return what is left of the vessel where it was some frames ago, in deviations of the noise.

    The mean over all places it has left, so that noise itself is far below 1.
    """
    background = np.median(true, axis=0)
    left = []
    for index in range(10, len(true)):
        was = (true[index - behind] < 0.8 * background) & (true[index] > 0.99 * background)
        deviation = np.sqrt(NOISE.gain * background + NOISE.ground)
        left.append(((made[index] - true[index]) / deviation)[was].mean())
    return float(np.mean(left))


@pytest.mark.parametrize("name", FOLLOWING)
@pytest.mark.parametrize("speed", [2.0, 4.0, 7.0])
def test_nothing_trails_behind(name: str, speed: float) -> None:
    true = moving_vessel(20, speed)
    made = through(step_of(name), with_noise(true))
    for behind in (2, 3, 5):
        assert abs(trail(made, true, behind)) < 0.35, "far below the noise of one frame"


def test_the_classical_filter_trails_and_that_is_measured() -> None:
    true = moving_vessel(20, 4.0)
    assert trail(through(step_of("recursive:gain=0.3"), with_noise(true)), true, 3) < -0.6


@pytest.mark.parametrize("name", FOLLOWING)
def test_lag_is_under_half_a_frame(name: str) -> None:
    true = moving_vessel(20, 4.0)
    assert abs(temporal_lag(through(step_of(name), with_noise(true)), true)) < 0.3


@pytest.mark.parametrize("name", FOLLOWING)
def test_moving_clips_become_better_by_far(name: str) -> None:
    true = moving_vessel(16, 4.0)
    noisy = with_noise(true)
    made = through(step_of(name), noisy)
    gained = psnr(made[6:], true[6:], 4095.0) - psnr(noisy[6:], true[6:], 4095.0)
    assert gained > 6.0


def test_following_the_motion_helps() -> None:
    true = moving_vessel(20, 4.0)
    noisy = with_noise(true)
    vessel = true < 0.85 * np.median(true, axis=0)
    vessel[:8] = False
    adaptive, compensated = (
        psnr(through(step_of(name), noisy)[vessel], true[vessel], 4095.0)
        for name in ("motion-adaptive", "motion-compensated")
    )
    assert compensated > adaptive + 1.0


def test_a_vessel_that_comes_and_goes_is_shown_at_once() -> None:
    true = np.repeat(moving_vessel(1, 0.0), 16, axis=0)
    background = np.repeat(np.median(moving_vessel(24, 6.0), axis=0)[None], 16, axis=0)
    true = np.where((np.arange(16) % 8 < 4)[:, None, None], background, true).astype(np.float32)
    made = through(step_of("motion-compensated"), with_noise(true))
    vessel = true[4] < 0.8 * background[0]
    for index in (4, 8, 12):  # it appears, goes, appears
        missed = abs((made[index] - true[index])[vessel].mean())
        assert missed < 0.15 * (background[0] - true[4])[vessel].mean()


@pytest.mark.parametrize("name", ["recursive", "motion-adaptive", "motion-compensated"])
def test_the_first_frame_has_less_noise_too(name: str) -> None:
    true = moving_vessel(2, 4.0)
    noisy = with_noise(true)
    made = through(step_of(name), noisy)
    assert psnr(made[0], true[0], 4095.0) > psnr(noisy[0], true[0], 4095.0) + 6.0
