"""Frames in a given order, several of them on their way at once, in bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from xray_studio.core.workers import Priority

T = TypeVar("T")
_BYTES = 64 << 20  # of frames that wait
Request = Callable[[int, Priority], "Future[T]"]


class FramesAhead(Generic[T]):
    """Asks for frames before they are needed. Close it when done.

    `request` asks for one, `size` is its bytes; `order` are frames from 0, any of them several
    times. At least two and at most a few more than there are processors are on their way; frames
    that wait take at most 64 MB, or two frames.
    """

    def __init__(
        self, request: Request[T], size: int, order: Sequence[int], priority: Priority
    ) -> None:
        self._request, self._order, self._priority = request, order, priority
        self._next = 0
        self._waiting: deque[tuple[int, Future[T]]] = deque()
        most = 2 * (os.cpu_count() or 1) + 2
        self._ahead = max(2, min(most, _BYTES // max(1, size)))

    def next(self) -> tuple[int, Future[T]] | None:
        """Return the next frame's number and future, None after the last one."""
        while len(self._waiting) < self._ahead and self._next < len(self._order):
            number = self._order[self._next]
            self._waiting.append((number, self._request(number, self._priority)))
            self._next += 1
        return self._waiting.popleft() if self._waiting else None

    def close(self) -> None:
        """Give up frames that are still on their way."""
        for _, future in self._waiting:
            future.cancel()
        self._waiting.clear()
