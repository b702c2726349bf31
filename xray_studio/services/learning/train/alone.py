"""One process at a time in the folder of a training: two would undo each other's work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import write_failure
from xray_studio.core.locks import FileLock

LOCK: Final = ".training"


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of a training. Raises UsageError while another process does."""
    lock = FileLock(folder / LOCK)
    try:
        taken = lock.take()
    except OSError as error:
        raise write_failure(folder, error) from error
    if not taken:
        raise UsageError(
            f"A training is running in {folder.name}; wait for it or name another folder."
        )
    try:
        yield
    finally:
        lock.release()
