"""What readers make of marked regions, and what another threshold would do to these."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from xray_studio.core.anomaly.detection import DetectorMark
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.region import Region

Line = tuple[tuple[float, float], ...]
LONGEST: Final = 64  # letters of the name of a reader
_LARGEST: Final = 65_535  # pixels of a side of a frame (PS3.5: Rows and Columns are US)
_HASH: Final = re.compile("[0-9a-f]{64}")


class Verdict(enum.StrEnum):
    """What a reader says of a region."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REDRAWN = "redrawn"


@dataclass(frozen=True, slots=True)
class Act:
    """What a reader said of a region at a time (ISO 8601, UTC).

    It is bound to pixels (SHA-256 of the stored values of the frame), detector and model. `shape`
    is (rows, columns) of the frame, `box` what the detector marked, at `threshold`. `outline` are
    borders, (column, row), of what the reader means: the region, or what was drawn in its place;
    what lies within an odd number of them. `score` is the highest within, `marked_score` that of
    what the detector marked, which is the same at every threshold that marks it.
    """

    time: str
    reader: str
    verdict: Verdict
    detector: DetectorMark
    pixels_sha256: str
    frame: int
    shape: tuple[int, int]
    box: Region
    score: float
    threshold: float
    outline: tuple[Line, ...]
    marked_score: float

    @property
    def subject(self) -> tuple[object, ...]:
        """Whose it is, and the frame and detector whose regions it is about."""
        return self.reader, self.detector, self.pixels_sha256, self.frame

    def is_about(self, box: Region, score: float, threshold: float) -> bool:
        """Tell whether it is about a region of its frame, at whatever threshold that was marked.

        At a lower threshold the same region is larger, and its highest score stays.
        """
        if self.box == box:
            return True
        if score != self.marked_score or threshold == self.threshold:
            return False
        larger, smaller = (self.box, box) if self.threshold < threshold else (box, self.box)
        return smaller.shared(larger) == smaller.area

    def replaces(self, other: Act) -> bool:
        """Tell whether it takes the place of an earlier act: of the same reader, and region."""
        same = self.is_about(other.box, other.marked_score, other.threshold)
        return self.subject == other.subject and same

    def plain(self) -> dict[str, Any]:
        """Return it by name, for JSON; frames count from 1 there."""
        box = self.box
        return {
            "time": self.time, "reader": self.reader, "verdict": str(self.verdict),
            "detector": self.detector.facts(),
            "pixels_sha256": self.pixels_sha256, "frame": self.frame + 1,
            "shape": list(self.shape), "box": [box.x, box.y, box.width, box.height],
            "score": self.score, "marked_score": self.marked_score, "threshold": self.threshold,
            "outline": [[[round(x, 2), round(y, 2)] for x, y in line] for line in self.outline],
        }  # fmt: skip


def act_of(plain: Any) -> Act:
    """Return an act from what `plain` gave. Raises KeyError, TypeError, ValueError for others."""
    mark, model = plain["detector"], plain["detector"]["model"]
    known = None
    if model is not None:
        known = ModelMark(str(model["name"]), str(model["version"]), str(model["sha256"]))
    rows, columns = (int(one) for one in plain["shape"])
    lines = tuple(tuple((float(x), float(y)) for x, y in line) for line in plain["outline"])
    score, threshold = float(plain["score"]), float(plain["threshold"])
    marked_score = float(plain.get("marked_score", score))
    numbers = [score, marked_score, threshold]
    numbers += [value / _LARGEST for line in lines for point in line for value in point]
    possible = all(-1.0 <= one <= 1.0 for one in numbers) and all(lines)
    if not (possible and 0 < rows <= _LARGEST and 0 < columns <= _LARGEST):
        raise ValueError("The numbers of an act are those of no frame.")
    if not _HASH.fullmatch(str(plain["pixels_sha256"])):
        raise ValueError("The pixels of an act have no hash.")
    return Act(
        str(plain["time"]), str(plain["reader"]), Verdict(plain["verdict"]),
        DetectorMark(
            str(mark["name"]), str(mark["version"]), known, str(mark.get("digest", ""))
        ),
        str(plain["pixels_sha256"]), int(plain["frame"]) - 1, (rows, columns),
        Region(*(int(one) for one in plain["box"])),
        score, threshold, lines, marked_score,
    )  # fmt: skip


def latest(acts: Iterable[Act]) -> list[Act]:
    """Return acts without those that the same reader took back by a later one, in order.

    A region that was judged at several thresholds counts as it was judged last.
    """
    found: dict[tuple[object, ...], dict[int, Act]] = {}
    for number, act in enumerate(acts):
        before = found.get(act.subject, {})
        stays = {n: one for n, one in before.items() if not act.replaces(one)}
        found[act.subject] = {**stays, number: act}
    whole = {number: act for own in found.values() for number, act in own.items()}
    return [whole[number] for number in sorted(whole)]


@dataclass(frozen=True, slots=True)
class Effect:
    """How many regions a threshold would still mark: of those meant, and of those rejected."""

    threshold: float
    meant: int
    meant_kept: int
    rejected: int
    rejected_kept: int

    @property
    def total(self) -> int:
        """How many regions were judged."""
        return self.meant + self.rejected

    @property
    def gain(self) -> float:
        """The share of meant regions that are marked, less that of rejected ones; 0 of none."""
        return self.meant_kept / max(1, self.meant) - self.rejected_kept / max(1, self.rejected)


def effect(acts: Iterable[Act], detector: DetectorMark, threshold: float) -> Effect:
    """Return what a threshold would do to the regions of a detector that readers judged.

    Regions that were accepted or redrawn are meant. One is marked where its highest score reaches
    the threshold.
    """
    mine = [act for act in latest(acts) if act.detector == detector]
    meant = [act.score for act in mine if act.verdict is not Verdict.REJECTED]
    rejected = [act.score for act in mine if act.verdict is Verdict.REJECTED]
    kept = (sum(score >= threshold for score in scores) for scores in (meant, rejected))
    return Effect(threshold, len(meant), next(kept), len(rejected), next(kept))


def recalibrated(acts: Iterable[Act], detector: DetectorMark) -> Effect | None:
    """Return the effect of the threshold that parts meant regions from rejected ones best.

    Its gain is as large as can be; of equal ones the lowest is taken, which misses least. It lies
    midway between two scores: at the highest score of a region hardly a pixel of it is left. None
    without both, or where none parts them.
    """
    mine = [act for act in latest(acts) if act.detector == detector]
    scores = sorted({act.score for act in mine})
    middles = [(low + high) / 2 for low, high in pairwise(scores)]
    tried = [effect(mine, detector, value) for value in middles]
    parting = [one for one in tried if one.meant and one.rejected and one.gain > 0.0]
    return max(parting, key=lambda one: one.gain, default=None)
