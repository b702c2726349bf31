"""Scores, against scikit-learn and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, jaccard_score, roc_auc_score

from xray_studio.core.learning.scores import (
    auprc,
    auroc,
    calibrated_band,
    calibration_error,
    dice,
    overlap,
    rank_correlation,
)

SETS = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 3)), min_size=2, max_size=60
)


@given(SETS)
def test_areas_are_those_of_scikit_learn_with_ties_and_weights(
    things: list[tuple[int, bool, int]],
) -> None:
    scores, truth, weights = (np.array(part) for part in zip(*things, strict=True))
    scores, truth = scores / 9.0, truth.astype(bool)
    assume(weights[truth].sum() > 0)
    assume(weights[~truth].sum() > 0)
    rows = np.stack([np.ones(len(scores)), weights])
    for ours, theirs in ((auroc, roc_auc_score), (auprc, average_precision_score)):
        expected = [theirs(truth, scores, sample_weight=row) for row in rows]
        assert ours(scores, truth, rows) == pytest.approx(expected)
        assert ours(scores, truth) == pytest.approx(expected[:1])


def test_areas_by_hand() -> None:
    scores, truth = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    assert auroc(scores, truth) == pytest.approx([0.75])
    assert auprc(scores, truth) == pytest.approx([(1 + 2 / 3) / 2])
    assert auroc(np.zeros(4), truth) == pytest.approx([0.5])
    assert auprc(np.zeros(4), truth) == pytest.approx([0.5])


def test_one_kind_alone_has_no_area() -> None:
    assert np.isnan(auroc(np.array([0.1, 0.2]), np.array([True, True]))).all()
    assert np.isnan(auprc(np.array([0.1, 0.2]), np.array([False, False]))).all()


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([0.1, 0.1, 0.9, 0.9])
    assert calibration_error(probabilities, np.array([0, 0, 1, 1], bool)) == pytest.approx(0.1)
    assert calibration_error(probabilities, np.array([1, 1, 0, 0], bool)) == pytest.approx(0.9)
    both = np.stack([probabilities, probabilities], 1)
    truth = np.array([[0, 1], [0, 1], [1, 0], [1, 0]], bool)
    assert calibration_error(both, truth) == pytest.approx(0.5)
    assert calibration_error(np.ones(3), np.ones(3, bool)) == 0.0


def test_a_calibrated_model_is_in_its_band_and_a_bold_one_is_not() -> None:
    chance = np.random.default_rng(4)
    probabilities = chance.beta(2, 2, 300)
    low, high = calibrated_band(probabilities, 1)
    errors = [
        calibration_error(probabilities, chance.random(300) < probabilities) for _ in range(200)
    ]
    inside = np.mean([low <= error <= high for error in errors])
    assert 0.82 < inside < 0.97, "nine in ten"
    bold = np.clip(0.5 + 1.8 * (probabilities - 0.5), 0, 1)
    truth = chance.random(300) < probabilities
    assert calibration_error(bold, truth) > calibrated_band(bold, 1)[1]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_regions_that_agree(pixels: list[tuple[bool, bool]]) -> None:
    one, other = (np.array(part) for part in zip(*pixels, strict=True))
    shared = overlap(one, other)
    assert dice(one, other) == pytest.approx(2 * shared / (1 + shared))
    if one.any() or other.any():
        assert shared == pytest.approx(jaccard_score(one, other))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 3)), min_size=3, max_size=40))
def test_the_rank_correlation_is_that_of_scipy_with_ties(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(part, float) for part in zip(*pairs, strict=True))
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        assert rank_correlation(one, other) == 0.0
    else:
        assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
        assert rank_correlation(one[None], -one[None]) == pytest.approx(-1.0)
