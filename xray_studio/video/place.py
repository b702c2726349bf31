"""Where a video stands: a file of its own, or pieces of another one, read in place."""

from __future__ import annotations

import bisect
import io
import os
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.extents import Extents

Place: TypeAlias = str | Extents

GONE = "The file is no longer there."
CHANGED = "The file changed since it was opened; open it again."


def path_of(place: Place) -> str:
    """Return the file that a video stands in."""
    return place if isinstance(place, str) else place.path


def stamp_of(place: Place) -> tuple[int, int]:
    """Return the size and the time of change of the file of a video.

    Raises UnreadableError when it is gone, or is not the one in which the pieces were found.
    """
    try:
        status = Path(on_disk(path_of(place))).stat()
    except OSError:
        raise UnreadableError(GONE) from None
    found = status.st_size, status.st_mtime_ns
    if isinstance(place, Extents) and found != (place.size, place.modified):
        raise UnreadableError(CHANGED)
    return found


def open_bytes(place: Place) -> io.RawIOBase:
    """Open the bytes of a video to read. Raises OSError, UnreadableError as `PiecesFile`."""
    return io.FileIO(on_disk(place)) if isinstance(place, str) else PiecesFile(place)


def size_of(place: Place) -> int:
    """Return the bytes of a video. Raises OSError."""
    return Path(on_disk(place)).stat().st_size if isinstance(place, str) else place.length


class PiecesFile(io.RawIOBase):
    """Pieces of a file as one file to read, of which nothing is copied or kept.

    Raises UnreadableError when the file is gone or another one.
    """

    def __init__(self, extents: Extents) -> None:
        super().__init__()
        stamp_of(extents)
        self._file = io.FileIO(on_disk(extents.path))
        self._pieces = extents.pieces
        self._ends = list(accumulate(length for _, length in extents.pieces))
        self._position = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that any byte can be gone to."""
        return True

    def tell(self) -> int:
        """Return the position in the stream."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position in the stream and return it."""
        length = self._ends[-1] if self._ends else 0
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all of one piece; none at the end."""
        which = bisect.bisect_right(self._ends, self._position)
        if which == len(self._ends):
            return b""
        offset, length = self._pieces[which]
        left = self._ends[which] - self._position
        self._file.seek(offset + length - left)
        data = self._file.read(left if size < 0 else min(size, left))
        self._position += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()
