"""Worker processes for work that may crash, hang or eat memory: headers, decoding, stills.

A worker is this program started again with `--worker`. Requests and answers travel over its pipes
as pickle protocol 5 with out-of-band buffers, so pixels are copied once and no shared memory can
leak. Each request has a time limit, counted from when the worker has loaded the code; a worker that
crashes, hangs or asks for too much memory is replaced and the request ends in an error with a
reason. Unlike `multiprocessing` this needs no guard in the user's script and works the same in a
frozen program.
"""

from __future__ import annotations

import atexit
import contextlib
import enum
import heapq
import itertools
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import IO, Any, NamedTuple, Self, TypeVar

from xray_studio.core.errors import StudioError, UnreadableError

R = TypeVar("R")
MEGABYTE = 1 << 20
MEMORY_LIMIT = 512 * MEGABYTE
TIME_LIMIT = 5.0
START_LIMIT = 60.0  # seconds for starting Python and importing libraries on a busy machine


class Priority(enum.IntEnum):
    """Order of requests that wait: what is on screen comes first."""

    PLAYBACK = 0
    THUMBNAIL = 1
    PREFETCH = 2
    BATCH = 3


class WorkerLostError(UnreadableError):
    """A worker process crashed, ran out of time or out of memory on a request."""


def write_message(stream: IO[bytes], value: object) -> None:
    """Write one value: sizes first, then the pickle, then its large buffers as they are."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    sizes = [len(body), *(view.nbytes for view in views)]
    stream.write(struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes))
    stream.write(body)
    for view in views:
        stream.write(view)
    stream.flush()


def read_message(stream: IO[bytes]) -> Any:
    """Read one value. Raises EOFError when the other side is gone."""
    count = struct.unpack("<I", _read_exactly(stream, 4))[0]
    sizes = struct.unpack(f"<{count}Q", _read_exactly(stream, 8 * count))
    body, *buffers = [_read_exactly(stream, size) for size in sizes]
    return pickle.loads(body, buffers=buffers)  # noqa: S301 - written by our own worker process


def _read_exactly(stream: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    got = 0
    while got < size:
        count = stream.readinto(view[got:])  # type: ignore[attr-defined]  # raw and buffered files have it
        if not count:
            raise EOFError
        got += count
    return data


def worker_command() -> list[str]:
    """Return the command that starts a worker, from source and when frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-m", "xray_studio", "--worker"]


class _Watchdog:
    """Kills a process that takes longer than it may."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._watch, name="xray-studio-limit", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kill the process when the block takes longer."""
        self._set(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._set(None)

    def end(self) -> None:
        """Stop watching."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _set(self, deadline: float | None) -> None:
        with self._changed:
            self._deadline = deadline
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._ended:
                left = None if self._deadline is None else self._deadline - time.monotonic()
                if left is not None and left <= 0.0:
                    self._process.kill()
                    self._deadline = left = None
                self._changed.wait(left)


class _Worker:
    """One worker process and its pipes."""

    def __init__(self, memory_limit: int) -> None:
        environment = os.environ | {
            "XRAY_STUDIO_WORKER_MEMORY": str(memory_limit),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.process = subprocess.Popen(
            worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._watchdog = _Watchdog(self.process)

    def ask(self, function: str, arguments: tuple[Any, ...], time_limit: float) -> Any:
        """Return the worker's answer. Raises EOFError or OSError when it died, or its own error."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self._watchdog.within(START_LIMIT):
            write_message(self.process.stdin, (function, arguments))
            good, answer = read_message(self.process.stdout)
        if good is None:  # the code is loaded and starts to run
            with self._watchdog.within(time_limit):
                good, answer = read_message(self.process.stdout)
        if good:
            return answer
        raise answer

    def stop(self) -> None:
        """End the process and close its pipes."""
        self._watchdog.end()
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


class _Request(NamedTuple):
    """One call that waits for a worker; `function` is "module:name"."""

    function: str
    arguments: tuple[Any, ...]
    time_limit: float | None


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
        self._waiting: list[tuple[int, int, Future[Any], _Request]] = []
        self._order = itertools.count()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
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
    ) -> Future[R]:
        """Queue a call and return its future; a future cancelled while waiting is never run.

        `function` is a module-level function, or "module:name" that only the worker imports.
        `time_limit` in seconds stands in for the pool's own where more work is expected.
        """
        future: Future[R] = Future()
        name = function if isinstance(function, str) else _name(function)
        request = _Request(name, arguments, time_limit)
        with self._ready:
            if self._stopping:
                future.cancel()
                return future
            heapq.heappush(self._waiting, (int(priority), next(self._order), future, request))
            if self._idle == 0 and len(self._threads) < self.size:
                self._start_thread()
            self._ready.notify()
        return future

    def call(self, function: Callable[..., R], *arguments: Any) -> R:
        """Run a call and wait for its answer."""
        return self.submit(function, *arguments).result()

    def shutdown(self) -> None:
        """Cancel what waits, end every process and thread."""
        with self._ready:
            self._stopping = True
            for _, _, future, _ in self._waiting:
                future.cancel()
            self._waiting.clear()
            self._ready.notify_all()
            for worker in self._workers:
                worker.process.kill()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._serve, name="xray-studio-worker", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _next(self) -> tuple[Future[Any], _Request] | None:
        with self._ready:
            self._idle += 1
            while not self._waiting and not self._stopping:
                self._ready.wait()
            self._idle -= 1
            if self._stopping:
                return None
            return heapq.heappop(self._waiting)[2:]

    def _serve(self) -> None:
        worker: _Worker | None = None
        while (request := self._next()) is not None:
            future, call = request
            if not future.set_running_or_notify_cancel():
                continue
            worker = worker or self._start_worker()
            worker = self._answer(worker, future, call)
        if worker is not None:
            self._drop(worker)

    def _answer(self, worker: _Worker, future: Future[Any], request: _Request) -> _Worker | None:
        limit = self.time_limit if request.time_limit is None else request.time_limit
        try:
            future.set_result(worker.ask(request.function, request.arguments, limit))
        except (EOFError, OSError, struct.error, pickle.UnpicklingError):
            self._drop(worker)
            future.set_exception(
                WorkerLostError("The decoder crashed or took too long; the file is damaged.")
            )
            return None
        except Exception as error:  # noqa: BLE001 - the request's own error goes to its caller
            future.set_exception(error)
        return worker

    def _start_worker(self) -> _Worker:
        worker = _Worker(self.memory_limit)
        with self._ready:
            self._workers.add(worker)
            if self._stopping:
                worker.process.kill()
        return worker

    def _drop(self, worker: _Worker) -> None:
        with self._ready:
            self._workers.discard(worker)
        worker.stop()


