"""Outputs of networks joined and calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.learning import fusion


def test_views_count_by_their_slopes() -> None:
    slopes = {"frontal": np.array([[2.0]]), "lateral": np.array([[3.0]])}
    slopes["both"] = np.array([[0.5, 0.25]])
    known = fusion.Calibration(slopes, dict.fromkeys(fusion.SEEN, np.array([1.0])))
    one, other = np.array([[4.0]]), np.array([[8.0]])
    assert known.logits(one, other).tolist() == [[5.0]]
    assert known.logits(one, None).tolist() == [[9.0]]
    assert known.logits(None, other).tolist() == [[25.0]]
    assert known.slope("lateral", "both").tolist() == [0.25]
    assert known.slope("lateral", "lateral").tolist() == [3.0]
    with pytest.raises(ValueError, match="neither"):
        known.logits(None, None)


def test_lines_are_found_again_and_unknown_truth_does_not_count() -> None:
    chance = np.random.default_rng(1)
    outputs = chance.normal(0.0, 2.0, (20000, 2, 2))
    chances = fusion.probabilities(outputs @ [0.5, 0.25] - 1.0)
    truth = (chance.random(chances.shape) < chances) * 1.0
    truth[:5000] = np.nan
    slopes, shifts = fusion.fitted(outputs, truth, chances.mean(axis=0))
    assert slopes == pytest.approx(np.array([[0.5, 0.25]] * 2), abs=0.03)
    assert shifts == pytest.approx([-1.0, -1.0], abs=0.06)


def test_few_studies_hardly_move_a_label_and_its_share_is_met() -> None:
    chance = np.random.default_rng(2)
    outputs = chance.normal(0.0, 1.0, (200, 3, 1))
    truth = (chance.random((200, 3)) < fusion.probabilities(outputs[..., 0])) * 1.0
    truth[:, 2] = 0.0
    shares = np.array([0.5, 0.3, 0.01])
    slopes, shifts = fusion.fitted(outputs, truth, shares)
    assert slopes[2, 0] == pytest.approx(slopes[0, 0], abs=0.5)
    met = fusion.probabilities(outputs[..., 0] * slopes[:, 0] + shifts).mean(axis=0)
    assert met == pytest.approx(shares, abs=1e-6)
