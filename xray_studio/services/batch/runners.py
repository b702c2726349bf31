"""Where tasks run: in worker processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import Future
from functools import cache
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.workers import Priority, WorkerPool
from xray_studio.services.batch.tasks import RUN, Outcome, Task
from xray_studio.services.settings import total_memory

_LEAST_MEMORY: Final = 1 << 30
_SECONDS, _SECONDS_A_FRAME = 1800.0, 30.0  # beyond them a task hangs
_LOOK_EVERY: Final = 0.02  # seconds: a look takes longer the more tasks there are
_CONNECTING: Final = 10.0  # seconds
MOST_WORKERS: Final = 256


class Runner(Protocol):
    """Runs tasks, several at once."""

    def submit(self, task: Task) -> Future[Outcome]:
        """Queue a task. The future raises WorkerLostError or StudioError where it was lost."""

    def poll(self) -> None:
        """Look for answers, where nothing brings them."""

    def close(self) -> None:
        """End what runs and forget what waits."""


class LocalRunner:
    """Worker processes of this machine, one task in each at a time."""

    def __init__(self, workers: int, *, at_once: int | None = None) -> None:
        """Share the memory among the workers that run `at_once`, usually all of them."""
        memory = total_memory() // max(1, at_once or workers)
        self._pool = WorkerPool(workers, max(_LEAST_MEMORY, memory))

    def submit(self, task: Task) -> Future[Outcome]:
        """Queue a task; a process that dies with it is replaced."""
        limit = _SECONDS + _SECONDS_A_FRAME * task.series.frames
        future: Future[Outcome] = self._pool.submit(
            RUN, task, priority=Priority.BATCH, time_limit=limit
        )
        return future

    def poll(self) -> None:
        """Do nothing: the pool brings answers by itself."""

    def close(self) -> None:
        """End every process."""
        self._pool.shutdown()


class ClusterRunner:
    """Workers of a Dask cluster, which see the same folders under the same names.

    A worker that is lost loses nothing: its tasks are done by another one.
    """

    def __init__(self, address: str) -> None:
        _check_answers(address)
        from distributed import Client

        try:
            self._client = Client(address, timeout=_CONNECTING, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise _silent(address) from error
        self._asked: list[tuple[Any, Future[Outcome]]] = []
        self._looked = 0.0

    def submit(self, task: Task) -> Future[Outcome]:
        """Queue a task on the cluster."""
        answer: Future[Outcome] = Future()
        self._asked.append((self._client.submit(run_on_cluster, task, pure=False), answer))
        return answer

    def poll(self) -> None:
        """Pass on the answers that have come."""
        if time.monotonic() < self._looked + _LOOK_EVERY:
            return
        waiting = []
        for asked, answer in self._asked:
            if asked.done():
                _pass_on(asked, answer)
            else:
                waiting.append((asked, answer))
        self._asked, self._looked = waiting, time.monotonic()

    def close(self) -> None:
        """Give up what is not finished and leave the cluster as it was."""
        self._client.cancel([asked for asked, _ in self._asked])
        self._client.close()


def _check_answers(address: str) -> None:
    """Raise UsageError for what is no address, WriteError where nobody listens there."""
    found = urlsplit(address)
    try:
        host, port = found.hostname, found.port
    except ValueError:
        host = port = None
    if found.scheme not in {"tcp", "tls"} or not host or not port:
        raise UsageError("A scheduler is named as tcp://HOST:PORT.")
    try:
        socket.create_connection((host, port), _CONNECTING).close()
    except OSError as error:
        raise _silent(address) from error


def _silent(address: str) -> WriteError:
    return WriteError(
        f"The scheduler {address} does not answer; start it, or leave --scheduler out."
    )


def _pass_on(done: Any, answer: Future[Outcome]) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    if done.cancelled():
        answer.set_exception(StudioError("The cluster gave the task up."))
    elif (error := done.exception()) is not None:
        what = type(error).__name__
        answer.set_exception(StudioError(f"The workers of the cluster were lost on it ({what})."))
    else:
        answer.set_result(done.result())


def run_on_cluster(task: Task) -> Outcome:
    """Run a task in a process beside this worker of a cluster, as it runs without one."""
    try:
        return _beside().submit(task).result()
    except StudioError as error:
        return Outcome(task.number, task.target.name, str(error))


@cache
def _beside() -> LocalRunner:
    return LocalRunner(MOST_WORKERS, at_once=os.cpu_count())
