"""Bytes of a data set by position: straight from a file, or inflated on the way.

A header is read with one `read` of a few kilobytes; what lies further on is read when asked for.
"""

from __future__ import annotations

import os
from typing import Protocol

from xray_studio.core.errors import UnreadableError

SHORT_READ, FIRST_READ = 4 << 10, 16 << 10
NEXT_READ = 64 << 10
INFLATED_LIMIT = 256 << 20

# A name can turn out to be a pipe between listing and opening: never wait for one.
OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
)


class Pieces(Protocol):
    """Bytes by position."""

    def piece(self, start: int, size: int = NEXT_READ) -> bytes:
        """Return up to `size` bytes from `start`: fewer only at the end, none beyond it."""


class FilePieces:
    """An open file of `size` bytes, of which `first` is already here."""

    __slots__ = ("descriptor", "first", "size")

    def __init__(self, descriptor: int, first: int = FIRST_READ) -> None:
        self.descriptor = descriptor
        self.size = os.lseek(descriptor, 0, os.SEEK_END)
        os.lseek(descriptor, 0, os.SEEK_SET)
        # What has no size is not read: such files of the system can block.
        self.first = os.read(descriptor, first) if self.size else b""

    def piece(self, start: int, size: int = NEXT_READ) -> bytes:
        """Return up to `size` bytes from `start`."""
        if start + size <= len(self.first):
            return self.first[start : start + size]
        if start >= self.size:
            return b""
        os.lseek(self.descriptor, start, os.SEEK_SET)
        return os.read(self.descriptor, size)


class InflatedPieces:
    """A deflated data set (PS3.5 A.5), inflated up to a limit so that a bomb ends."""

    def __init__(self, descriptor: int, start: int) -> None:
        from xray_studio.dicom.file.inflate import InflatedFile

        os.lseek(descriptor, 0, os.SEEK_SET)
        self._file = InflatedFile(os.fdopen(descriptor, "rb", closefd=False), start)

    def piece(self, start: int, size: int = NEXT_READ) -> bytes:
        """Return up to `size` bytes from `start`; none where the stream is damaged."""
        if start > INFLATED_LIMIT:
            return b""
        self._file.seek(start)
        try:
            return self._file.read(size)
        except UnreadableError:
            return b""
