"""What is written of one file: the answer of a detector, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xray_studio.core.anomaly.detection import Detection, ScoreMap, Unusual
from xray_studio.core.clip import Clip
from xray_studio.core.masked_source import masked
from xray_studio.core.region import Region
from xray_studio.imaging.unusual import Mask, marked, regions


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A clip with what a detector found in it, which abstained from nothing.

    `answer` is what is told of it as JSON. Regions below `least` pixels of the frame are left out.
    Pictures are of the frame with the highest score, of `every` frame, or of one `frame` (from 0);
    in `masks` they are black.
    """

    clip: Clip
    found: Detection
    answer: Mapping[str, Any]
    least: int = 1
    every: bool = False
    frame: int | None = None
    masks: tuple[Region, ...] = ()

    @property
    def shown(self) -> tuple[ScoreMap, ...]:
        """The maps that pictures are made of."""
        maps = self.found.maps
        if self.frame is not None:
            return tuple(one for one in maps if one.frame == self.frame)
        return maps if self.every else (maps[int(self.found.scores.argmax())],)

    @property
    def pictured(self) -> Clip:
        """The clip as pictures show it."""
        return masked(self.clip, self.masks)

    def mask(self, one: ScoreMap) -> Mask:
        """Return what is marked in a frame, (rows, columns)."""
        return marked(one, self.found.threshold.value, self.least)

    def regions(self) -> list[Unusual]:
        """Return the regions of all frames, frame by frame, the highest score first."""
        numbers = range(len(self.found.maps))
        return [each for number in numbers for each in regions(self.found, number, self.least)]
