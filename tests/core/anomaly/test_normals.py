"""Ranks among normal things, and what is left over of rows."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.anomaly.normals import Ranks, Subspace


def test_shares_are_those_of_normal_things_below() -> None:
    normal = np.random.default_rng(0).normal(size=20_000)
    ranks = Ranks.among(normal)
    assert np.allclose(ranks.shares([-9.0, 0.0, 1.645, 9.0]), [0.0, 0.5, 0.95, 1.0], atol=0.01)
    again = Ranks.of(ranks.told())
    assert np.allclose(again.shares(normal[:50]), ranks.shares(normal[:50]), atol=1e-3)


def test_of_strange_things_the_stranger_one_has_the_higher_share() -> None:
    shares = Ranks.among(np.arange(100.0)).shares([99.0, 120.0, 400.0])
    assert 0.99 < shares[0] < shares[1] < shares[2] <= 1.0


def test_things_that_are_all_equal_are_neither_low_nor_high() -> None:
    ranks = Ranks.among(np.zeros(10))
    assert ranks.shares([0.0])[0] == pytest.approx(0.5)


@pytest.mark.parametrize("told", [[], [1.0], [2.0, 1.0]])
def test_what_are_no_quantiles_is_refused(told: list[float]) -> None:
    with pytest.raises(ValueError, match="quantiles"):
        Ranks.of(told)


def test_what_varies_in_normal_rows_is_not_left_over() -> None:
    chance = np.random.default_rng(1)
    parts = chance.normal(size=(3, 40)).astype(np.float32)
    rows = chance.normal(size=(200, 3)).astype(np.float32) @ parts
    space = Subspace.of(rows, 10)
    assert space.basis.shape[1] == 3
    assert space.left(rows).mean() < 1e-6
    strange = rows[:1].copy()
    strange[0, 7] += 20.0
    assert space.left(strange)[0].argmax() == 7
