"""Answers of detectors kept on disk, by their pixels and by all that decides what is said."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.anomaly.detection import Detection, ScoreMap, Threshold
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Clip
from xray_studio.core.errors import WriteError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.pixel_hash import stored_sha256
from xray_studio.services.anomaly.contract import answered
from xray_studio.services.decoding import Decoding
from xray_studio.services.places import cache_folder

SUFFIX: Final = ".npz"
MOST: Final = 512 << 20  # bytes that all kept answers take at most
READING: Final = "Reading frames"


def looked(detector: AnomalyDetector, clip: Clip) -> Job[Detection]:
    """Return what a detector says of a clip: what is kept of it, else it looks.

    The first progress with a Detection as `partial` tells threshold and channels, later ones with a
    ScoreMap show frames that are ready. Raises StudioError as detectors do.
    """
    if detector.refused(clip):
        told = yield from answered(detector, clip)
        return told
    empty = detector.empty()
    yield Progress(message=READING, partial=empty)
    hashes = yield from pixel_hashes(clip)
    path = _path(empty, hashes)
    found = _read(path, empty, clip, hashes)
    if found is not None:
        return found
    found = yield from answered(detector, clip)
    if all(one.pixels_sha256 == hashes[one.frame] for one in found.maps):
        _keep(path, found)
    return found


def still_holds(detector: AnomalyDetector, found: Detection, clip: Clip) -> Job[bool]:
    """Return whether an answer is of the pixels of a clip, and what would be said now."""
    if detector.empty().detector != found.detector:
        return False
    hashes = yield from pixel_hashes(clip)
    known = {one.frame: one.pixels_sha256 for one in found.maps}
    return all(frame < len(hashes) and hashes[frame] == one for frame, one in known.items())


def pixel_hashes(clip: Clip) -> Job[list[str]]:
    """Return the SHA-256 of the stored values of each frame."""
    hashes = list[str]()
    decoding = Decoding(clip, range(len(clip)))
    try:
        for index in range(len(clip)):
            stored = yield from decoding.frame(Progress(index, len(clip), READING))
            hashes.append(stored_sha256(stored))
    finally:
        decoding.close()
    return hashes


def kept_folder() -> Path:
    """Return where answers are kept."""
    return cache_folder() / "anomalies"


def _path(empty: Detection, hashes: Sequence[str]) -> Path:
    """Return the file of an answer: one for each picture and all that decides what is said."""
    known = json.dumps([asdict(empty.detector), *hashes])
    return kept_folder() / f"{hashlib.sha256(known.encode()).hexdigest()}{SUFFIX}"


def _keep(path: Path, found: Detection) -> None:
    """Write an answer. What cannot be written is made again the next time."""
    if not found.maps:
        return
    facts = {
        "threshold": asdict(found.threshold), "notes": found.notes,
        "channels": dict(found.channels), "shape": found.maps[0].shape,
    }  # fmt: skip
    with contextlib.suppress(OSError, WriteError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as file:
            temporary.chmod(0o600)
            np.savez_compressed(
                file, maps=np.stack([one.values for one in found.maps]),
                fired=np.stack([one.fired for one in found.maps]), scores=found.scores,
                frames=np.array([one.frame for one in found.maps]), facts=json.dumps(facts),
            )  # fmt: skip
        _trim(path.parent)


def _trim(folder: Path) -> None:
    """Remove what was used longest ago, until the rest fits."""
    files = [(one.stat(), one) for one in folder.glob(f"*{SUFFIX}")]
    room = MOST
    for facts, one in sorted(files, key=lambda pair: -pair[0].st_mtime_ns):
        room -= facts.st_size
        if room < 0:
            one.unlink(missing_ok=True)


def _read(path: Path, empty: Detection, clip: Clip, hashes: Sequence[str]) -> Detection | None:
    """Return a kept answer as one of this clip, None where there is none that can be read."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = {name: file[name] for name in ("maps", "fired", "scores", "frames", "facts")}
        facts: Any = json.loads(str(found["facts"]))
        maps = tuple(_maps(found, facts, clip, hashes))
        threshold, notes = Threshold(**facts["threshold"]), tuple(map(str, facts["notes"]))
        channels = {str(name): str(words) for name, words in facts["channels"].items()}
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001 - a damaged file can fail in any way, and is made again
        return None
    with contextlib.suppress(OSError):
        path.touch()
    return replace(empty, threshold=threshold, maps=maps, channels=channels, notes=notes)


def _maps(found: Any, facts: Any, clip: Clip, hashes: Sequence[str]) -> list[ScoreMap]:
    values = np.asarray(found["maps"], np.float32)
    fired = np.asarray(found["fired"], np.uint8)
    shape = int(facts["shape"][0]), int(facts["shape"][1])
    if values.ndim != 3 or values.shape != fired.shape or shape != (clip.rows, clip.columns):
        raise ValueError("shape")
    made = []
    for number, frame in enumerate(map(int, found["frames"])):
        uid, place = clip.origin(frame)
        score = float(found["scores"][number])
        made.append(
            ScoreMap(frame, values[number], fired[number], score, shape, hashes[frame], uid, place)
        )
    return made
