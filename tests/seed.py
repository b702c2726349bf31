"""The process from which workers of tests are forked (see tests/forked.py).

Started with the number of a socket and the names of modules to import. Each request on the socket
asks for one worker, whose pipes come with it; the answer is the worker's number, with a handle
of the process. Ends when the socket closes.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from xray_studio.core.workers import process

LENGTH = 8  # bytes of a number on the socket


def serve(line: socket.socket) -> None:
    """Fork a worker for each request."""
    while (request := _read(line)) is not None:
        words, pipes = request
        _bury()
        pid = os.fork()
        if pid == 0:
            line.close()
            _work(words, pipes)
        handle = os.pidfd_open(pid)
        socket.send_fds(line, [pid.to_bytes(LENGTH, "little")], [handle])
        for file in (*pipes, handle):
            os.close(file)


def _read(line: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    start, pipes, _, _ = socket.recv_fds(line, LENGTH, 2)
    if not start:
        return None
    with line.makefile("rb") as file:
        return json.loads(file.read(int.from_bytes(start, "little"))), pipes


def _bury() -> None:
    """Forget workers that have ended; until then their handles and numbers stay theirs."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _work(words: dict[str, Any], pipes: list[int]) -> None:
    """Be a worker until its requests end."""
    status = 1
    try:
        for place, file in enumerate((*pipes, os.open(os.devnull, os.O_WRONLY))):
            os.dup2(file, place)
            os.close(file)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - the worker's own, to its end
        os.environ.clear()
        os.environ.update(words["environment"])
        sys.path[:] = words["path"]
        os.chdir(words["folder"])
        status = process.serve()
    finally:
        os._exit(status)  # what the seed would do at its end is not the worker's to do


def main() -> None:
    """Import, make sure that nothing runs beside, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in sys.argv[2:]:
        importlib.import_module(name)
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:  # one that holds a lock while another forks leaves the lock held for ever
        sys.exit(f"{threads} threads run after the import of {sys.argv[2:]}: it cannot be forked.")
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)


if __name__ == "__main__":
    main()
