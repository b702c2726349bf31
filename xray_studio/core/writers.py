"""Whether the process that writes a temporary file still lives, as its name tells.

A process has a short random name, under which it holds a lock on a file of this machine. The system
takes that lock back however the process ends, so that others see that nobody writes any more.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from xray_studio.core.locks import FileLock

NAME_LETTERS: Final = 8
_FORGOTTEN: Final = 2 * 86_400.0  # seconds after which nothing is left of a process that ended
# Where temporary files of the whole program lie can be changed while it runs; the locks stay here.
_FOLDER: Final = Path(tempfile.gettempdir()) / f"xray-studio-{getattr(os, 'getuid', int)()}"


class _Writer:
    """This process: its name, and the lock that it holds."""

    def __init__(self) -> None:
        self._name, self._process = "", 0
        self._lock: FileLock | None = None
        self._naming = threading.Lock()

    def name(self) -> str:
        """Return the name, with its lock held as far as the system allows."""
        with self._naming:
            if self._process != os.getpid():  # one that was forked is another writer
                self._process, self._name = os.getpid(), secrets.token_hex(NAME_LETTERS // 2)
                self._hold()
            return self._name

    def _hold(self) -> None:
        self._lock = FileLock(_FOLDER / self._name)
        with contextlib.suppress(OSError):
            _FOLDER.mkdir(mode=0o700, exist_ok=True)
            if _is_ours():
                _forget_ended()
                self._lock.take()

    def end(self) -> None:
        """Leave no lock behind."""
        if self._lock is not None and self._process == os.getpid():
            self._lock.release()
            with contextlib.suppress(OSError):
                (_FOLDER / self._name).unlink(missing_ok=True)


_WRITER: Final = _Writer()
atexit.register(_WRITER.end)


def writer_name() -> str:
    """Return the name of this process, which its temporary files begin with."""
    return _WRITER.name()


def has_ended(name: str) -> bool:
    """Tell whether the process of a name has ended; False where that is not known."""
    path = _FOLDER / name
    lock = FileLock(path)
    try:
        ended = path.exists() and _is_ours() and lock.take()
    except OSError:
        return False
    lock.release()
    return ended


def _is_ours() -> bool:
    """Tell whether the folder is this user's: another one could say that a writer has ended."""
    return not hasattr(os, "getuid") or _FOLDER.stat().st_uid == os.getuid()


def _forget_ended() -> None:
    """Remove locks of processes that ended days ago: what they left is told by its age then."""
    latest = time.time() - _FORGOTTEN
    for path in _FOLDER.iterdir():
        if path.stat().st_mtime < latest and has_ended(path.name):
            path.unlink(missing_ok=True)
