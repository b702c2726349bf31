"""A stream as encapsulated pixel data of an object, written while it is being made (PS3.5 A.4).

The stream lies in one item behind an empty offset table, or in several of one size, of which the
last may be shorter. It is never in memory, and whoever writes it may go back in it, as makers of
MP4 do.
"""

from __future__ import annotations

import struct
from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import BinaryIO, Final

from xray_studio.core.video.syntaxes import LARGEST_ITEM
from xray_studio.dicom.attributes.dataset import PIXEL_DATA

_ITEM = struct.pack("<HH", 0xFFFE, 0xE000)
_END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
_HEAD: Final = 8  # bytes of an item before its value
_UNDEFINED = 0xFFFFFFFF


class StreamItems:
    """A file that is written into the items of an object; `close` finishes pixel data.

    `item_size` are the bytes of an item, even. Without `several` the stream has to fit one.
    """

    def __init__(
        self, file: BinaryIO, item_size: int = LARGEST_ITEM, *, several: bool = False
    ) -> None:
        self._file, self._size, self._several = file, item_size - item_size % 2, several
        group, element = PIXEL_DATA >> 16, PIXEL_DATA & 0xFFFF
        file.write(struct.pack("<HH2sHI", group, element, b"OB", 0, _UNDEFINED))
        file.write(_ITEM + struct.pack("<I", 0))  # the empty offset table
        self._first = file.tell()
        self._at = self.length = 0

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes of the stream. Raises OverflowError where they do not fit one item."""
        rest = memoryview(data)
        while rest:
            inside = self._at % self._size
            if inside == 0 and self._at and not self._several:
                raise OverflowError("the stream does not fit one item")
            part = rest[: self._size - inside]
            self._file.seek(self._place(self._at))
            self._file.write(part)
            self._at += len(part)
            self.length = max(self.length, self._at)
            rest = rest[len(part) :]
        return len(data)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move to a place in the stream."""
        base = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self.length}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the place in the stream."""
        return self._at

    def seekable(self) -> bool:
        """Tell that places can be gone back to."""
        return True

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """Where the stream lies in the file: offset and length of each part of it."""
        starts = range(0, self.length, self._size)
        return tuple((self._place(at), min(self._size, self.length - at)) for at in starts)

    def close(self) -> None:
        """Write the lengths of the items, the last of them even, and the end of pixel data."""
        count = max(1, -(-self.length // self._size))
        for index in range(count):
            size = min(self._size, self.length - index * self._size)
            self._file.seek(self._first + index * (self._size + _HEAD))
            self._file.write(_ITEM + struct.pack("<I", size + size % 2))
        self._file.seek(self._place(self.length - 1) + 1 if self.length else self._first + _HEAD)
        self._file.write(b"\0" * (self.length % 2) + _END)

    def _place(self, at: int) -> int:
        """Return where a byte of the stream lies in the file."""
        return self._first + (at // self._size) * (self._size + _HEAD) + _HEAD + at % self._size
