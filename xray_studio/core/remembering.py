"""Frames of which one is kept when it comes by, so that it is not made twice."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.workers import Priority


class Remembering:
    """A FrameSource over another one, `under`, that keeps frame `index`."""

    def __init__(self, under: FrameSource, index: int) -> None:
        self.under, self.index = under, index
        self._kept: Frame | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Remembering, (self.under, self.index)

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return self.under.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.under.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises what the source below raises."""
        if index == self.index and self._kept is not None:
            return self._kept
        frame = self.under.read(index)
        self._keep(index, frame)
        return frame

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        if index == self.index and self._kept is not None:
            given: Future[Frame] = Future()
            given.set_result(self._kept)
            return given
        asked = self.under.request(index, priority)
        if index == self.index:
            asked.add_done_callback(self._take)
        return asked

    def _take(self, asked: Future[Frame]) -> None:
        if not asked.cancelled() and asked.exception() is None:
            self._keep(self.index, asked.result())

    def _keep(self, index: int, frame: Frame) -> None:
        if index == self.index:
            self._kept = frame
