"""Opening files to read, with a reason a person understands when that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import TIME_LIMIT
from xray_studio.core.workers.limits import time_for

CUT_SHORT = "The file ends within this frame; it is cut short."
CHANGED = "The file changed since it was opened; open it again."
BYTES_A_SECOND = 10_000_000
LONGEST = 60.0


class Stamp(NamedTuple):
    """By what a file is known again: its size in bytes and when it changed, in nanoseconds."""

    size: int
    modified: int

    @classmethod
    def of(cls, file: BinaryIO) -> Stamp:
        """Return the stamp of an open file."""
        status = os.fstat(file.fileno())
        return cls(status.st_size, status.st_mtime_ns)


@contextmanager
def open_file(path: str, buffering: int = -1, stamp: Stamp | None = None) -> Iterator[BinaryIO]:
    """Open a file to read.

    Raises UnreadableError with the reason when the system refuses, and when the file is not the one
    that `stamp` was taken of: its place may hold the pictures of somebody else by now.
    """
    try:
        file = Path(on_disk(path)).open("rb", buffering=buffering)  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise UnreadableError("The file is no longer there; scan the folder again.") from None
    except OSError as error:
        raise _refused(error) from None
    with file:
        try:
            if stamp is not None and Stamp.of(file) != stamp:
                raise UnreadableError(CHANGED)
            yield file
        except OSError as error:
            if error.errno is None:  # not the system's own
                raise
            raise _refused(error) from None


def _refused(error: OSError) -> UnreadableError:
    reason = (error.strerror or "unknown reason").lower()
    return UnreadableError(f"The file cannot be opened or read ({reason}).")


def reading_time(paths: Sequence[str]) -> float:
    """Return the seconds that reading the headers of files may take.

    Large objects can hold the attributes of thousands of frames, or as many fragments.
    """
    return min(LONGEST, time_for(paths, TIME_LIMIT, BYTES_A_SECOND))
