"""Locks on files, which the system takes back when a process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

OPEN = os.O_RDWR | os.O_CREAT


class FileLock:
    """A file that one process holds at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock; False when another window or process has it. Raises OSError."""
        file = os.open(self._path, OPEN, 0o600)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
