"""Variance stabilisation: even noise, and a way back whose mean is right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from xray_studio.core.scene import Noise
from xray_studio.imaging.stabilise import Stabiliser

NOISES = [
    Noise(1, 0),
    Noise(1, 0.1),
    Noise(0.45, 9),
    Noise(3.6, 64),
    Noise(2, 2000),
    Noise(1, -300),
]


def mean_after(counts: float, noise: Noise, stable: Stabiliser) -> float:
    """Return the mean of stabilised values by summing over all counts and deviations."""
    start = max(0.0, -noise.ground / noise.gain)
    deviation = max(noise.ground + noise.gain * start, 0.0) ** 0.5
    number = np.arange(int(counts + 14 * counts**0.5 + 40))
    nodes, weights = np.polynomial.hermite_e.hermegauss(101)
    values = start + noise.gain * number[:, None] + deviation * nodes
    even = stable.forward(values.astype(np.float32)).astype(np.float64)
    return float(poisson.pmf(number, counts) @ even @ (weights / weights.sum()))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("counts", [1, 1.5, 2, 3, 5, 8, 13, 30, 100, 400, 3000])
def test_the_way_back_is_unbiased_from_one_count_on(noise: Noise, counts: float) -> None:
    stable = Stabiliser(noise, 0.0, 4095.0 * noise.gain)
    mean = np.full((1, 1), mean_after(counts, noise, stable), np.float32)
    true = max(0.0, -noise.ground / noise.gain) + counts * noise.gain
    assert float(stable.back(mean)[0, 0]) == pytest.approx(true, rel=1e-3)


@pytest.mark.parametrize("counts", [1, 4, 25, 600])
def test_the_mean_of_simulated_counts_comes_back(counts: float) -> None:
    rng = np.random.default_rng(1)
    values = (rng.poisson(counts, 6_000_000) + rng.normal(0, 0.5, 6_000_000)).astype(np.float32)
    stable = Stabiliser(Noise(1.0, 0.25), 0.0, 4095.0)
    mean = stable.forward(values[None]).mean(dtype=np.float64)
    found = float(stable.back(np.full((1, 1), mean, np.float32))[0, 0])
    chance = 3 * ((counts + 0.25) / values.size) ** 0.5
    assert found == pytest.approx(counts, abs=1e-3 * counts + chance)


@pytest.mark.parametrize("counts", [5, 20, 200, 3000])
def test_noise_is_even_afterwards(counts: float) -> None:
    rng = np.random.default_rng(2)
    values = 0.45 * rng.poisson(counts, 400_000) + rng.normal(0, 3, 400_000)
    even = Stabiliser(Noise(0.45, 9.0), 0.0, 4095.0).forward(values.astype(np.float32)[None])
    assert even.std() == pytest.approx(1.0, abs=0.05)


def test_noise_that_does_not_grow_is_only_scaled() -> None:
    stable = Stabiliser(Noise(0.0, 25.0), 0.0, 4095.0)
    values = np.linspace(-10, 5000, 77, dtype=np.float32)[None]
    assert stable.forward(values) == pytest.approx(values / 5.0)
    assert stable.back(stable.forward(values)) == pytest.approx(values, rel=1e-6)


@given(
    gain=st.floats(0, 1e4), ground=st.floats(-1e4, 1e6), low=st.floats(-1e4, 1e3),
    span=st.floats(1e-3, 1e5),
)  # fmt: skip
def test_what_goes_forward_comes_back_finite_and_in_order(
    gain: float, ground: float, low: float, span: float
) -> None:
    stable = Stabiliser(Noise(gain, ground), low, low + span)
    values = np.linspace(low - 0.2 * span, low + 1.2 * span, 500, dtype=np.float32)[None]
    even = stable.forward(values)
    assert np.isfinite(even).all()
    slack = 1e-5 * (1.0 + float(np.abs(even).max()))
    assert (np.diff(even) >= -slack).all()
    assert np.isfinite(stable.back(even)).all()


def test_values_below_all_noise_come_back_as_they_were() -> None:
    """As those beyond the circle of a CT, far below where the line of its noise meets 0."""
    stable = Stabiliser(Noise(0.1158, 300.8), -33_792.0, 31_743.0)
    values = np.linspace(-3100.0, -2598.0, 64, dtype=np.float32).reshape(8, 8)
    assert np.abs(stable.back(stable.forward(values)) - values).max() < 0.1
