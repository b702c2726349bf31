"""Leads of an electrocardiogram obey Einthoven and Goldberger, and beat when they should."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.heartbeat import electrocardiogram

BEATS = np.array([0.4, 1.2, 2.05])
SAMPLES = electrocardiogram(BEATS, 3.0, 500.0, seed=2)


def test_leads_add_up() -> None:
    one, two, three, right, left, foot = SAMPLES.T[:6]
    assert two == pytest.approx(one + three)
    assert right + left + foot == pytest.approx(np.zeros(len(one)), abs=1e-9)
    assert right == pytest.approx(-(one + two) / 2.0)


def test_r_waves_stand_where_they_were_asked_for() -> None:
    two = SAMPLES[:, 1]
    for beat in BEATS:
        near = np.s_[round(500 * (beat - 0.2)) : round(500 * (beat + 0.2))]
        assert np.argmax(two[near]) / 500.0 - 0.2 == pytest.approx(0.0, abs=0.008)


def test_r_grows_across_the_chest() -> None:
    chest = SAMPLES[:, 6:]
    assert chest[:, 0].min() < -300.0
    assert chest[:, 4].max() > 800.0
    assert np.all(np.diff(chest.max(axis=0)[:5]) > 0)
