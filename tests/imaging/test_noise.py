"""Noise estimation where the truth is known, and on real pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xray_studio.core.job import run
from xray_studio.core.scene import Noise
from xray_studio.core.step import Image
from xray_studio.imaging.noise import estimate_noise
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.services import api
from xray_studio.services.processing.process import scene_of

DOSES = [1, 2, 4, 8, 32]


@pytest.fixture(scope="module")
def truth() -> Image:
    """Two frames of the phantom that follow each other, without noise, contrast on its way."""
    made = make_angiogram(frames=2, first_time=2200.0)
    return np.stack([made.noise_free(index) for index in (0, 1)])


def measured(true: Image, gain: float, ground: float, seed: int = 1) -> Image:
    """Return whole numbers with the noise of quanta and electronics, none behind the shutter."""
    rng = np.random.default_rng(seed)
    quanta = gain * rng.poisson(np.maximum(true, 0) / gain)
    noisy = np.rint(quanta + rng.normal(0, ground**0.5, true.shape))
    return np.where(true > 0, np.clip(noisy, 0, 4095), 0).astype(np.float32)


def assert_right(found: Noise, gain: float, ground: float) -> None:
    """Check the gain, and the variance over the values that pictures have, to 15 %."""
    assert found.gain == pytest.approx(gain, rel=0.15)
    for value in (400.0, 1000.0, 2500.0):
        assert found.variance(value) == pytest.approx(gain * value + ground, rel=0.15)


@pytest.mark.parametrize("dose", DOSES)
@pytest.mark.parametrize("following", [False, True], ids=["one image", "clip"])
def test_quanta_and_electronics_of_the_phantom(truth: Image, dose: int, following: bool) -> None:
    gain, ground = 0.45 * dose, 9.0 * dose
    noisy = measured(truth, gain, ground)
    assert_right(estimate_noise(noisy[:1], noisy[1:] if following else None), gain, ground)


@pytest.mark.parametrize("dose", [1, 8])
def test_noise_that_neighbours_share_is_seen_whole_in_a_clip(truth: Image, dose: int) -> None:
    detector = Detector(gain=0.45 * dose, electronic=(9.0 * dose) ** 0.5)
    noisy = np.stack([detector.read(true, seed) for seed, true in enumerate(truth)])
    shown = np.where(truth > 0, noisy, 0).astype(np.float32)
    found = estimate_noise(shown[:1], shown[1:])
    for value in (600.0, 1500.0):
        assert found.variance(value) == pytest.approx(detector.gain * value + 9.0 * dose, rel=0.25)


@pytest.mark.parametrize("blur", [0.3, 0.5, 0.7, 0.85, 1.0])
def test_noise_blurred_by_the_detector_is_seen_in_one_image(truth: Image, blur: float) -> None:
    white = np.random.default_rng(4).normal(0, 1, truth[0].shape).astype(np.float32)
    shared = cv2.GaussianBlur(white, (0, 0), blur)
    noisy = truth[0] + shared / shared.std() * np.sqrt(3.6 * np.maximum(truth[0], 0) + 64)
    assert_right(estimate_noise(np.rint(noisy)[None]), 3.6, 64.0)


@settings(max_examples=15)
@given(gain=st.floats(0.3, 8.0), ground=st.floats(200.0, 3000.0), seed=st.integers(0, 999))
def test_gain_and_ground_of_any_noise(gain: float, ground: float, seed: int) -> None:
    y, x = np.mgrid[:384, :384].astype(np.float32)
    true = 60 + 3.0 * x + 1.5 * y + 200 * np.sin(x / 40) * np.sin(y / 30) ** 2 + 300 * (y > 200)
    frames = np.stack([measured(true[None], gain, ground, seed + k)[0] for k in range(3)])
    for found in (estimate_noise(frames), estimate_noise(frames[:2], frames[1:])):
        # Where one part outweighs the other, only their sum is known well; least at the darkest.
        for value, within in ((60.0, 0.25), (600.0, 0.15), (1800.0, 0.15)):
            assert found.variance(value) == pytest.approx(gain * value + ground, rel=within)


def spoiled(noisy: Image) -> Image:
    """Return frames with a border, a saturated area, padding, burnt-in text and a step wedge."""
    made = noisy.copy()
    made[:, :60] = 0
    made[:, :, -70:] = 4095
    made[:, 300:380, 200:290] = 4095
    text = np.zeros(made.shape[1:], np.uint8)
    cv2.putText(text, "L 12.11.2026", (90, 110), cv2.FONT_HERSHEY_SIMPLEX, 1, 255, 2)
    made[:, text > 0] = 4000
    made[:, 400:470, 20:90] = 300
    return made


@pytest.mark.parametrize("following", [False, True], ids=["one image", "clip"])
def test_borders_saturation_and_text_spoil_nothing(truth: Image, following: bool) -> None:
    noisy = spoiled(measured(truth, 1.8, 36.0))
    assert_right(estimate_noise(noisy[:1], noisy[1:] if following else None), 1.8, 36.0)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (15, 15), (20, 31), (200, 200)])
def test_constant_and_tiny_pictures_have_no_noise(shape: tuple[int, int]) -> None:
    flat = np.full((1, *shape), 700.0, np.float32)
    assert estimate_noise(flat) == Noise()
    assert estimate_noise(flat, flat) == Noise()


def test_a_smooth_picture_has_next_to_none() -> None:
    y, x = np.mgrid[:256, :256].astype(np.float32)
    found = estimate_noise((500 + 300 * np.sin(x / 30) * np.cos(y / 50))[None].astype(np.float32))
    assert found.variance(500.0) < 1e-2


def test_frames_that_are_repeated_tell_nothing_of_each_other(truth: Image) -> None:
    noisy = measured(truth, 1.8, 36.0)
    assert estimate_noise(noisy[:1], noisy[:1]) == estimate_noise(noisy[:1])


def test_where_everything_moves_only_the_picture_itself_tells(truth: Image) -> None:
    noisy = measured(truth, 1.8, 36.0)
    other = measured(np.ascontiguousarray(truth[:1, ::-1, ::-1]), 1.8, 36.0, 2)
    assert estimate_noise(noisy[:1], other) == estimate_noise(noisy[:1])


@pytest.mark.parametrize(
    ("name", "value", "least", "most"),
    [
        ("dbdicom__0002.DCM", 49.0, 0.6, 1.3),  # XA, 8 bit, once JPEG
        ("robyoung__XA1_J2KR.dcm", 113.0, 1.5, 3.5),  # XA, 12 bit
        ("dwv__gdcm-CR-MONO1-10-chest.dcm", 505.0, 3.0, 7.0),
        ("dicomparser__CT1_UNC.explicit_big_endian.dcm", 40.0, 8.0, 25.0),
        ("pydicom_test__examples_overlay.dcm", 165.0, 10.0, 40.0),  # MR
    ],
)
def test_deviation_of_real_pictures(
    shared_data: Path, name: str, value: float, least: float, most: float
) -> None:

    scene = run(scene_of(api.open(shared_data / "dicom" / name)))
    assert least < scene.noise.variance(value) ** 0.5 < most
