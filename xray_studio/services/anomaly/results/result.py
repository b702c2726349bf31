"""What is written of one file: the answer of a detector, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xray_studio.core.anomaly.detection import Detection, ScoreMap, Unusual
from xray_studio.core.clip import Clip
from xray_studio.imaging.unusual import Mask, marked, regions


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A clip with what a detector found in it, which abstained from nothing.

    `answer` is what is told of it as JSON. Regions below `least` pixels of the frame are left out.
    Pictures are of the frame with the highest score, or of `every` frame.
    """

    clip: Clip
    found: Detection
    answer: Mapping[str, Any]
    least: int = 1
    every: bool = False

    @property
    def shown(self) -> tuple[ScoreMap, ...]:
        """The maps that pictures are made of."""
        return (
            self.found.maps if self.every else (self.found.maps[int(self.found.scores.argmax())],)
        )

    def mask(self, one: ScoreMap) -> Mask:
        """Return what is marked in a frame, (rows, columns)."""
        return marked(one, self.found.threshold.value, self.least)

    def regions(self) -> list[Unusual]:
        """Return the regions of all frames, frame by frame, the highest score first."""
        numbers = range(len(self.found.maps))
        return [each for number in numbers for each in regions(self.found, number, self.least)]
