"""Prefetcher: fills the frame caches of the clips on screen, from their frames onwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice, zip_longest

from PySide6.QtCore import QObject, QThread, Signal

from xray_studio.core.cache import FrameCache
from xray_studio.core.clip import Frame
from xray_studio.core.workers import Priority

IN_FLIGHT = (os.cpu_count() or 1) + 2  # enough to keep every worker process busy
PAUSE = 0.002  # seconds; a thousand frames a second would leave the window little time
PART = 0.75  # of the budget that is filled ahead; the rest stays for frames just shown


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Frames wanted of a cache: from `frame` (from 0) onwards, round `first` to `last`.

    What will be on screen at once, since the clip `plays`, comes before thumbnails.
    """

    cache: FrameCache
    frame: int
    first: int
    last: int
    plays: bool = False

    def covers(self, other: Wanted, *, fits: bool) -> bool:
        """Tell whether what another asks for is being fetched already, all of it when it `fits`."""
        own, others = (self.cache, self.first, self.last), (other.cache, other.first, other.last)
        if own != others or self.plays != other.plays:
            return False
        # What fits is filled in one go, unless the view jumps to where nothing is yet.
        return self.frame == other.frame or (fits and other.cache.peek(other.frame) is not None)


class Prefetcher(QThread):
    """Decodes ahead, a few frames at once, below everything that is on screen.

    Several viewports are served in turn, those that play first. Clips larger than the cache are
    decoded ahead for as many frames as fit.
    """

    cached = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._wanted: dict[int, Wanted] = {}
        self._retired: list[FrameCache] = []
        self._fresh = False
        self._stopping = False

    def follow(self, place: int, wanted: Wanted | None) -> None:
        """Fetch what the viewport at a place wants, None for nothing."""
        with self._ready:
            if self._is_known(place, wanted):
                return
            self._wanted.pop(place, None)
            if wanted is not None:
                self._wanted[place] = wanted
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
            self._fill()
        self._close_retired()

    def _is_known(self, place: int, wanted: Wanted | None) -> bool:
        known = self._wanted.get(place)
        if wanted is None or known is None:
            return known is wanted
        caches = {one.cache for one in self._wanted.values()} | {wanted.cache}
        return known.covers(wanted, fits=whole(caches) <= wanted.cache.budget.limit)

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

    def _fill(self) -> None:
        with self._ready:
            wanted = list(self._wanted.values())
        flying: dict[Future[Frame], FrameCache] = {}
        for cache, index, priority in in_turn(wanted):
            if self._interrupted():
                break
            if cache.peek(index) is None:
                future = cache.request(index, priority)
                flying[future] = cache
                if future.done():
                    self._pause()
            while len(flying) >= IN_FLIGHT and not self._interrupted():
                self._settle(flying)
        while flying and not self._interrupted():
            self._settle(flying)
        for future in flying:
            future.cancel()

    def _pause(self) -> None:
        """Let others have the interpreter after a frame that was read in this thread."""
        with self._ready:
            if not self._interrupted():
                self._ready.wait(PAUSE)

    def _interrupted(self) -> bool:
        return self._fresh or self._stopping

    def _settle(self, flying: dict[Future[Frame], FrameCache]) -> None:
        finished, _ = wait(flying, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in finished:
            # A frame that cannot be decoded is reported when it is shown.
            _ = future.cancelled() or future.exception()
        for cache in {flying.pop(future) for future in finished}:
            self.cached.emit(cache)


def in_turn(wanted: Sequence[Wanted]) -> Iterator[tuple[FrameCache, int, Priority]]:
    """Yield frames to decode: one of each clip in turn, first of those that play."""
    ahead = most_ahead([one.cache for one in wanted])
    for plays in (True, False):
        priority = Priority.PLAYBACK if plays else Priority.PREFETCH
        orders = [
            [(one.cache, index, priority) for index in islice(_order(one), ahead[one.cache])]
            for one in wanted
            if one.plays is plays
        ]
        for level in zip_longest(*orders):
            yield from (frame for frame in level if frame is not None)


def _order(wanted: Wanted) -> Iterator[int]:
    return prefetch_order(wanted.frame, wanted.first, wanted.last, wanted.cache.shape[0])


def most_ahead(caches: Sequence[FrameCache]) -> dict[FrameCache, int]:
    """Return how many frames of each cache are decoded ahead, within the budget of all."""
    distinct = dict.fromkeys(caches)
    fits = all(whole(distinct) <= cache.budget.limit for cache in distinct)
    return {cache: cache.shape[0] if fits else _share(cache, len(distinct)) for cache in distinct}


def whole(caches: Iterable[FrameCache]) -> int:
    """Return the bytes of every frame of some caches."""
    return sum(cache.frame_bytes * cache.shape[0] for cache in caches)


def _share(cache: FrameCache, count: int) -> int:
    return max(1, int(cache.budget.limit * PART) // count // max(1, cache.frame_bytes))


def prefetch_order(frame: int, first: int, last: int, count: int) -> Iterator[int]:
    """Yield each of `count` frames once: from `frame` round in to out point, then the rest."""
    length = last - first + 1
    start = frame if first <= frame <= last else first
    yield from (first + (start - first + step) % length for step in range(length))
    yield from range(last + 1, count)
    yield from range(first)
