"""Feedback: what readers made of marked regions, kept line by line, never changed.

One file in the user's data folder, readable by its owner alone: a line of JSON an act. It holds
hashes of pixels and models, shapes and the name that the reader gave; no patient and no object.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.anomaly.detection import Detection, DetectorMark, Unusual
from xray_studio.core.anomaly.verdict import (
    LONGEST,
    Act,
    Effect,
    Line,
    Verdict,
    act_of,
    effect,
    latest,
    recalibrated,
)
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.locks import FileLock
from xray_studio.imaging.save import save
from xray_studio.imaging.unusual import at_pixels, filled, region_outlines
from xray_studio.services.places import data_folder

NAME: Final = "anomaly-feedback.jsonl"
_PATIENCE: Final = 5.0  # seconds that another window may take to write
_PAUSE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Judged:
    """What is kept: acts in the order in which they were made, and how many lines are damaged."""

    acts: tuple[Act, ...] = ()
    damaged: int = 0

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON; without outlines."""
        told = [act.plain() for act in self.acts]
        acts = [{name: one[name] for name in one if name != "outline"} for one in told]
        return {"acts": acts, "damaged": self.damaged}


def feedback_file() -> Path:
    """Return where acts are kept."""
    return data_folder() / NAME


def judged(
    found: Detection,
    region: Unusual,
    verdict: Verdict,
    reader: str,
    drawn: tuple[Line, ...] = (),
) -> Act:
    """Return what a reader says now of a region; `drawn` are the borders of what is redrawn.

    Raises UsageError without a name, or where nothing is drawn.
    """
    reader = " ".join(reader.split())
    if not reader or len(reader) > LONGEST:
        raise UsageError(f"Say who judges the region: a name of 1 to {LONGEST} letters.")
    scores = next(one for one in found.maps if one.frame == region.frame)
    threshold, score, outline = found.threshold.value, region.score, drawn
    if verdict is Verdict.REDRAWN:
        inside = filled([np.asarray(line, np.float32) for line in drawn], scores.shape)
        if not inside.any():
            raise UsageError("Nothing of the picture lies within what was drawn; draw it anew.")
        score = float(at_pixels(scores)[inside].max())
    else:
        lines = region_outlines(scores, threshold, region.peak)
        outline = tuple(tuple((float(x), float(y)) for x, y in line) for line in lines)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Act(
        now, reader, verdict, found.detector, scores.pixels_sha256, scores.frame, scores.shape,
        region.box, score, threshold, outline, region.score,
    )  # fmt: skip


def keep(act: Act) -> None:
    """Add an act to those that are kept. Raises WriteError where that is not possible."""
    path = feedback_file()
    line = json.dumps(act.plain(), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path):
            _append(path, line.encode())
    except OSError as error:
        raise write_failure(path, error) from error


def keeping(act: Act) -> Job[Judged]:
    """Keep an act, and return all that is kept."""
    yield Progress(message="Keeping feedback")
    keep(act)
    return kept()


def kept() -> Judged:
    """Return what is kept. Raises UnreadableError where the file cannot be read."""
    try:
        lines = feedback_file().read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return Judged()
    except OSError as error:
        raise UnreadableError(f"{NAME} cannot be read: {error.strerror}.") from error
    acts, damaged = [], 0
    for line in filter(None, lines):
        try:
            acts.append(act_of(json.loads(line)))
        except (KeyError, TypeError, ValueError, RecursionError, UsageError):
            damaged += 1
    return Judged(tuple(acts), damaged)


def export_masks(out: Path) -> Job[list[Path]]:
    """Write a mask of each region that was judged, and a list of them, into a new folder.

    HASH.FRAME.NUMBER.VERDICT.png is 255 where the reader means the region; masks.jsonl names the
    mask of each act. Raises UsageError without any, WriteError where they cannot be written.
    """
    acts = latest(kept().acts)
    if not acts:
        raise UsageError("No region has been judged yet; accept, reject or redraw one first.")
    try:
        out.mkdir(parents=True)
    except OSError as error:
        raise write_failure(out, error) from error
    written, lines = [], list[str]()
    for number, act in enumerate(acts):
        yield Progress(number, len(acts), "Writing masks")
        name = f"{act.pixels_sha256[:16]}.{act.frame + 1}.{number + 1}.{act.verdict}.png"
        mask = filled([np.asarray(line, np.float32) for line in act.outline], act.shape)
        with replacing(out / name) as temporary:
            save(temporary, np.where(mask, 255, 0).astype(np.uint8), ".png")
        written.append(out / name)
        lines.append(json.dumps({"mask": name, **act.plain()}, ensure_ascii=False))
    with replacing(out / "masks.jsonl") as temporary:
        temporary.touch(mode=0o600)  # names of readers
        temporary.write_text("\n".join(lines) + "\n", "utf-8")
    return [*written, out / "masks.jsonl"]


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What thresholds do to the judged regions of a detector: one that was asked for, the best."""

    detector: DetectorMark
    asked: Effect | None
    best: Effect | None

    def facts(self) -> dict[str, Any]:
        """Return it by name, for JSON."""
        told = {name: asdict(one) if one else None for name, one in self._effects()}
        return {"detector": asdict(self.detector), **told}

    def _effects(self) -> tuple[tuple[str, Effect | None], ...]:
        return ("asked", self.asked), ("best", self.best)


def recalibrations(threshold: float | None = None) -> list[Recalibration]:
    """Return what a threshold, and the best one, do to the judged regions of each detector.

    Raises UsageError for a threshold that no score reaches.
    """
    if threshold is not None and not 0.0 < threshold <= 1.0:
        raise UsageError("A threshold is above 0 and at most 1.")
    acts = kept().acts
    marks = dict.fromkeys(act.detector for act in acts)
    return [
        Recalibration(
            mark,
            None if threshold is None else effect(acts, mark, threshold),
            recalibrated(acts, mark),
        )
        for mark in marks
    ]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file alone; another window has it for a moment only. Raises WriteError."""
    lock = FileLock(path.with_suffix(".lock"))
    end = time.monotonic() + _PATIENCE
    while not lock.take():
        if time.monotonic() > end:
            raise WriteError(f"{path.name} is in use by another window; try again.")
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.release()


def _append(path: Path, line: bytes) -> None:
    """Write a line behind the others; one that a killed program left half written is ended."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        whole, size = True, os.lseek(file, 0, os.SEEK_END)
        if size:
            os.lseek(file, -1, os.SEEK_END)
            whole = os.read(file, 1) == b"\n"
        new = line if whole else b"\n" + line
        if os.write(file, new) < len(new):  # no room for all of it
            os.ftruncate(file, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)
