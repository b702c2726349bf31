"""The pool that the whole program shares, and calls that run apart."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from xray_studio.core.workers.pool import Priority, WorkerPool
from xray_studio.core.workers.process import inside_worker, load

R = TypeVar("R")

_shared: WorkerPool | None = None
_shared_lock = threading.Lock()


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
    together: Hashable = None,
) -> Future[R]:
    """Run a function in a worker process (see WorkerPool.submit); at once when inside one."""
    if inside_worker():
        return done((load(function) if isinstance(function, str) else function)(*arguments))
    return shared().submit(
        function, *arguments, priority=priority, time_limit=time_limit, together=together
    )


def done(value: R) -> Future[R]:
    """Return a future that is done."""
    future: Future[R] = Future()
    future.set_result(value)
    return future
