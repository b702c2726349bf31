"""A deflated data set (PS3.5 A.5) read as a file: inflated as far as needed, never kept whole."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from xray_studio.core.errors import UnreadableError

CHUNK = 1 << 18
KEPT = 1 << 16


class InflatedFile:
    """The inflated bytes of a raw deflate stream that begins at byte `start`: read, seek and tell.

    `limit` is where reading ends whatever the stream holds, so that a bomb in place of a header
    does no harm. Reading goes forward; the last 64 KB stay at hand, going further back starts
    from the beginning.
    """

    def __init__(self, file: BinaryIO, start: int, limit: int | None = None) -> None:
        self._file = file
        self._start = start
        self._limit = limit
        self._restart()

    def attach(self, file: BinaryIO) -> None:
        """Read from the same file opened anew, going on where it was left."""
        self._file = file

    def set_limit(self, limit: int | None) -> None:
        """Let reading end elsewhere, None at the end of the stream."""
        self._limit = limit

    def _restart(self) -> None:
        self._next = self._start  # next compressed byte of the file
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._window = bytearray()  # inflated bytes from `_base` on
        self._base = 0
        self._position = 0

    @property
    def reached(self) -> int:
        """How many bytes have been inflated so far."""
        return self._base + len(self._window)

    def tell(self) -> int:
        """Return the position in the inflated bytes."""
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position; 0 counts from the beginning and 1 from here."""
        target = offset + (self._position if whence == 1 else 0)
        if target < self._base:
            self._restart()
        self._position = target
        return target

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, fewer only at the end of the stream or the limit.

        Raises UnreadableError when the stream is damaged.
        """
        if self._limit is not None:
            size = max(0, min(size, self._limit - self._position))
        while self.reached < self._position + size and self._inflate():
            self._forget()
        begin = self._position - self._base
        data = bytes(self._window[max(0, begin) : max(0, begin + size)])
        self._position += len(data)
        return data

    def _inflate(self) -> bool:
        if self._stream.eof:
            return False
        source = self._stream.unconsumed_tail or self._more()
        try:
            piece = self._stream.decompress(source, CHUNK)
        except zlib.error:
            raise UnreadableError("The deflated data of the file is damaged.") from None
        self._window += piece
        return bool(piece or source)

    def _more(self) -> bytes:
        self._file.seek(self._next)
        data = self._file.read(CHUNK)
        self._next += len(data)
        return data

    def _forget(self) -> None:
        """Drop bytes that are well behind the position."""
        surplus = min(self._position - KEPT - self._base, len(self._window))
        if surplus > CHUNK:
            del self._window[:surplus]
            self._base += surplus
