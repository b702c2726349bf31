"""The pool: worker processes started when first needed, and a queue ordered by priority."""

from __future__ import annotations

import enum
import heapq
import itertools
import os
import pickle
import struct
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, NamedTuple, Self, TypeVar

from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers.child import Worker

R = TypeVar("R")
MEGABYTE = 1 << 20
MEMORY_LIMIT = 512 * MEGABYTE
TIME_LIMIT = 5.0  # seconds of processor time
NOT_STARTED = (
    "No process could be started to read this; close other programs or windows and try again."
)


class Priority(enum.IntEnum):
    """Order of requests that wait: what is on screen comes first."""

    PLAYBACK = 0
    THUMBNAIL = 1
    PREFETCH = 2
    BATCH = 3


class WorkerLostError(UnreadableError):
    """A worker process crashed, ran out of time or out of memory on a request."""


class _Request(NamedTuple):
    """One call that waits for a worker; `function` is "module:name"."""

    function: str
    arguments: tuple[Any, ...]
    time_limit: float | None
    together: Hashable = None


class _Waiting(NamedTuple):
    """A request in the queue, which is ordered by priority, then by when it was asked."""

    priority: int
    number: int
    future: Future[Any]
    request: _Request


class WorkerPool:
    """A few worker processes, started when first needed, and a queue ordered by priority.

    Functions are module-level and importable in the worker. Use as a context manager, or call
    `shutdown`; nothing outlives it.
    """

    def __init__(
        self,
        size: int | None = None,
        memory_limit: int = MEMORY_LIMIT,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self.size = size or max(1, os.cpu_count() or 1)
        self.memory_limit = memory_limit
        self.time_limit = time_limit
        self._ready = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._running: list[Hashable] = []
        self._order = itertools.count()
        self._threads: list[threading.Thread] = []
        self._workers: set[Worker] = set()
        self._asked: dict[Future[Any], Worker] = {}
        self._idle = 0
        self._stopping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def submit(
        self,
        function: Callable[..., R] | str,
        *arguments: Any,
        priority: Priority = Priority.PLAYBACK,
        time_limit: float | None = None,
        together: Hashable = None,
    ) -> Future[R]:
        """Queue a call and return its future; a future cancelled while waiting is never run.

        `function` is a module-level function, or "module:name" that only the worker imports.
        `time_limit` in seconds of processor time stands in for the pool's own where more work is
        expected. Calls that name the same `together` build on one another: no two of them run at
        once, so that one worker, which has done the first, does what follows.
        """
        future: Future[R] = Future()
        name = function if isinstance(function, str) else _name(function)
        request = _Request(name, arguments, time_limit, together)
        with self._ready:
            if self._stopping:
                future.cancel()
                return future
            waiting = _Waiting(int(priority), next(self._order), future, request)
            heapq.heappush(self._waiting, waiting)
            if self._idle == 0 and len(self._threads) < self.size:
                self._start_thread()
            self._ready.notify()
        return future

    def call(self, function: Callable[..., R], *arguments: Any) -> R:
        """Run a call and wait for its answer."""
        return self.submit(function, *arguments).result()

    def give_up(self, future: Future[Any]) -> None:
        """Cancel a call that waits; end the process of one that runs, which a new one replaces."""
        future.cancel()
        with self._ready:
            worker = self._asked.get(future)
            if worker is not None:
                worker.process.kill()

    def shutdown(self) -> None:
        """Cancel what waits, end every process and thread."""
        with self._ready:
            self._stopping = True
            for waiting in self._waiting:
                waiting.future.cancel()
            self._waiting.clear()
            self._ready.notify_all()
            for worker in self._workers:
                worker.process.kill()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._serve, name="xray-studio-worker", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no more threads: those there are serve what waits
            if not self._threads:
                self._refuse_waiting()
            return
        self._threads.append(thread)

    def _refuse_waiting(self) -> None:
        for waiting in self._waiting:
            if waiting.future.set_running_or_notify_cancel():
                waiting.future.set_exception(WorkerLostError(NOT_STARTED))
        self._waiting.clear()

    def _next(self, done: Hashable) -> tuple[Future[Any], _Request] | None:
        """Wait for a request; `done` is what the one before was to run together with."""
        with self._ready:
            if done is not None:
                self._running.remove(done)
            self._idle += 1
            while (found := self._takeable()) is None and not self._stopping:
                self._ready.wait()
            self._idle -= 1
            if self._stopping or found is None:
                return None
            self._take(found)
            if done is not None and done != found.request.together:
                self._ready.notify_all()  # others may go on with what this one leaves
            return found.future, found.request

    def _takeable(self) -> _Waiting | None:
        """Return the first request that nothing running is to be done together with."""
        if not self._running:
            return self._waiting[0] if self._waiting else None
        free = (one for one in self._waiting if one.request.together not in self._running)
        return min(free, default=None)

    def _take(self, found: _Waiting) -> None:
        if found is self._waiting[0]:
            heapq.heappop(self._waiting)
        else:
            self._waiting.remove(found)
            heapq.heapify(self._waiting)
        if found.request.together is not None:
            self._running.append(found.request.together)

    def _serve(self) -> None:
        worker: Worker | None = None
        done: Hashable = None
        while (request := self._next(done)) is not None:
            future, call = request
            done = call.together
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._start_worker()
            except (OSError, RuntimeError, MemoryError):  # no handles, threads or memory left
                future.set_exception(WorkerLostError(NOT_STARTED))
                continue
            worker = self._answer(worker, future, call)
        if worker is not None:
            self._drop(worker)

    def _answer(self, worker: Worker, future: Future[Any], request: _Request) -> Worker | None:
        try:
            future.set_result(self._told(worker, future, request))
        except (EOFError, OSError, struct.error, pickle.UnpicklingError):
            self._drop(worker)
            future.set_exception(
                WorkerLostError("The decoder crashed or took too long; the file is damaged.")
            )
            return None
        except Exception as error:  # noqa: BLE001 - the request's own error goes to its caller
            future.set_exception(error)
        return worker

    def _told(self, worker: Worker, future: Future[Any], request: _Request) -> Any:
        """Return a worker's answer; only until it is there can the call be given up."""
        limit = self.time_limit if request.time_limit is None else request.time_limit
        with self._ready:
            self._asked[future] = worker
        try:
            return worker.ask(request.function, request.arguments, limit)
        finally:
            with self._ready:
                del self._asked[future]

    def _start_worker(self) -> Worker:
        worker = Worker(self.memory_limit)
        with self._ready:
            self._workers.add(worker)
            if self._stopping:
                worker.process.kill()
        return worker

    def _drop(self, worker: Worker) -> None:
        with self._ready:
            self._workers.discard(worker)
        worker.stop()


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}:{function.__qualname__}"
