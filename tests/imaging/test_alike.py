"""Means of places that look alike, against their definition and another implementation."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from xray_studio.core.step import Image
from xray_studio.imaging.alike import mean_of_alike


def edges(frames: int, rows: int, columns: int) -> Image:
    """Return noisy frames of bright stripes that move."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:rows, :columns]
    still = np.stack([8.0 * ((x + 3 * t + y // 4) % 16 < 5) for t in range(frames)])
    return (still + rng.normal(0, 1, still.shape)).astype(np.float32)


def defined(frames: Image, here: int, strength: float, patch: int, search: int) -> Image:
    """Return what the definition says, pixel by pixel."""
    half, reach = patch // 2, search // 2
    padded = np.pad(frames, ((0, 0), *((half + reach,) * 2,) * 2), mode="reflect").astype(float)
    made = np.empty(frames.shape[1:], np.float32)
    for row, column in np.ndindex(made.shape):
        own = padded[here, row + reach :, column + reach :][:patch, :patch]
        total = weight = 0.0
        for other, down, right in np.ndindex(len(frames), search, search):
            there = padded[other, row + down :, column + right :][:patch, :patch]
            alike = np.exp(-((np.abs(own - there).mean() / strength) ** 2))
            if alike >= 0.001:
                total, weight = total + alike * there[half, half], weight + alike
        made[row, column] = total / weight
    return made


@pytest.mark.parametrize(("frames", "here", "patch", "search"), [(1, 0, 3, 7), (3, 1, 5, 5)])
@pytest.mark.parametrize("strength", [0.6, 1.2, 4.0])
def test_it_is_what_the_definition_says(
    frames: int, here: int, patch: int, search: int, strength: float
) -> None:
    noisy = edges(frames, 20, 30)
    made = mean_of_alike(noisy, here, strength, patch, search)
    exact = defined(noisy, here, strength, patch, search)
    assert np.abs(made - exact).mean() < 0.01
    assert np.abs(made - exact).max() < 0.2, "in deviations of the noise"


def test_opencv_gives_nearly_the_same() -> None:
    noisy = edges(1, 150, 170)
    numbers = np.rint((noisy[0] + 6.0) * 64.0).astype(np.uint16)
    theirs = cv2.fastNlMeansDenoising(numbers, [64.0 * 1.2], None, 5, 11, cv2.NORM_L1)
    made = mean_of_alike(noisy, 0, 1.2, 5, 11)
    assert np.abs(made - (theirs / 64.0 - 6.0)).mean() < 0.02


def test_where_noise_is_far_below_the_range_nothing_changes() -> None:
    frames = np.linspace(0, 1e6, 400, dtype=np.float32).reshape(1, 20, 20)
    assert np.array_equal(mean_of_alike(frames, 0, 1.0, 5, 11), frames[0])


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (64, 5), (65, 40), (200, 3)])
def test_every_row_is_there_once(shape: tuple[int, int]) -> None:
    still = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(1, *shape) * 50.0
    assert mean_of_alike(still, 0, 1.0, 3, 5) == pytest.approx(still[0], abs=1e-3)
