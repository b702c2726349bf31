"""Intervals draw owners anew."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.learning import bootstrap
from xray_studio.core.learning.bootstrap import draws, interval, interval_of
from xray_studio.core.learning.scores import auroc


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


def test_the_interval_of_an_auroc_covers_it_and_narrows_with_owners() -> None:
    chance = np.random.default_rng(5)
    widths = []
    for count in (60, 600):
        truth = chance.random(count) < 0.4
        scores = chance.normal(truth * 1.0, 1.0)
        names = [str(n) for n in range(count)]
        low, high = interval_of(lambda w, s=scores, t=truth: auroc(s, t, w), names, 1) or (0, 0)
        assert low < auroc(scores, truth)[0] < high
        widths.append(high - low)
    assert widths[0] / widths[1] == pytest.approx(10**0.5, rel=0.3)


def test_all_things_of_an_owner_are_drawn_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = ["a", "b", "a", "c", "b"]
    (whole,) = draws(owners, 0, 50)
    assert (whole[:, 0] == whole[:, 2]).all()
    assert (whole[:, 1] == whole[:, 4]).all()
    assert (whole[:, 0] + whole[:, 1] + whole[:, 3] == 3).all(), "three owners at each draw"
    monkeypatch.setattr(bootstrap, "_BLOCK", 35)
    assert np.array_equal(np.concatenate(list(draws(owners, 0, 50))), whole), "in blocks the same"


def test_draws_without_a_score_do_not_count() -> None:
    owners = ["a", "b", "c"]
    assert interval_of(lambda w: np.full(len(w), np.nan), owners, 0) is None
    found = interval_of(lambda w: np.where(w[:, 0] > 0, 0.5, np.nan), owners, 0)
    assert found == [0.5, 0.5]
