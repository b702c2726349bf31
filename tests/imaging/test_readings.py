"""Read-outs of a frame before and after processing."""

from __future__ import annotations

import math

import cv2
import numpy as np

from xray_studio.imaging.readings import measured


def _noisy(sigma: float) -> np.ndarray:
    rows = np.linspace(100, 900, 128, dtype=np.float32)
    return (rows[:, None] + np.random.default_rng(1).normal(0, sigma, (128, 128))).astype(
        np.float32
    )


def test_noise_is_that_of_the_quiet_parts_also_when_it_was_smoothed() -> None:
    before = _noisy(20.0)
    after = cv2.GaussianBlur(before, (0, 0), 1.5)
    found = measured(before, after, 4095.0)
    assert 17 < found.noise[0] < 21
    assert 2.5 < found.noise[1] < 4.5  # sigma / (2 sqrt(pi) 1.5) = 3.8


def test_a_smoothed_edge_is_less_steep() -> None:
    before = np.zeros((64, 64), np.float32)
    before[:, 32:] = 1000
    found = measured(before, cv2.GaussianBlur(before, (0, 0), 3.0), 4095.0)
    assert found.edges[1] < 0.5 * found.edges[0]


def test_nothing_changed_has_no_error() -> None:
    frame = _noisy(5.0)
    found = measured(frame, frame, 4095.0)
    assert found.change == 0.0
    assert math.isinf(found.psnr)
    assert found.noise[0] == found.noise[1]


def test_pictures_of_one_pixel_and_one_value_are_measured() -> None:
    one = np.ones((1, 1), np.float32)
    assert measured(one, one, 1.0).noise == (0.0, 0.0)
    flat = np.full((40, 40), 7, np.float32)
    assert measured(flat, flat, 1.0).edges == (0.0, 0.0)


def test_the_change_is_white_where_noise_went_and_structured_where_edges_went() -> None:
    noise = np.random.default_rng(2).normal(0, 20, (256, 256)).astype(np.float32)
    scene = np.full((256, 256), 500, np.float32)
    scene[80:180, 80:180] = 900
    fair = measured(scene + noise, scene, 4095.0)
    blurred = measured(scene + noise, cv2.GaussianBlur(scene, (0, 0), 4.0), 4095.0)
    assert fair.whiteness is not None
    assert fair.structure is not None
    assert blurred.whiteness is not None
    assert blurred.structure is not None
    assert fair.whiteness > 0.95
    assert abs(fair.structure) < 0.05
    assert blurred.whiteness < fair.whiteness
    assert blurred.structure > 0.3
    nothing = measured(scene, scene, 4095.0)
    assert (nothing.whiteness, nothing.structure) == (None, None)
