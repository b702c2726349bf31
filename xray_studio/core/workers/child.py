"""One worker process as its parent sees it: pipes, time limit, end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from xray_studio.core.workers.messages import read_message, write_message

MEMORY_VARIABLE = "XRAY_STUDIO_WORKER_MEMORY"
START_LIMIT = 240.0  # seconds for starting Python and importing libraries on a busy machine
# A worker bounds the processor time of a request itself where the system can; one that waits, for
# its turn on a busy machine or for a slow disk, does nothing wrong and has longer.
PATIENCE = 6.0 if hasattr(signal, "setitimer") else 1.0


def worker_command() -> list[str]:
    """Return the command that starts a worker, from source and when frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    # -P: a file of the working folder never stands in for a library.
    return [sys.executable, "-P", "-m", "xray_studio", "--worker"]


def start_process(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a worker process with its two pipes. Raises OSError where there can be none."""
    return subprocess.Popen(
        worker_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


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


class Worker:
    """One worker process and its pipes."""

    def __init__(self, memory_limit: int) -> None:
        environment = os.environ | {
            MEMORY_VARIABLE: str(memory_limit),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.process = start_process(environment)
        try:
            self._watchdog = _Watchdog(self.process)
        except RuntimeError:  # no thread can be started
            self._end()
            raise

    def ask(self, function: str, arguments: tuple[Any, ...], time_limit: float) -> Any:
        """Return the worker's answer. Raises EOFError or OSError when it died, or its own error.

        `time_limit` is in seconds of processor time. Where that cannot be bounded, and by PATIENCE
        times as much everywhere, it bounds the time that passes.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self._watchdog.within(START_LIMIT):
            write_message(self.process.stdin, (function, arguments, time_limit))
            good, answer = read_message(self.process.stdout)
        if good is None:  # the code is loaded and starts to run
            with self._watchdog.within(time_limit * PATIENCE):
                good, answer = read_message(self.process.stdout)
        if good:
            return answer
        raise answer

    def stop(self) -> None:
        """End the process and close its pipes."""
        self._watchdog.end()
        self._end()

    def _end(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()
