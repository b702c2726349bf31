"""Clips in memory for tests of the viewport: values are known, decoding can be held back."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame, FrameSource, Identity
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.study import Instance, Series
from xray_studio.core.workers import Priority, done
from xray_studio.ui.session import Session
from xray_studio.ui.view import View, opened

WIDE = Window(2048, 4096, explanation="Wide")
NARROW = Window(100, 50, explanation="Narrow")
IDENTITY = Identity(
    patient_name="Phantom^Coronary",
    patient_id="DEMO-0001",
    birth_date="19610412",
    sex="F",
    institution="Demonstration Hospital",
    study_description="Coronary angiography",
    date="20261120",
    time="094107",
)


def pixel(frame: int, row: int, column: int) -> int:
    """Return the stored value of a grey pixel of MemorySource."""
    return (frame * 37 + row * 3 + column) % 4096


class MemorySource:
    """Frames made on request; `bad` ones cannot be read."""

    def __init__(
        self,
        frames: int = 8,
        rows: int = 40,
        columns: int = 60,
        *,
        colour: bool = False,
        bad: frozenset[int] = frozenset(),
    ) -> None:
        self.shape = (frames, rows, columns, 3) if colour else (frames, rows, columns)
        self.dtype: np.dtype[Any] = np.dtype(np.uint8 if colour else np.uint16)
        self.bad = bad
        self.asked: list[tuple[int, Priority]] = []

    def read(self, index: int) -> Frame:
        if index in self.bad:
            raise UnreadableError("This frame is damaged; go on with the next one.")
        rows, columns = np.mgrid[0 : self.shape[1], 0 : self.shape[2]]
        values = (index * 37 + rows * 3 + columns) % 4096
        if len(self.shape) == 4:
            return np.stack([values % 256, (values + 1) % 256, values * 0 + 9], -1).astype(np.uint8)
        return values.astype(np.uint16)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        self.asked.append((index, priority))
        try:
            return done(self.read(index))
        except UnreadableError as error:
            future: Future[Frame] = Future()
            future.set_exception(error)
            return future


class HeldSource(MemorySource):
    """Frames that arrive when the test lets them."""

    def __init__(self, frames: int = 8) -> None:
        super().__init__(frames)
        self.lock = threading.Lock()
        self.waiting: dict[int, Future[Frame]] = {}
        self.earlier: dict[int, list[Future[Frame]]] = {}  # asked for by another one before

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        with self.lock:
            self.asked.append((index, priority))
            future: Future[Frame] = Future()
            if index in self.waiting:
                self.earlier.setdefault(index, []).append(self.waiting[index])
            self.waiting[index] = future
            return future

    def start(self, index: int) -> None:
        """Begin to decode a frame: nobody can cancel it any more."""
        self.waiting[index].set_running_or_notify_cancel()

    def release(self, index: int) -> None:
        """Finish decoding a frame."""
        with self.lock:
            futures = [*self.earlier.pop(index, ()), self.waiting.pop(index)]
        for future in futures:
            if future.running() or future.set_running_or_notify_cancel():
                future.set_result(self.read(index))


def make_clip(source: FrameSource | None = None, **changes: Any) -> Clip:
    """Return a grey 12-bit clip of eight frames at ten a second, with two stored windows."""
    facts: dict[str, Any] = {
        "timing": Timing(rate=10.0, source="Frame Time"),
        "pixels": Pixels(bits=12),
        "modality": (Rescale(),),
        "windows": (WIDE, NARROW),
        "identity": IDENTITY,
        "acquisition": Acquisition(modality="XA", series_number=3, angles=(-30.0, -20.0)),
    }
    return Clip(source or MemorySource(), **(facts | changes))


def make_view(clip: Clip | None = None, *, series: Series | None = None) -> View:
    """Return the view of a clip just opened, with one preset."""
    clip = clip or make_clip()
    first = Presentation(voi=None if clip.is_colour else WIDE)
    return opened(series, clip, first, (*clip.windows, Window(300, 600, explanation="Vessel")))


def make_session(clip: Clip | None = None) -> Session:
    """Return a session that shows a clip."""
    session = Session()
    session.update(view=make_view(clip))
    return session


def make_series() -> Series:
    """Return a series as a catalogue knows it."""
    return Series("1.2.3", "XA", "LCA", 3, (Instance("/nowhere/run3.dcm", frames=96),))
