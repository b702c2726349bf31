"""What an engine is asked in tests; light, since a process imports it."""

from __future__ import annotations

import os
import time


def waits(*_: object) -> None:
    """For longer than any test waits."""
    time.sleep(3600.0)


def process(*_: object) -> int:
    """The process that is asked."""
    return os.getpid()
