"""Other programs, which never outlive the set-up that started them."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import places

Words = Sequence[str | Path]
Process = subprocess.Popen[str] | subprocess.Popen[bytes]
PATIENCE = (1.0, 10.0)


def call(
    words: Words, *, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> int:
    """Run a program on the same terminal and return its exit status."""
    with subprocess.Popen(words, cwd=cwd, env=environment) as process:
        try:
            return process.wait()
        except BaseException:
            stop(process)
            raise


def ask(
    words: Words, *, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program and return its exit status with all that it wrote."""
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            stop(process)
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def stop(process: Process) -> None:
    """End a program: after Ctrl+C it ends by itself, else it is asked to, at last it is made to."""
    if not _ends(process, PATIENCE[0]):
        _interrupt(process)
    if not _ends(process, PATIENCE[1]):
        process.kill()
    process.wait()


def _ends(process: Process, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _interrupt(process: Process) -> None:
    if places.WINDOWS:
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)
