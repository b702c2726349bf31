"""A detector that tells what it is told to, for tests of what is built on detectors."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np

from xray_studio.core.anomaly.detection import (
    NORMALS,
    Detection,
    DetectorMark,
    ScoreMap,
    Threshold,
)
from xray_studio.core.anomaly.explanation import Contribution, Explanation, Sight
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.region import Region

NAME = "telling"
CHANNELS = {"texture": "texture is unlike that of others", "tone": "it is brighter than others"}


class Telling:
    """Marks the brightest pixels of every frame, and tells why."""

    name, title = NAME, "Brightest places"
    meaning = "From 0, the darkest place of the frame, to 1, the brightest."
    sha256 = "ab" * 32  # of a model; another one makes another detector of it
    digest = ""  # of what stands beside its weights
    asked = 0  # how often anyone has looked
    pause = 0.0  # seconds that a frame takes

    def __init__(self, _model: Path | None = None) -> None:
        """Take a folder as every detector does."""

    def empty(self) -> Detection:
        """Return an answer without maps."""
        own = type(self)
        mark = DetectorMark(NAME, "1", ModelMark("telling-model", "3", own.sha256), own.digest)
        return Detection(mark, Threshold(0.75, NORMALS), channels=CHANNELS)

    def unavailable(self) -> str:
        """Return why it cannot be used here."""
        return ""

    def refused(self, clip: Clip) -> str:
        """Return why it was not made for a clip."""
        return "It looks at pictures in grey." if clip.is_colour else ""

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at each frame."""
        found = self.empty()
        if self.refused(clip):
            return Detection(found.detector, found.threshold, abstained=self.refused(clip))
        type(self).asked += 1
        maps = []
        for index in range(len(clip)):
            time.sleep(self.pause)
            maps.append(_map(clip, index))
            yield Progress(index + 1, len(clip), "Looking", maps[-1])
        return Detection(found.detector, found.threshold, tuple(maps), CHANNELS, ("Mind this.",))

    def explain(self, clip: Clip, frame: int, region: Region) -> Job[Explanation]:
        """Tell why."""
        yield Progress(1, 2, "Thinking")
        values = _map(clip, frame).values
        told = (
            Contribution("HOG", "edges of all directions", 0.31),
            Contribution("attention", "what the network looks at", 0.12),
            Contribution("tone", "mean grey of the lungs", -0.08),
        )
        sight = Sight("Attention", "Where the network looks, from 0 to 1.", 1.0 - values)
        sentence = f"Frame {frame + 1}: edges {region.width} pixels wide weigh most."
        return Explanation(sentence, told, "parts of the score", (sight,))


def _map(clip: Clip, index: int) -> ScoreMap:
    stored = clip.source.read(index)
    low, high = float(stored.min()), float(stored.max())
    values = ((stored - low) / max(1.0, high - low)).astype(np.float32)
    fired = (np.arange(values.size).reshape(values.shape) % 2).astype(np.uint8)
    uid, number = clip.origin(index)
    told = hashlib.sha256(np.ascontiguousarray(stored).data).hexdigest()
    score = float(values.mean())
    shape = (clip.rows, clip.columns)
    return ScoreMap(index, values, fired, score, shape, told, uid, number)
