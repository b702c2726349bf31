"""Futures that wait for others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def chained(asked: Sequence[Future[T]], start: Callable[[list[T]], Future[R]]) -> Future[R]:
    """Return the result of work that `start` begins with the results of futures, in their order.

    Cancelling it cancels what has not begun. An error of any of them is its error.
    """
    return _Chained(asked, start)


class _Chained(Future[R], Generic[T, R]):
    def __init__(self, asked: Sequence[Future[T]], start: Callable[[list[T]], Future[R]]) -> None:
        super().__init__()
        self._asked, self._start = asked, start
        self._left, self._lock = len(asked), threading.RLock()
        self._work: Future[R] | None = None
        for future in asked:
            future.add_done_callback(self._one_done)

    def cancel(self) -> bool:
        """Give it up, and of what it waits for whatever has not begun."""
        with self._lock:
            if self.done():
                return self.cancelled()
            super().cancel()
            self.set_running_or_notify_cancel()
        for future in self._asked:
            future.cancel()
        if self._work is not None:
            self._work.cancel()
        return True

    def _one_done(self, _future: Future[T]) -> None:
        with self._lock:
            self._left -= 1
            if self._left or self.done():
                return
        try:
            work = self._start([future.result() for future in self._asked])
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self._fail(error)
            return
        with self._lock:
            self._work, given_up = work, self.done()
        if given_up:  # while the work was being started
            work.cancel()
        work.add_done_callback(self._settle)

    def _settle(self, work: Future[R]) -> None:
        try:
            result = work.result()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self._fail(error)
            return
        with self._lock:
            if not self.done():
                self.set_running_or_notify_cancel()
                self.set_result(result)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, CancelledError):
            self.cancel()
            return
        with self._lock:
            if not self.done():
                self.set_running_or_notify_cancel()
                self.set_exception(error)
