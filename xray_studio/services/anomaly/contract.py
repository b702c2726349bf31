"""What a detector answers is held against what every answer has to be, before anybody sees it."""

from __future__ import annotations

import numpy as np

from xray_studio.core.anomaly.detection import Detection, ScoreMap
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.job import Job


def answered(detector: AnomalyDetector, clip: Clip) -> Job[Detection]:
    """Return what a detector says of a clip, whoever brought it.

    Raises StudioError as detectors do, and UnreadableError for an answer that cannot be one: of
    other shapes, frames or channels than it says, with what is no number from 0 to 1, or where the
    detector fails otherwise.
    """
    job = detector.detect(clip)
    try:
        while True:
            try:
                progress = next(job)
            except StopIteration as end:
                return _checked(detector.name, end.value, clip)
            if isinstance(progress.partial, ScoreMap):
                _check_map(detector.name, progress.partial, clip)
            yield progress
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(
            f"The detector {detector.name} failed ({type(error).__name__}); nothing is told."
        ) from error
    finally:
        job.close()


def _checked(name: str, found: object, clip: Clip) -> Detection:
    if not isinstance(found, Detection):
        raise _wrong(name, "it is no detection")
    if not (found.maps or found.abstained):
        raise _wrong(name, "it has no maps and does not say why")
    if found.maps and [one.frame for one in found.maps] != list(range(len(clip))):
        raise _wrong(name, "its maps are not those of the frames, each once and in order")
    if not 0.0 <= found.threshold.value <= 1.0:
        raise _wrong(name, "its threshold is no number from 0 to 1")
    for one in found.maps:
        _check_map(name, one, clip)
        if one.fired.max() >= max(1, len(found.channels)):
            raise _wrong(name, "a channel fired that it does not name")
    return found


def _check_map(name: str, one: ScoreMap, clip: Clip) -> None:
    values, fired = one.values, one.fired
    if values.ndim != 2 or not values.size or values.dtype != np.float32:
        raise _wrong(name, "a map is not of 32-bit numbers, rows by columns")
    if fired.shape != values.shape or fired.dtype != np.uint8:
        raise _wrong(name, "channels are not told for each place of a map")
    if one.shape != (clip.rows, clip.columns):
        raise _wrong(name, "a map is of a frame of another size")
    low, high = float(values.min()), float(values.max())
    if not (0.0 <= low <= high <= 1.0 and 0.0 <= one.score <= 1.0):
        raise _wrong(name, "scores are no numbers from 0 to 1")


def _wrong(name: str, why: str) -> UnreadableError:
    return UnreadableError(f"The answer of the detector {name} cannot be used: {why}.")
