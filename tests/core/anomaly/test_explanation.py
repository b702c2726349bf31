"""A detector that can tell why is known from one that cannot."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.anomaly.detection import Detection, DetectorMark, Threshold
from xray_studio.core.anomaly.explanation import Contribution, Explanation, explains
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, finished
from xray_studio.core.region import Region
from xray_studio.services.anomaly.cine_change import CineChange


class _Telling:
    name, title, meaning = "telling", "Telling", "It tells."

    def __init__(self, _model: Path | None = None) -> None: ...

    def empty(self) -> Detection:
        return Detection(DetectorMark(self.name, "1"), Threshold(0.5))

    def unavailable(self) -> str:
        return ""

    def refused(self, _clip: Clip) -> str:
        return ""

    def detect(self, _clip: Clip) -> Job[Detection]:
        return finished(self.empty())

    def explain(self, _clip: Clip, _frame: int, _region: Region) -> Job[Explanation]:
        return finished(Explanation("It is bright.", (Contribution("mean", "brightness", 0.2),)))


def test_what_explains_is_known() -> None:
    """Only a detector that can tell why is asked for it."""
    assert explains(_Telling())
    assert not explains(CineChange())
