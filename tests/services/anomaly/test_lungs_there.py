"""Lungs are looked for in films, and nothing is said where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.services.clips import cine
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.services.anomaly import lungs_there
from xray_studio.services.anomaly.lungs_there import lungs_in


def test_a_missing_model_costs_the_names_of_places_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are told by the picture then."""

    def missing(_task: str) -> None:
        raise UsageError("No model is installed.")

    monkeypatch.setattr(lungs_there, "model_for", missing)
    assert run(lungs_in(cine(np.zeros((1, 64, 64), np.uint16)))) is None


def test_a_loop_of_bars_has_no_lungs() -> None:
    """What the view classifier takes for no frontal film gets no zones."""
    assert run(lungs_in(cine(np.zeros((1, 64, 64), np.uint16)))) is None
