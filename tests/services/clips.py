"""Clips in memory, so that services are tested without files."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame, Identity
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import Pixels
from xray_studio.core.playback import Timing
from xray_studio.core.workers import Priority, done

UID = "1.2.826.0.1.3680043.8.498.4711"
WHO = Identity(
    patient_name="Phantom^Anna", patient_id="ID-4711", birth_date="19500131", sex="F",
    institution="Test Hospital", study_description="Angiography", date="20261120", time="094107",
)  # fmt: skip


class Frames:
    """A FrameSource over an array (frames, rows, columns[, 3]); `bad` frames cannot be read."""

    def __init__(self, frames: np.ndarray, bad: tuple[int, ...] = ()) -> None:
        self.frames, self.bad = frames, bad

    @property
    def shape(self) -> tuple[int, ...]:
        return self.frames.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.frames.dtype

    def read(self, index: int) -> Frame:
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        if index in self.bad:
            future: Future[Frame] = Future()
            future.set_exception(UnreadableError("A compressed frame is damaged."))
            return future
        return done(self.frames[index])


def moving(count: int = 8, rows: int = 48, columns: int = 64) -> np.ndarray:
    """Return frames of 12 bits with a bar that moves, so that each differs from the others."""
    y, x = np.mgrid[:rows, :columns]
    made = np.empty((count, rows, columns), np.uint16)
    for index in range(count):
        made[index] = 800 + 20 * y + 10 * x
        made[index, :, (5 * index) % columns : (5 * index) % columns + 4] = 3800
    return made


def cine(frames: np.ndarray | None = None, *, bad: tuple[int, ...] = (), **changes: Any) -> Clip:
    """Return a grey cine of 12 bits at 15 per second, or RGB for frames with colours."""
    pictures = moving() if frames is None else frames
    known: dict[str, Any] = {
        "timing": Timing(15.0, "Frame Time"),
        "pixels": Pixels(bits=12),
        "identity": WHO,
        "acquisition": Acquisition(modality="XA", sop_instance_uid=UID, series_number=3),
    }
    return Clip(Frames(pictures, bad), **(known | changes))
