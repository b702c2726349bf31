"""Exact rates, durations, and how far pictures are apart."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.output import Difference, OutputSpec, difference, exact_rate


@pytest.mark.parametrize(
    ("told", "meant"),
    [(15, "15"), (29.97, "30000/1001"), (23.976, "24000/1001"), (59.94, "60000/1001"),
     (12.5, "25/2"), (7.5, "15/2"), (1000 / 33.367, "30000/1001"), (1000 / 66.67, "15"),
     (1000 / 33.3, "10000/333"), (1000 / 33, "1000/33"), (0.5, "1/2"), (119.88, "120000/1001")],
)  # fmt: skip
def test_rates_stand_for_fractions(told: float, meant: str) -> None:
    assert exact_rate(told) == Fraction(meant)


@given(st.floats(0.01, 1000))
def test_a_rate_is_never_far_off(rate: float) -> None:
    assert float(exact_rate(rate)) == pytest.approx(rate, rel=2e-4)


def test_duration() -> None:
    assert OutputSpec(2, 2, False, 30, Fraction(30000, 1001)).duration == Fraction(1001, 1000)
    starts = (Fraction(0), Fraction(1, 3))
    real = OutputSpec(2, 2, False, 2, Fraction(2), starts=starts, end=Fraction(4, 5))
    assert real.duration == Fraction(4, 5)


def test_difference_in_grey_levels() -> None:
    a, b = np.zeros((40, 50), np.uint8), np.zeros((40, 50), np.uint8)
    assert difference(a, b) == Difference(0.0, 0, 0.0)
    b[:, :] = 3
    assert difference(a, b) == Difference(3.0, 3, 3.0)
    b[:, :] = 0
    b[0, 0] = 255
    found = difference(a, b)
    assert (found.most, found.coarse < 1.0) == (255, True)


def test_a_wrong_picture_is_far_and_noise_is_near() -> None:
    chance = np.random.default_rng(0)
    picture = np.add.outer(np.arange(256), np.arange(256)).astype(np.uint8)
    noisy = np.clip(picture + chance.normal(0, 10, picture.shape), 0, 255).astype(np.uint8)
    assert difference(noisy, picture).coarse < 6 < difference(picture[::-1], picture).coarse
    colours = np.stack([picture] * 3, axis=-1)
    assert difference(colours[:5, :7], colours[:5, :7]) == Difference(0.0, 0, 0.0)
