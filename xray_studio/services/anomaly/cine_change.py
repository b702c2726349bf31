"""The detector of loops: what changes against the loop's own background. Nothing is learned."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.anomaly.detection import Detection, DetectorMark, ScoreMap, Threshold
from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import modality_values
from xray_studio.core.pixel_hash import stored_sha256
from xray_studio.core.step import Image
from xray_studio.core.version import VERSION
from xray_studio.imaging.loop_change import CHANNELS, Background, frame_score, reduced
from xray_studio.services.decoding import Decoding

NAME: Final = "cine-change"
LEAST: Final = 12  # frames: of fewer no background can be told
_THRESHOLD: Final = 0.5
_SIDE: Final = 256  # pixels of the longer side at most
_VALUES: Final = 96 * _SIDE * _SIDE  # of all maps together: longer loops have smaller ones
_SMALLEST: Final = 48  # pixels of a side
_SEEN: Final = 96  # frames from which the background is told, evenly spread
# X-ray loops, and what says nothing or was taken over from elsewhere.
_LOOPS: Final = frozenset(("", "XA", "RF", "DX", "CR", "RG", "XR", "OT", "SC"))
_NOTE: Final = (
    "A score tells how far a place is from what it shows where this loop is quiet: contrast, a"
    " device and a movement of the patient all count, and none of them need be a disease."
)


class CineChange:
    """Marks what is not there where a loop is quiet, in measures of what each place does anyway."""

    name = NAME
    title = "Change in a loop"
    meaning = (
        "From 0, as where the loop is quiet, to 1, as far from it as the hundredth of the loop that"
        " is farthest, and at least eight spreads."
    )

    def __init__(self, model: Path | None = None) -> None:
        if model is not None:
            raise UsageError(f"{NAME} has no model; leave it out.")

    def empty(self) -> Detection:
        """Return an answer without maps."""
        return Detection(DetectorMark(NAME, VERSION), Threshold(_THRESHOLD), channels=CHANNELS)

    def unavailable(self) -> str:
        """Return why it cannot be used here, "" where it can."""
        return ""

    def refused(self, clip: Clip) -> str:
        """Return why it was not made for a clip, "" where it was."""
        modality = clip.acquisition.modality.upper()
        if len(clip) < LEAST:
            return f"It looks at loops of at least {LEAST} frames; this has {len(clip)}."
        if clip.is_volume:
            return "It looks at loops over time; these are planes that lie beside one another."
        if modality not in _LOOPS:
            return f"It looks at loops of X-ray pictures; this is of modality {modality}."
        if clip.is_colour:
            return "It looks at loops in grey; this one is in colour."
        if min(clip.rows, clip.columns) < _SMALLEST:
            return f"It looks at frames of at least {_SMALLEST} x {_SMALLEST} pixels."
        return ""

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at a loop, or abstain. Raises StudioError where a frame cannot be read."""
        found = self.empty()
        reason = self.refused(clip)
        if reason:
            return Detection(found.detector, found.threshold, abstained=reason)
        frames, hashes = yield from _frames(clip)
        seen = np.unique(np.linspace(0, len(frames) - 1, _SEEN).astype(int))
        yield Progress(len(clip), 2 * len(clip), "Finding what stays the same")
        background = Background.of(frames[seen])
        maps = []
        for index, frame in enumerate(frames):
            maps.append(_map(clip, index, frame, background, hashes[index]))
            done = len(clip) + index + 1
            yield Progress(done, 2 * len(clip), "Comparing frames", maps[-1])
        return Detection(found.detector, found.threshold, tuple(maps), found.channels, (_NOTE,))


def _frames(clip: Clip) -> Job[tuple[Image, list[str]]]:
    """Return frames as they are compared, (frames, rows, columns), and hashes of stored values."""
    count = len(clip)
    side = max(_SMALLEST, min(_SIDE, math.isqrt(_VALUES // count)))
    made, hashes = list[Image](), list[str]()
    decoding = Decoding(clip, range(count))
    try:
        for index in range(count):
            stored: Frame = yield from decoding.frame(Progress(index, 2 * count, "Reading frames"))
            hashes.append(stored_sha256(stored))
            values = modality_values(stored, clip.modality_at(index))
            made.append(reduced(np.nan_to_num(values), side))
    finally:
        decoding.close()
    return np.stack(made), hashes


def _map(
    clip: Clip, index: int, frame: Image, background: Background, pixels_sha256: str
) -> ScoreMap:
    values, fired = background.change(frame)
    uid, number = clip.origin(index)
    shape = (clip.rows, clip.columns)
    return ScoreMap(index, values, fired, frame_score(values), shape, pixels_sha256, uid, number)
