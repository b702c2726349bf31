"""Stored numbers of processed frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.processed import Values, coding_of
from xray_studio.core.scene import Scene


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e7), seed=st.integers(0, 99))
def test_numbers_are_the_nearest_ones_of_the_coding(low: float, span: float, seed: int) -> None:
    coding = coding_of(Scene(low, low + span))
    shape = (7, 11)
    values = np.random.default_rng(seed).uniform(low - span, low + 2 * span, shape)
    found = Values((), coding, colour=False).coded(values.astype(np.float32), np.zeros(shape))
    exact = (values.astype(np.float32).astype(np.float64) - coding.intercept) / coding.slope
    assert np.array_equal(found, np.clip(np.rint(exact), 0, 65_535))


@pytest.mark.parametrize("shape", [(400, 500), (3, 70_000), (1, 1)])
def test_whole_values_stay_whole_whatever_the_size(shape: tuple[int, int]) -> None:
    whole = np.random.default_rng(1).integers(-1024, 3071, shape).astype(np.float32)
    coding = coding_of(Scene(-1024.0, 3071.0))
    found = Values((), coding, colour=False).coded(whole, np.zeros(shape))
    assert np.array_equal(found * coding.slope + coding.intercept, whole)
