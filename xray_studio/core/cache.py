"""FrameCache: decoded frames, least recently used first out, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.workers import Priority, done


class FrameBudget:
    """Bytes shared by all caches of the program, least recently used first out."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._frames: OrderedDict[tuple[int, int], Frame] = OrderedDict()
        self._used = 0

    @property
    def used(self) -> int:
        """Bytes held now."""
        return self._used

    def get(self, key: tuple[int, int]) -> Frame | None:
        """Return a frame and mark it used, or None."""
        with self._lock:
            frame = self._frames.get(key)
            if frame is not None:
                self._frames.move_to_end(key)
            return frame

    def put(self, key: tuple[int, int], frame: Frame) -> None:
        """Keep a frame, dropping the least recently used ones above the limit."""
        with self._lock:
            old = self._frames.pop(key, None)
            self._used -= old.nbytes if old is not None else 0
            self._frames[key] = frame
            self._used += frame.nbytes
            while self._used > self.limit and len(self._frames) > 1:
                self._used -= self._frames.popitem(last=False)[1].nbytes

    def held(self, owner: int) -> set[int]:
        """Return the frame numbers held for one cache."""
        with self._lock:
            return {index for who, index in self._frames if who == owner}

    def drop(self, owner: int) -> None:
        """Forget every frame of one cache."""
        with self._lock:
            for key in [key for key in self._frames if key[0] == owner]:
                self._used -= self._frames.pop(key).nbytes


class FrameCache:
    """A FrameSource that remembers what another source decoded, within a shared budget."""

    def __init__(self, source: FrameSource, budget: FrameBudget) -> None:
        self.source = source
        self.budget = budget
        self._closed = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the source."""
        return self.source.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the source."""
        return self.source.dtype

    def read(self, index: int) -> Frame:
        """Return a frame, from memory when it is there."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return a frame as a future that is done at once when the frame is in memory."""
        frame = self.peek(index)
        if frame is not None:
            return done(frame)
        future = self.source.request(index, priority)
        future.add_done_callback(lambda answer: self._keep(index, answer))
        return future

    def _keep(self, index: int, answer: Future[Frame]) -> None:
        if not self._closed and not answer.cancelled() and answer.exception() is None:
            self.budget.put((id(self), index), answer.result())

    def peek(self, index: int) -> Frame | None:
        """Return a frame only when it is in memory."""
        return self.budget.get((id(self), index))

    def cached(self) -> set[int]:
        """Return the numbers of the frames in memory."""
        return self.budget.held(id(self))

    def fits(self) -> bool:
        """Tell whether every frame fits the budget at once."""
        frame = int(np.prod(self.shape[1:])) * self.dtype.itemsize
        return frame * self.shape[0] <= self.budget.limit

    def close(self) -> None:
        """Give the memory back; frames that still arrive are not kept."""
        self._closed = True
        self.budget.drop(id(self))
