"""Otsu's threshold parts scores where a brute search does."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.anomaly.detection import (
    OTSU,
    Detection,
    DetectorMark,
    ScoreMap,
    Threshold,
)
from xray_studio.core.anomaly.otsu import by_otsu, otsu


def _map(values: np.ndarray) -> ScoreMap:
    fired = np.zeros(values.shape, np.uint8)
    return ScoreMap(0, values.astype(np.float32), fired, 0.5, values.shape, "")


def test_two_groups_are_parted() -> None:
    """Between two groups far from one another, at the middle of the gap."""
    values = np.full((20, 20), 0.1)
    values[:5] = 0.9
    assert otsu([_map(values)]) == pytest.approx(0.5, abs=0.01)


def test_it_is_the_best_of_all() -> None:
    """No other threshold has a larger variance between the groups."""
    rng = np.random.default_rng(1)
    values = np.clip(np.concatenate([rng.normal(0.2, 0.05, 600), rng.normal(0.6, 0.1, 200)]), 0, 1)
    found = otsu([_map(values.reshape(20, 40))])
    assert found is not None

    def apart(at: float) -> float:
        low, high = values[values < at], values[values >= at]
        return float(low.size * high.size * (low.mean() - high.mean()) ** 2)

    assert apart(found) >= max(apart(at) for at in np.linspace(0.1, 0.8, 200)) * 0.999


def test_nothing_is_parted_where_all_is_alike() -> None:
    """A map of one value has no two groups."""
    one = _map(np.full((4, 4), 0.3))
    assert otsu([one]) is None
    mark = DetectorMark("one", "1")
    assert by_otsu(Detection(mark, Threshold(0.5), (one,))) is None


def test_the_source_is_told() -> None:
    """What parts the scores of a clip says so."""
    values = np.full((4, 4), 0.1)
    values[0] = 0.8
    found = by_otsu(Detection(DetectorMark("one", "1"), Threshold(0.5), (_map(values),)))
    assert found is not None
    assert found.source == OTSU
