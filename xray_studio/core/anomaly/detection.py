"""What a detector of the unusual finds: a map of scores for each frame, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.region import Region

Scores: TypeAlias = npt.NDArray[np.float32]
Numbers: TypeAlias = npt.NDArray[np.uint8]
FIXED: Final = "fixed"  # sources of thresholds
NORMALS: Final = "normals"
OTSU: Final = "otsu"
USER: Final = "user"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score on a place counts as unusual, and where that number comes from.

    `source` is "fixed" (part of the method), "normals" (a percentile of normal pictures that
    nothing was learned from), "otsu" (of the scores of this clip) or "user".
    """

    value: float
    source: str = FIXED


@dataclass(frozen=True, slots=True)
class DetectorMark:
    """Which detector it was, its version, and the model behind it; None where nothing learned.

    `digest` (SHA-256) changes with anything else that decides its answers: calibration and
    thresholds beside the weights, and other models that it asks. "" where the rest tells all.
    """

    name: str
    version: str
    model: ModelMark | None = None
    digest: str = ""

    @property
    def sha256(self) -> str:
        """The hash that tells it from others of its name and version; "" where there are none."""
        return self.digest or (self.model.sha256 if self.model else "")

    def facts(self) -> dict[str, Any]:
        """Return it by name, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreMap:
    """How unusual each place of one frame is.

    `values` are float32 (rows, columns), 0 to 1, of the size at which the detector works, to which
    the whole frame was squashed; `shape` is (rows, columns) of the frame itself. `fired` holds for
    each of them the number of the channel that says most, of those that the detection names.
    `score` (0 to 1) is that of the whole frame. `sop_instance_uid` ("" where nobody tells) and
    `number` (from 1) are the object and the frame there, `pixels_sha256` the hash of the stored
    values.
    """

    frame: int
    values: Scores
    fired: Numbers
    score: float
    shape: tuple[int, int]
    pixels_sha256: str
    sop_instance_uid: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Unusual:
    """A region of a frame whose scores reach the threshold.

    `box` and `area` are in pixels of the frame, `peak` is the (row, column) with the highest
    score, `score` that score and `mean` the mean over the region. `channels` are the shares of the
    region in which each channel says most, the largest first: why it was marked.
    """

    frame: int
    box: Region
    area: int
    peak: tuple[int, int]
    score: float
    mean: float
    channels: tuple[tuple[str, float], ...]

    def facts(self) -> dict[str, Any]:
        """Return it by name, for JSON; frames count from 1 there."""
        box = self.box
        return {
            "frame": self.frame + 1,
            "box": [box.x, box.y, box.width, box.height],
            "area": self.area,
            "peak": list(self.peak),
            "score": round(self.score, 4),
            "mean": round(self.mean, 4),
            "channels": {name: round(share, 4) for name, share in self.channels},
        }


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What a detector says of a clip.

    `maps` are those of its frames in order, empty where it abstains; `abstained` then is the
    sentence that tells why. `channels` say by name what each channel means, in the order of the
    numbers of `fired`. `notes` are sentences that belong to every reading of the answer.
    """

    detector: DetectorMark
    threshold: Threshold
    maps: tuple[ScoreMap, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    abstained: str = ""

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """The score of each frame, (frames,)."""
        return np.array([one.score for one in self.maps], np.float64)

    def at(self, value: float) -> Detection:
        """Return it with a threshold that a person chose, 0 to 1."""
        return replace(self, threshold=Threshold(min(1.0, max(0.0, value)), USER))

    def facts(self) -> dict[str, Any]:
        """Return what was asked and of what by name, for JSON; without maps and regions."""
        return {
            "detector": self.detector.facts(),
            "threshold": {"value": self.threshold.value, "source": self.threshold.source},
            "channels": dict(self.channels),
            "frames": [
                {
                    "frame": one.frame + 1, "score": round(one.score, 4),
                    "sop_instance_uid": one.sop_instance_uid, "number": one.number,
                    "pixels_sha256": one.pixels_sha256,
                }
                for one in self.maps
            ],
            "notes": list(self.notes),
            "abstained": self.abstained,
        }  # fmt: skip
