"""Let heavy work run behind the window where the system can tell threads apart (Linux)."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

BEHIND = 10  # steps of niceness; 19 is the last of all


def give_way() -> None:
    """Give the calling thread less of a busy machine, and the threads that it starts from now on.

    An encoder that keeps every core busy then no longer holds up painting and playback. Elsewhere
    than on Linux a thread has no share of its own and nothing is changed.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, min(19, now + BEHIND))
