"""Prefetcher: fills the frame cache of the clip on screen, from the current frame onwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice

from PySide6.QtCore import QObject, QThread, Signal

from xray_studio.core.cache import FrameCache
from xray_studio.core.clip import Frame
from xray_studio.core.workers import Priority

IN_FLIGHT = (os.cpu_count() or 1) + 2  # enough to keep every worker process busy
PAUSE = 0.002  # seconds; a thousand frames a second would leave the window little time
PART = 0.75  # of the budget that is filled ahead; the rest stays for frames just shown


class Prefetcher(QThread):
    """Decodes ahead, a few frames at once, below everything that is on screen.

    A clip larger than the cache is decoded ahead for as many frames as fit.
    """

    cached = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._target: FrameCache | None = None
        self._retired: list[FrameCache] = []
        self._frame = 0
        self._span = (0, 0)
        self._priority = Priority.PREFETCH
        self._fresh = False
        self._stopping = False

    def follow(
        self, cache: FrameCache | None, frame: int, first: int, last: int, *, plays: bool = False
    ) -> None:
        """Fill `cache` from `frame` (from 0) onwards, round `first` to `last`.

        What will be on screen at once, since the clip `plays`, comes before thumbnails.
        """
        with self._ready:
            self._priority = Priority.PLAYBACK if plays else Priority.PREFETCH
            if (first, last) == self._span and cache is self._target and self._covered(frame):
                return
            self._target, self._frame, self._span = cache, frame, (first, last)
            self._fresh = True
            self._ready.notify()

    def retire(self, cache: FrameCache) -> None:
        """Close a cache that nobody shows any more; giving back its memory takes a while."""
        with self._ready:
            self._retired.append(cache)
            self._fresh = True
            self._ready.notify()

    def ask_to_stop(self) -> None:
        """End the thread as soon as possible, without waiting for it."""
        with self._ready:
            self._stopping = True
            self._ready.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.ask_to_stop()
        self.wait()

    def run(self) -> None:
        """Decode until stopped; called by Qt in the new thread."""
        while self._wait():
            self._close_retired()
            with self._ready:
                target = self._target
            if target is not None:
                self._fill(target)
            del target
        self._close_retired()

    def _covered(self, frame: int) -> bool:
        # A clip that fits is filled in one go, unless the view jumps to where nothing is yet.
        if self._target is None or frame == self._frame:
            return True
        return self._target.fits() and self._target.peek(frame) is not None

    def _wait(self) -> bool:
        """Wait until there is something to do; False when it is time to end."""
        with self._ready:
            while not self._fresh and not self._stopping:
                self._ready.wait()
            self._fresh = False
            return not self._stopping

    def _close_retired(self) -> None:
        with self._ready:
            retired, self._retired = self._retired, []
        for cache in retired:
            cache.close()

    def _fill(self, cache: FrameCache) -> None:
        flying: set[Future[Frame]] = set()
        for index in self._order(cache):
            if self._interrupted():
                break
            if cache.peek(index) is None:
                future = cache.request(index, self._priority)
                flying.add(future)
                if future.done():
                    self._pause()
            while len(flying) >= IN_FLIGHT and not self._interrupted():
                flying = self._settle(flying)
        while flying and not self._interrupted():
            flying = self._settle(flying)
        for future in flying:
            future.cancel()

    def _pause(self) -> None:
        """Let others have the interpreter after a frame that was read in this thread."""
        with self._ready:
            if not self._interrupted():
                self._ready.wait(PAUSE)

    def _interrupted(self) -> bool:
        return self._fresh or self._stopping

    def _settle(self, flying: set[Future[Frame]]) -> set[Future[Frame]]:
        finished, waiting = wait(flying, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in finished:
            # A frame that cannot be decoded is reported when it is shown.
            _ = future.cancelled() or future.exception()
        if finished:
            self.cached.emit()
        return waiting

    def _order(self, cache: FrameCache) -> Iterator[int]:
        with self._ready:
            frame, (first, last) = self._frame, self._span
        order = prefetch_order(frame, first, last, cache.shape[0])
        return islice(order, most_ahead(cache))


def most_ahead(cache: FrameCache) -> int:
    """Return how many frames of a cache are decoded ahead."""
    if cache.fits():
        return cache.shape[0]
    return max(1, int(cache.budget.limit * PART) // max(1, cache.frame_bytes))


def prefetch_order(frame: int, first: int, last: int, count: int) -> Iterator[int]:
    """Yield each of `count` frames once: from `frame` round in to out point, then the rest."""
    length = last - first + 1
    start = frame if first <= frame <= last else first
    yield from (first + (start - first + step) % length for step in range(length))
    yield from range(last + 1, count)
    yield from range(first)
