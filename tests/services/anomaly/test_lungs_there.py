"""Lungs are looked for in films, and nothing is said where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.services.clips import Frames, cine
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.imaging.chest.radiograph import take
from xray_studio.services.anomaly import lungs_there
from xray_studio.services.anomaly.detectors import detector_called
from xray_studio.services.anomaly.lungs_there import lungs_for, lungs_in


def test_a_missing_model_costs_the_names_of_places_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are told by the picture then."""

    def missing(_task: str) -> None:
        raise UsageError("No model is installed.")

    monkeypatch.setattr(lungs_there, "model_for", missing)
    assert run(lungs_in(cine(np.zeros((1, 64, 64), np.uint16)))) is None


def test_a_film_that_is_known_to_be_frontal_is_not_asked_about() -> None:
    """The lungs are those that `lungs` finds, without a process of networks."""
    film = (take("PA", 1, 256).now >> 4).astype(np.uint8)[None]
    clip = Clip(Frames(film), acquisition=Acquisition(modality="DX"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lungs_there, "Engine", None)
        found = run(lungs_for(detector_called("default"), clip))
    assert found is not None
    assert found.shape == film.shape[1:]
    assert 0.2 < found.mean() < 0.6


def test_a_loop_of_bars_has_no_lungs() -> None:
    """What the view classifier takes for no frontal film gets no zones."""
    assert run(lungs_in(cine(np.zeros((1, 64, 64), np.uint16)))) is None
