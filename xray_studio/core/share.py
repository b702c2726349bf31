"""How the program shares the machine: helper threads of libraries run behind what a person sees.

A thread that holds the interpreter must not be slowed down, since the window may wait for it. The
threads that an encoder starts never hold it, keep every core busy, and take over the share of the
thread that starts them. So only they give way, where the system can tell threads apart (Linux).
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
BEHIND = 10  # steps of niceness; 19 is the last of all


class _Local(threading.local):
    considerate = False


_local = _Local()


@contextlib.contextmanager
def considerate() -> Iterator[None]:
    """Within the block, helper threads that this thread starts run behind the window."""
    before, _local.considerate = _local.considerate, True
    try:
        yield
    finally:
        _local.considerate = before


def start_helpers(start: Callable[[], T]) -> T:
    """Run `start`, which makes a library start threads of its own; return or raise what it does."""
    if not _local.considerate:
        return start()
    answer: Future[T] = Future()
    starter = threading.Thread(target=_start_behind, args=(start, answer), name="xray-studio-start")
    starter.start()
    starter.join()
    return answer.result()


def _start_behind(start: Callable[[], T], answer: Future[T]) -> None:
    _give_way()
    try:
        answer.set_result(start())
    except Exception as error:  # noqa: BLE001 - raised again where the answer is read
        answer.set_exception(error)


def _give_way() -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, min(19, now + BEHIND))
