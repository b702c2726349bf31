"""Intervals draw owners anew."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.learning.bootstrap import interval, interval_of, weights


def test_intervals_draw_owners_not_films() -> None:
    one = [1.0, 1.1, 0.9, 1.0] * 6
    owners = [str(place // 4) for place in range(24)]
    low, high = interval(one, owners, 1) or (0, 0)
    assert low == pytest.approx(high), "each owner has the same mean"
    low, high = interval(one, [str(place) for place in range(24)], 1) or (0, 0)
    assert low < 1.0 < high
    assert interval(one[:2], ["a", "b"], 1) is None


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    low, high = interval(list(values), [str(n) for n in range(400)], 3) or (0, 0)
    error = 1.96 * values.std() / 400**0.5
    assert (low, high) == pytest.approx((values.mean() - error, values.mean() + error), abs=0.03)


def test_all_things_of_an_owner_are_drawn_as_often() -> None:
    owners = ["a", "b", "a", "c", "b"]
    drawn = weights(owners, 0, 50)
    assert drawn is not None
    assert (drawn[:, 0] == drawn[:, 2]).all()
    assert (drawn[:, 1] == drawn[:, 4]).all()
    assert (drawn[:, 0] + drawn[:, 1] + drawn[:, 3] == 3).all(), "three owners are drawn each time"


def test_draws_without_a_score_do_not_count() -> None:
    owners = ["a", "b", "c"]
    assert interval_of(lambda w: np.full(len(w), np.nan), owners, 0) is None
    found = interval_of(lambda w: np.where(w[:, 0] > 0, 0.5, np.nan), owners, 0)
    assert found == [0.5, 0.5]
