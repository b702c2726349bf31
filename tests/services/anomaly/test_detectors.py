"""Every detector keeps to what all have in common."""

from __future__ import annotations

import numpy as np
import pytest

from tests.services.clips import cine
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import run
from xray_studio.services.anomaly.detectors import DETECTORS, detector_called
from xray_studio.services.anomaly.offers import offers

COLOUR = cine(np.zeros((4, 8, 8, 3), np.uint8))


@pytest.mark.parametrize("name", DETECTORS.entries())
def test_it_tells_what_it_is_before_it_looks(name: str) -> None:
    """Name, title, meaning, threshold and channels are known unread; colours are refused."""
    one = detector_called(name)
    assert one.name == name
    assert one.title
    assert one.meaning.endswith(".")
    assert one.refused(COLOUR).endswith(".")
    if not one.unavailable():
        empty = one.empty()
        assert empty.detector.name == name
        assert 0.0 < empty.threshold.value <= 1.0
        assert not empty.maps
        abstained = run(one.detect(COLOUR))
        assert abstained.abstained == one.refused(COLOUR)
        assert not abstained.maps


def test_offers_say_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each detector is listed, those that cannot be asked with the reason."""
    found = {one.name: one for one in run(offers(Clip(COLOUR.source)))}
    assert list(found) == list(DETECTORS.entries())
    assert "at least 12 frames" in found["cine-change"].reason
    loop = cine(np.zeros((20, 64, 64), np.uint16), acquisition=Acquisition(modality="XA"))
    assert {one.name: one.reason for one in run(offers(loop))}["cine-change"] == ""

    def broken(_name: str) -> None:
        raise StudioError("Its model is damaged.")

    monkeypatch.setattr("xray_studio.services.anomaly.offers.detector_called", broken)
    assert {one.reason for one in run(offers(loop))} == {"Its model is damaged."}
