"""An isolation forest as arrays against scikit-learn's, its Shapley values against all subsets."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest

from xray_studio.ai.training.forest import grown
from xray_studio.core.anomaly.forest import LEAF, Forest, mean_depth
from xray_studio.core.anomaly.forest_values import depth_values


def _rows(count: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, columns)).astype(np.float32)


@pytest.mark.parametrize(("count", "columns"), [(2, 1), (40, 3), (600, 12)])
def test_scores_are_those_of_scikit_learn(count: int, columns: int) -> None:
    known, asked = _rows(count, columns), _rows(300, columns, 1) * 1.5
    theirs = IsolationForest(n_estimators=30, random_state=4).fit(known)
    mine = grown(known, trees=30, sample=256, seed=4)
    both = np.concatenate([asked, known])
    assert np.abs(mine.scores(both) + theirs.score_samples(both)).max() < 1e-9


def test_equal_numbers_go_where_scikit_learn_sends_them() -> None:
    known = np.round(_rows(300, 4) * 2).astype(np.float32)
    theirs = IsolationForest(n_estimators=20, random_state=1).fit(known)
    mine = grown(known, trees=20, sample=256, seed=1)
    assert np.abs(mine.scores(known) + theirs.score_samples(known)).max() < 1e-9


def test_a_forest_is_the_same_from_its_arrays() -> None:
    mine, rows = grown(_rows(300, 5), trees=10, sample=64, seed=0), _rows(50, 5, 2)
    again = Forest.of(mine.tensors(), mine.sample)
    assert np.array_equal(again.scores(rows), mine.scores(rows))
    assert mine.columns <= 5


def test_arrays_that_make_no_trees_are_refused() -> None:
    arrays = grown(_rows(60, 3), trees=3, sample=32, seed=0).tensors()
    lefts = arrays["lefts"].copy()
    lefts[0, 0] = 0  # a root that is its own child would never end
    with pytest.raises(ValueError, match="children"):
        Forest.of({**arrays, "lefts": lefts}, 32)
    with pytest.raises(ValueError, match="shapes"):
        Forest.of({**arrays, "cuts": arrays["cuts"][:, 1:]}, 32)


def test_values_are_those_of_all_subsets() -> None:
    forest, row = grown(_rows(80, 4), trees=7, sample=32, seed=3), _rows(1, 4, 9)[0] * 2
    values, base = depth_values(forest, row, 4)
    wanted = [
        sum(
            (_known(forest, row, {*some, column}) - _known(forest, row, set(some)))
            / (4 * comb(3, size))
            for size in range(4)
            for some in combinations([n for n in range(4) if n != column], size)
        )
        for column in range(4)
    ]
    assert np.allclose(values, wanted, atol=1e-9)
    assert np.isclose(base, _known(forest, row, set()))
    assert np.isclose(base + values.sum(), forest.depths(row[None])[0])


def _known(forest: Forest, row: np.ndarray, columns: set[int]) -> float:
    """Return the mean depth of a row of which only some columns are known."""

    def below(tree: int, node: int, depth: int) -> float:
        if forest.features[tree, node] == LEAF:
            return depth + float(mean_depth(forest.counts[tree, node]))
        left, right = int(forest.lefts[tree, node]), int(forest.rights[tree, node])
        column = int(forest.features[tree, node])
        if column in columns:
            is_left = row[column] <= forest.cuts[tree, node]
            return below(tree, left if is_left else right, depth + 1)
        share = forest.counts[tree, left] / forest.counts[tree, node]
        return float(
            share * below(tree, left, depth + 1) + (1 - share) * below(tree, right, depth + 1)
        )

    return float(np.mean([below(tree, 0, 0) for tree in range(len(forest.features))]))
