"""FFmpeg's errors as those of the system."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import av


@contextlib.contextmanager
def as_os_error(*, quiet: bool = False) -> Iterator[None]:
    """Turn what FFmpeg says into the system's error, so that a full disk is told as one.

    With `quiet` it is not told at all, for files that are given up anyway.
    """
    try:
        yield
    except av.FFmpegError as error:
        if not quiet:
            raise OSError(error.errno, error.strerror) from error
