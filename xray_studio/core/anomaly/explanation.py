"""Why a detector marked a region: what each thing that it looks at adds, and pictures of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeGuard, runtime_checkable

from xray_studio.core.anomaly.detection import Scores
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job
from xray_studio.core.region import Region


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one thing adds to the score of a region.

    `name` is short, as the detector calls it, `words` say in a phrase what it is; `value` is above
    0 where it makes the region more unusual, below 0 where it makes it less so, in the unit that
    the explanation names.
    """

    name: str
    words: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A picture that explains: where the detector looked, for one frame.

    `values` are float32 (rows, columns), 0 to 1, to which the whole frame was squashed; `title` is
    its name in a few words, `meaning` what its values tell, in a sentence.
    """

    title: str
    meaning: str
    values: Scores


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a region was marked.

    `sentence` tells it in words, `contributions` what each thing adds, in the order in which they
    are told, `unit` what their values count (such as "parts of the score"), `sights` where the
    detector looked.
    """

    sentence: str
    contributions: tuple[Contribution, ...] = ()
    unit: str = ""
    sights: tuple[Sight, ...] = ()


@runtime_checkable
class Explaining(Protocol):
    """What a detector also does that can tell why it marked a region."""

    def explain(self, clip: Clip, frame: int, region: Region) -> Job[Explanation]:
        """Tell why a region, in pixels of a frame (from 0) of the clip as it is stored, stands out.

        Raises StudioError where the frame cannot be read or a model cannot be used.
        """


def explains(detector: AnomalyDetector) -> TypeGuard[Explaining]:
    """Tell whether a detector can tell why it marked a region."""
    return isinstance(detector, Explaining)
