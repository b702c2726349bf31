"""Detectors that somebody brings answer as every detector does, or are told and not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.services.anomaly.fakes import Telling
from tests.services.clips import cine
from xray_studio.core.anomaly.detection import Detection, ScoreMap, Threshold
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.job import Job, run
from xray_studio.services.anomaly.contract import answered


class Brought(Telling):
    """A detector whose answer is changed on its way."""

    def __init__(self, change: Callable[[Detection], object]) -> None:
        super().__init__()
        self.change = change

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at each frame."""
        found = yield from super().detect(clip)
        changed: Detection = self.change(found)  # type: ignore[assignment]
        return changed


def _maps(change: Callable[[ScoreMap], ScoreMap]) -> Callable[[Detection], Detection]:
    return lambda found: replace(found, maps=tuple(change(one) for one in found.maps))


def test_what_holds_is_handed_on() -> None:
    """With all that it told on its way."""
    assert len(run(answered(Telling(), cine())).maps) == len(cine())


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("no detection", lambda _found: None),
        ("no maps", lambda found: replace(found, maps=())),
        ("those of the frames", lambda found: replace(found, maps=found.maps[1:])),
        ("threshold", lambda found: replace(found, threshold=Threshold(float("nan")))),
        ("32-bit", _maps(lambda one: replace(one, values=np.stack([one.values] * 3)))),
        ("32-bit", _maps(lambda one: replace(one, values=one.values.astype(np.float64)))),
        ("32-bit", _maps(lambda one: replace(one, values=one.values[:0]))),
        ("each place", _maps(lambda one: replace(one, fired=one.fired[:3]))),
        ("does not name", _maps(lambda one: replace(one, fired=one.fired + np.uint8(9)))),
        ("another size", _maps(lambda one: replace(one, shape=(10, 10)))),
        ("from 0 to 1", _maps(lambda one: replace(one, values=one.values * np.float32(5)))),
        ("from 0 to 1", _maps(lambda one: replace(one, values=one.values * np.float32("nan")))),
        ("from 0 to 1", _maps(lambda one: replace(one, score=float("nan")))),
        (r"failed \(ZeroDivisionError\)", lambda _found: 1 // 0),
    ],
)
def test_an_answer_that_cannot_be_one_is_told(
    words: str, change: Callable[[Detection], object]
) -> None:
    """By the name of the detector, and nothing is shown."""
    with pytest.raises(UnreadableError, match=f"detector telling.*{words}"):
        run(answered(Brought(change), cine()))


def test_its_own_reasons_are_told_as_they_are() -> None:
    """A sentence of a detector stays."""

    def refuse(_found: Detection) -> None:
        raise StudioError("There is no lamp in it.")

    with pytest.raises(StudioError, match="no lamp"):
        run(answered(Brought(refuse), cine()))
