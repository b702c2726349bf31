"""Parts of denoisers against what is known of them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.imaging.moving_vessel import SCENE, moving_vessel, through, with_noise
from xray_studio.imaging.balance import balanced
from xray_studio.imaging.bands import in_bands
from xray_studio.imaging.innovation import Foresight
from xray_studio.imaging.metrics import psnr, temporal_lag
from xray_studio.imaging.noise import estimate_noise
from xray_studio.imaging.optical_flow import PRESETS, Flow
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.imaging.steps.curvature_flow import CurvatureFlow
from xray_studio.imaging.steps.running_mean import RunningMean
from xray_studio.services.processing.steps import step_of

FLOATS = arrays(np.float32, (37, 50), elements=st.floats(-1e3, 1e3, width=32))


@given(made=FLOATS, before=FLOATS)
def test_balance_gives_the_mean_back_and_nothing_fine(made: np.ndarray, before: np.ndarray) -> None:
    given_back = balanced(made.copy(), before)
    assert given_back.mean(dtype=np.float64) == pytest.approx(before.mean(), abs=1e-2)
    added = given_back - made
    assert np.abs(np.diff(added, axis=0)).max(initial=0) < 150, "wide parts only"


def test_curvature_flow_shrinks_a_disc_as_theory_says() -> None:
    y, x = np.mgrid[:128, :128] - 63.5
    for radius, time in ((20.0, 40.0), (30.0, 100.0)):
        disc = 20.0 / (1 + np.exp(np.hypot(x, y) - radius))
        made = disc.astype(np.float32)[None]
        for _ in range(int(time / 20)):
            made = CurvatureFlow(time=20.0).smooth(made, 0)[None]
        area = (made[0] > 10.0).sum()
        assert (area / np.pi) ** 0.5 == pytest.approx((radius**2 - 2 * time) ** 0.5, rel=0.03)


def test_curvature_flow_leaves_straight_edges_alone() -> None:
    edge = np.tile(20.0 / (1 + np.exp(-(np.arange(64) - 31.5))), (64, 1)).astype(np.float32)
    assert np.abs(CurvatureFlow(time=10.0).smooth(edge[None], 0) - edge).max() < 1e-3


def test_a_running_mean_of_still_frames_divides_the_noise_by_their_root() -> None:
    noisy = np.random.default_rng(1).normal(0, 1, (9, 100, 100)).astype(np.float32)
    assert RunningMean(radius=4).smooth(noisy, 4).std() == pytest.approx(1 / 3, rel=0.05)


@pytest.mark.parametrize("preset", list(PRESETS))
@pytest.mark.parametrize("size", [160, 900])
def test_flow_finds_a_known_shift(preset: str, size: int) -> None:
    rng = np.random.default_rng(2)
    scale = size / 160
    scene = cv2.GaussianBlur(rng.normal(0, 1, (size, size)).astype(np.float32), (0, 0), 5 * scale)
    scene *= 30 / scene.std()
    right, down = 3.0 * scale, -2.0 * scale
    other = cv2.warpAffine(scene, np.float32([[1, 0, right], [0, 1, down]]), (size, size),
                           borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    motion = Flow(preset, scene).between(scene, other)
    found = [np.median(way) for way in motion.field()]
    assert found == pytest.approx([right, down], abs=0.12 * scale)
    inside = np.s_[size // 8 : -size // 8, size // 8 : -size // 8]
    assert np.abs(motion.bring(other) - scene)[inside].mean() < 2.0


def test_small_pictures_do_not_move() -> None:
    frame = np.arange(400, dtype=np.float32).reshape(20, 20)
    assert np.array_equal(Flow("fast", frame).between(frame, frame[::-1]).bring(frame), frame)


def test_what_is_foreseen_of_a_still_scene_becomes_sure() -> None:
    rng = np.random.default_rng(3)
    known = Foresight(rng.normal(0, 1, (128, 128)).astype(np.float32), 0.05, 1.4)
    for _ in range(30):
        known.update(rng.normal(0, 1, (128, 128)).astype(np.float32))
    assert known.state.std() < 0.3
    assert known.variance.mean() < 0.06


@settings(max_examples=10)
@given(offset=st.floats(-300, 300))
def test_brightness_follows_at_once(offset: float) -> None:
    true = moving_vessel(8, 0.0, 96)
    true[5:] += np.float32(offset)
    made = through(step_of("motion-compensated"), with_noise(true), SCENE)
    assert made[5].mean() == pytest.approx(with_noise(true)[5].mean(), rel=1e-3)


def test_motion_compensation_beats_non_local_means_on_the_moving_phantom() -> None:
    """One eighth of the dose: 2 dB more than spatial non-local means, under half a frame late."""
    count = 20
    phantom = make_angiogram(frames=count, first_time=1500.0)
    clean = np.stack([phantom.noise_free(index) for index in range(count)])
    chain = phantom.scene.detector
    weak = Detector(gain=8 * chain.gain, electronic=8**0.5 * chain.electronic)
    read = [weak.read(frame, 7 + i, phantom.scene.shutter) for i, frame in enumerate(clean)]
    noisy = np.stack(read).astype(np.float32)
    scene = replace(SCENE, noise=estimate_noise(noisy[[5, 15]], noisy[[6, 16]]), frames=count)
    made = through(step_of("motion-compensated"), noisy, scene)
    inside, later = np.s_[40:-40, 40:-40], (10, 14, 18)
    still = through(step_of("nlm"), noisy[list(later)], scene)
    followed = [psnr(made[i][inside], clean[i][inside], 4095.0) for i in later]
    pairs = zip(still, clean[list(later)], strict=True)
    spatial = [psnr(one[inside], true[inside], 4095.0) for one, true in pairs]
    assert np.mean(followed) > np.mean(spatial) + 2.0
    vessel = np.any([phantom.vessel_mask(index) for index in later], axis=0)
    assert abs(temporal_lag(made[:, None, vessel], clean[:, None, vessel])) < 0.5


@pytest.mark.parametrize("shape", [(3, 200, 300), (1, 1), (70_000, 1), (1, 70_000), (500, 333)])
def test_bands_hold_every_row_once(shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(1).normal(0, 1, shape).astype(np.float32)
    made = in_bands(lambda band, into: np.add(band, np.float32(1.0), out=into), image)
    assert np.array_equal(made, image + np.float32(1.0))
