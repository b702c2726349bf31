"""Prefetcher: fills the frame cache of the clip on screen, from the current frame onwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

from PySide6.QtCore import QObject, QThread, Signal

from xray_studio.core.cache import FrameCache
from xray_studio.core.clip import Frame
from xray_studio.core.workers import Priority

IN_FLIGHT = 4


class Prefetcher(QThread):
    """Decodes ahead, a few frames at once, below everything that is on screen.

    A clip larger than the cache is decoded ahead for as many frames as fit.
    """

    cached = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._target: FrameCache | None = None
        self._frame = 0
        self._span = (0, 0)
        self._fresh = False
        self._stopping = False

    def follow(self, cache: FrameCache | None, frame: int, first: int, last: int) -> None:
        """Fill `cache` from `frame` (from 0) onwards, round `first` to `last`."""
        with self._ready:
            if cache is self._target and (first, last) == self._span and self._covered(frame):
                return
            self._target, self._frame, self._span = cache, frame, (first, last)
            self._fresh = True
            self._ready.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._ready:
            self._stopping = True
            self._ready.notify()
        self.wait()

    def run(self) -> None:
        """Decode until stopped; called by Qt in the new thread."""
        while (target := self._take()) is not None:
            self._fill(target)
            del target

    def _covered(self, frame: int) -> bool:
        # A cache that holds the whole clip needs no new start when the frame moves on.
        return self._target is None or self._target.fits() or frame == self._frame

    def _take(self) -> FrameCache | None:
        with self._ready:
            while (self._target is None or not self._fresh) and not self._stopping:
                self._ready.wait()
            self._fresh = False
            return None if self._stopping else self._target

    def _fill(self, cache: FrameCache) -> None:
        flying: set[Future[Frame]] = set()
        for index in self._order(cache):
            if self._fresh or self._stopping:
                break
            if cache.peek(index) is None:
                flying.add(cache.request(index, Priority.PREFETCH))
            while len(flying) >= IN_FLIGHT:
                flying = self._settle(flying)
        if self._fresh or self._stopping:
            for future in flying:
                future.cancel()
        while flying and not self._stopping:
            flying = self._settle(flying)

    def _settle(self, flying: set[Future[Frame]]) -> set[Future[Frame]]:
        finished, waiting = wait(flying, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in finished:
            # A frame that cannot be decoded is reported when it is shown.
            _ = future.cancelled() or future.exception()
        if finished:
            self.cached.emit()
        return waiting

    def _order(self, cache: FrameCache) -> Iterator[int]:
        with self._ready:
            frame, (first, last) = self._frame, self._span
        count = last - first + 1
        if not cache.fits():
            size = cache.budget.limit // max(1, _frame_bytes(cache))
            count = max(1, min(count, size * 3 // 4))
        return (first + (frame - first + step) % (last - first + 1) for step in range(count))


def _frame_bytes(cache: FrameCache) -> int:
    size = cache.dtype.itemsize
    for length in cache.shape[1:]:
        size *= length
    return size
