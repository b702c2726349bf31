"""Outputs of networks joined and calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.learning import fusion


def test_views_are_joined() -> None:
    one, other = np.array([[1.0, 3.0]]), np.array([[3.0, -1.0]])
    assert fusion.joined(one, other)[0].tolist() == [[2.0, 1.0]]
    assert fusion.joined(one, other)[1] == "both"
    assert fusion.joined(one, None) == (one, "frontal")
    assert fusion.joined(None, other) == (other, "lateral")
    with pytest.raises(ValueError, match="neither"):
        fusion.joined(None, None)


def test_a_line_is_found_again_and_unknown_truth_does_not_count() -> None:
    chance = np.random.default_rng(1)
    outputs = chance.normal(0.0, 2.0, (20000, 2))
    truth = (chance.random(outputs.shape) < fusion.probabilities(0.5 * outputs - 1.0)) * 1.0
    truth[:5000] = np.nan
    outputs[:5000] = 100.0
    slopes, shifts = fusion.fitted(outputs, truth)
    assert slopes == pytest.approx([0.5, 0.5], abs=0.03)
    assert shifts == pytest.approx([-1.0, -1.0], abs=0.06)


def test_a_label_without_positives_stays_near_the_others() -> None:
    chance = np.random.default_rng(2)
    outputs = chance.normal(0.0, 1.0, (200, 3))
    truth = (chance.random(outputs.shape) < fusion.probabilities(outputs)) * 1.0
    truth[:, 2] = 0.0
    slopes, shifts = fusion.fitted(outputs, truth)
    assert np.isfinite([slopes, shifts]).all()
    assert slopes[2] == pytest.approx(slopes[0], abs=0.5)
    assert shifts[2] < shifts[0] - 1.0
