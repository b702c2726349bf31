"""How far detectors of films reach: told for the models that ship, as their cards have it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from xray_studio.services.anomaly.reach import REACH, reach_of
from xray_studio.services.learning.models.installed import how_to_get, model_for
from xray_studio.services.learning.tasks.anomaly import RECIPE_TASK, TASK

CARDS = Path(__file__).parents[3] / "docs" / "models"


@pytest.mark.parametrize(
    ("task", "detector"), [(TASK, "default"), (RECIPE_TASK, "hog-vit-iforest")]
)
def test_shipped_models_tell_the_numbers_of_their_cards(task: str, detector: str) -> None:
    """A figure in the panel is one of the card, with its interval, for this model alone."""
    model = model_for(task).model
    told = reach_of(model.digest)
    card = (CARDS / f"{model.name}.md").read_text("utf-8")
    rows = [line for line in card.splitlines() if line.startswith(f"| {detector} |")]
    figures = re.findall(r"0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)", told)
    assert len(figures) == 2
    assert all(any(figure in row for row in rows) for figure in figures)


def test_of_other_models_nothing_is_claimed() -> None:
    """A model that somebody trained has not been scored by this program's tables."""
    assert len(REACH) == 2
    assert reach_of("ab" * 32) == ""
    shipped = model_for(TASK).model
    assert reach_of(replace(shipped, calibration={}).digest) == "", "another calibration"


def test_who_lacks_a_model_is_told_a_way_that_there_is() -> None:
    """`anomalies` takes no --model: a detector asks what is installed."""
    for task in (TASK, RECIPE_TASK):
        assert how_to_get(task).endswith("and install it: xray-studio models install")
    assert "--model" in how_to_get("report")