_shared: WorkerPool | None = None
_shared_lock = threading.Lock()
_inside = False


def shared() -> WorkerPool:
    """Return the pool that all frame sources use, made when first needed."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = WorkerPool()
            atexit.register(shutdown_shared)
        return _shared


def shutdown_shared() -> None:
    """End the shared pool; the next use makes a new one."""
    global _shared
    with _shared_lock:
        pool, _shared = _shared, None
    atexit.unregister(shutdown_shared)
    if pool is not None:
        pool.shutdown()


def run_apart(
    function: Callable[..., R] | str,
    *arguments: Any,
    priority: Priority = Priority.PLAYBACK,
    time_limit: float | None = None,
) -> Future[R]:
    """Run a function in a worker process (see WorkerPool.submit); at once when inside one."""
    if _inside:
        return done((_load(function) if isinstance(function, str) else function)(*arguments))
    return shared().submit(function, *arguments, priority=priority, time_limit=time_limit)


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}:{function.__qualname__}"


def _load(name: str) -> Callable[..., Any]:
    """Import a function by "module:name"."""
    import importlib

    module, _, attribute = name.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return loaded


def done(value: R) -> Future[R]:
    """Return a future that is done."""
    future: Future[R] = Future()
    future.set_result(value)
    return future


def limit_memory(limit: int) -> None:
    """Bound the private memory of this process in bytes, where the system can (POSIX)."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def serve() -> int:
    """Answer requests on standard input until it closes. Runs in the worker process."""
    global _inside
    import signal

    _inside = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(int(os.environ.get("XRAY_STUDIO_WORKER_MEMORY", str(MEMORY_LIMIT))))
    # Libraries that print must not spoil the answers: the pipe moves, standard output goes nowhere.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin.buffer
    while True:
        try:
            function, arguments = read_message(requests)
        except EOFError:
            return 0
        try:
            call = _load(function)
            write_message(answers, (None, None))
            result = (True, call(*arguments))
        except MemoryError:
            result = (False, UnreadableError("The file asks for more memory than is allowed."))
        except StudioError as error:
            result = (False, error)
        except Exception as error:  # noqa: BLE001 - decoders raise anything on damaged data
            result = (False, UnreadableError(_plain(error)))
        try:
            write_message(answers, result)
        except BrokenPipeError:
            return 0


def _plain(error: Exception) -> str:
    """Return a sentence without file content, which could name a patient."""
    return f"The file is damaged ({type(error).__name__})."
