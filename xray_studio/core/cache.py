"""FrameCache: decoded frames, least recently used first out, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.workers import Priority, done

_owners = count()


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
            keys = [key for key in self._frames if key[0] == owner]
            dropped = [self._frames.pop(key) for key in keys]
            self._used -= sum(frame.nbytes for frame in dropped)
        # Giving memory back takes time: one frame after the other, so that nobody waits for all.
        while dropped:
            dropped.pop()


class FrameCache:
    """A FrameSource that remembers what another source decoded, within a shared budget.

    A frame that is being decoded is not decoded a second time; when it only waits and someone
    more urgent asks, it moves up.
    """

    def __init__(self, source: FrameSource, budget: FrameBudget) -> None:
        self.source = source
        self.budget = budget
        self._owner = next(_owners)
        self._lock = threading.Lock()
        self._flying: dict[int, tuple[Future[Frame], Priority]] = {}
        self._closed = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the source."""
        return self.source.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the source."""
        return self.source.dtype

    @property
    def frame_bytes(self) -> int:
        """Bytes that one frame takes."""
        return int(np.prod(self.shape[1:])) * self.dtype.itemsize

    def read(self, index: int) -> Frame:
        """Return a frame, from memory when it is there."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return a frame as a future that is done at once when the frame is in memory."""
        frame = self.peek(index)
        if frame is not None:
            return done(frame)
        flying = self._in_flight(index, priority)
        if flying is not None:
            return flying
        future = self.source.request(index, priority)
        with self._lock:
            self._flying[index] = (future, priority)
        future.add_done_callback(partial(self._keep, index))
        return future

    def _in_flight(self, index: int, priority: Priority) -> Future[Frame] | None:
        with self._lock:
            future, asked = self._flying.get(index, (None, priority))
        # Cancelling succeeds only while the request waits in the queue: then it is asked anew.
        if future is None or future.cancelled() or (priority < asked and future.cancel()):
            return None
        return future

    def _keep(self, index: int, answer: Future[Frame]) -> None:
        good = not answer.cancelled() and answer.exception() is None
        with self._lock:
            if self._flying.get(index, (None,))[0] is answer:
                del self._flying[index]
            if good and not self._closed:
                self.budget.put((self._owner, index), answer.result())

    def peek(self, index: int) -> Frame | None:
        """Return a frame only when it is in memory."""
        return self.budget.get((self._owner, index))

    def cached(self) -> set[int]:
        """Return the numbers of the frames in memory."""
        return self.budget.held(self._owner)

    def fits(self) -> bool:
        """Tell whether every frame fits the budget at once."""
        return self.frame_bytes * self.shape[0] <= self.budget.limit

    def close(self) -> None:
        """Give the memory back; frames that still wait or arrive are not kept."""
        with self._lock:
            self._closed = True
            waiting = [future for future, _ in self._flying.values()]
        for future in waiting:
            future.cancel()
        self.budget.drop(self._owner)
