"""Worker processes for tests, forked from one that has loaded what they read files with.

Starting a worker process takes most of a second, nearly all of it to import libraries, with
PyTorch three; and most tests need one or two. Here a seed process imports them once, and each
worker is a fork of it: a process of its own in which nothing has run but imports, with the
environment, the working folder, the pipes and the limits that the program gives it. Tests of how
workers start and end (`started_workers`), and the program wherever it runs as a process of its own,
start them as always; so does everything on systems other than Linux.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.seed import LENGTH
from xray_studio.core.workers import child
from xray_studio.core.workers.pool import MEMORY_LIMIT
from xray_studio.services.learning.inference import engine

PROJECT = Path(__file__).resolve().parents[1]
READING: Final = (
    "cv2",
    "pydicom",
    "xray_studio.dicom.describe",
    "xray_studio.dicom.pixels.frames",
    "xray_studio.dicom.scan.headers",
    "xray_studio.dicom.scan.judge",
    "xray_studio.services.media",
)
LEARNING: Final = ("torch", "xray_studio.ai.view", "xray_studio.ai.findings")


def can_fork() -> bool:
    """Tell whether the system has what this needs: Linux from 5.3 on."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


class Seed:
    """A process that has imported modules and forks workers. Started when first needed."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self._modules = modules
        self._one_at_a_time = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fork(self, environment: Mapping[str, str]) -> Forked:
        """Return a worker process. Raises OSError where the seed ended or does not answer."""
        its_in, requests = os.pipe()
        answers, its_out = os.pipe()
        try:
            pid, handle = self._ask(environment, its_in, its_out)
        except BaseException:
            os.close(requests)
            os.close(answers)
            raise
        finally:
            os.close(its_in)
            os.close(its_out)
        return Forked(pid, handle, requests, answers)

    def close(self) -> None:
        """End the process; the next worker begins another one."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None

    def _ask(self, environment: Mapping[str, str], *pipes: int) -> tuple[int, int]:
        words = {"environment": dict(environment), "folder": str(Path.cwd()), "path": sys.path}
        body = json.dumps(words).encode()
        with self._one_at_a_time:
            line = self._line or self._begun()
            try:
                socket.send_fds(line, [len(body).to_bytes(LENGTH, "little")], pipes)
                line.sendall(body)
                told, handles, _, _ = socket.recv_fds(line, LENGTH, 1)
            except OSError:
                self.close()
                raise
            if len(told) < LENGTH or not handles:
                self.close()
                raise OSError("The process that forks workers has ended.")
        return int.from_bytes(told, "little"), handles[0]

    def _begun(self) -> socket.socket:
        self._line, its = socket.socketpair()
        self._line.settimeout(child.START_LIMIT)
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with its:
            name = [sys.executable, "-P", "-m", "tests.seed", str(its.fileno())]
            self._process = subprocess.Popen(
                [*name, *self._modules], pass_fds=[its.fileno()], env=os.environ | threads | path,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=PROJECT,
            )  # fmt: skip
        return self._line


class Forked:
    """As much of `subprocess.Popen` as a pool of workers uses."""

    def __init__(self, pid: int, handle: int, requests: int, answers: int) -> None:
        self.pid, self._handle = pid, handle
        self.stdin, self.stdout = os.fdopen(requests, "wb"), os.fdopen(answers, "rb")
        self._ended = threading.Lock()

    def kill(self) -> None:
        """End it at once."""
        with self._ended:
            if self._handle >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> None:
        """Wait for its end."""
        if self._handle < 0:
            return
        ended = select.poll()
        ended.register(self._handle, select.POLLIN)
        ended.poll()
        with self._ended:
            os.close(self._handle)
            self._handle = -1


STARTED: Final = child.start_process  # as the program does it


class Nursery:
    """The seeds of a run of tests: one that reads files, one with what networks need."""

    def __init__(self) -> None:
        self.reading, self.learning = Seed(READING), Seed(LEARNING)

    def start_process(self, environment: Mapping[str, str]) -> Any:
        """Fork a worker, or start it where so little memory is allowed that imports count."""
        memory = int(environment[child.MEMORY_VARIABLE])
        if memory < MEMORY_LIMIT:
            return STARTED(environment)
        return (self.learning if memory == engine.MEMORY else self.reading).fork(environment)

    def close(self) -> None:
        """End both."""
        self.reading.close()
        self.learning.close()
