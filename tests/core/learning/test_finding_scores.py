"""Areas within parts, and operating points."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from xray_studio.core.learning.finding_scores import Judged, areas
from xray_studio.core.learning.operating import LEAST, best_point, counting_point, sensitive_point


def _judged(studies: int = 400) -> Judged:
    chance = np.random.default_rng(1)
    truth = (chance.random((studies, 3)) < 0.3) * 1.0
    scores = truth + chance.normal(0.0, 1.0, truth.shape)
    parts = chance.integers(0, 2, studies)
    truth[:20, 1] = np.nan
    truth[parts == 1, 2] = 0.0
    return Judged(scores, truth, parts, [str(n) for n in range(studies)])


def test_areas_compare_within_a_part_alone() -> None:
    judged = _judged()
    moved = Judged(
        judged.scores + 100.0 * judged.parts[:, None], judged.truth, judged.parts, judged.owners
    )
    assert moved.area(0) == pytest.approx(judged.area(0))
    own = judged.parts == 0
    assert judged.area(2)[0] == pytest.approx(
        roc_auc_score(judged.truth[own, 2], judged.scores[own, 2])
    )
    alone = Judged(judged.scores, judged.truth, 0 * judged.parts, judged.owners)
    known = ~np.isnan(judged.truth[:, 1])
    wanted = roc_auc_score(judged.truth[known, 1], judged.scores[known, 1])
    assert alone.area(1)[0] == pytest.approx(wanted)


def test_labels_count_that_have_positives_enough_in_each_part() -> None:
    judged = _judged()
    assert judged.counted() == [0, 1], "the third has none in one part"
    found = areas(judged, judged.counted(), seed=1)
    assert found.mean == pytest.approx((found.labels[0] + found.labels[1]) / 2.0)
    assert found.mean_interval is not None
    assert found.mean_interval[0] < found.mean < found.mean_interval[1]
    few = areas(judged, judged.counted(), seed=1, each=False)
    assert set(few.intervals) == {0, 1}
    assert few.mean_interval == found.mean_interval


def test_operating_points() -> None:
    scores = np.array([0.9, 0.8, 0.8, 0.4, 0.3, 0.2, 0.1, 0.1, 0.05, 0.01])
    truth = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0, 0], bool)
    assert best_point(scores, truth) == pytest.approx(0.35)
    assert counting_point(scores, truth) == best_point(scores, truth)
    assert counting_point(scores / 10.0, truth) == LEAST, (
        "a few per cent are no finding that is seen"
    )
    assert sensitive_point(scores, truth) == pytest.approx(0.4)
    many = np.arange(100) / 100.0
    assert sensitive_point(many, many >= 0.5) == pytest.approx(0.55)
    with pytest.raises(ValueError, match="one kind"):
        best_point(scores, np.ones(10, bool))
