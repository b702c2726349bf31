"""The worker's side: answer requests until the pipe closes."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.memory import is_too_little
from xray_studio.core.workers.child import MEMORY_VARIABLE
from xray_studio.core.workers.messages import read_message, write_message

# Nothing of the error itself: it can quote the file, and so name a patient.
DAMAGED = "The file is damaged and cannot be read."
_TOO_MUCH = "The file asks for more memory than is allowed."

_inside = False


def inside_worker() -> bool:
    """Tell whether this process is a worker."""
    return _inside


def load(name: str) -> Callable[..., Any]:
    """Import a function by "module:name"."""
    module, _, attribute = name.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return loaded


def limit_memory(limit: int) -> None:
    """Bound the private memory of this process in bytes, where the system can (POSIX)."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


@contextlib.contextmanager
def limited_time(seconds: float) -> Iterator[None]:
    """End this process when the block takes more processor time, where the system can (POSIX).

    The system does it, so that decoders that never come back to Python end as well.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def serve() -> int:
    """Answer requests on standard input until it closes. Runs in the worker process."""
    global _inside
    _inside = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    limit_memory(int(os.environ[MEMORY_VARIABLE]))
    # Libraries that print must not spoil the answers: the pipe moves, standard output goes nowhere.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin.buffer
    while True:
        try:
            function, arguments, seconds = read_message(requests)
        except EOFError:
            return 0
        try:
            call = load(function)
            write_message(answers, (None, None))
            with limited_time(seconds):
                result = (True, call(*arguments))
        except StudioError as error:
            result = (False, error)
        except Exception as error:  # noqa: BLE001 - decoders raise anything on damaged data
            result = (False, UnreadableError(_TOO_MUCH if is_too_little(error) else DAMAGED))
        try:
            write_message(answers, result)
        except BrokenPipeError:
            return 0
