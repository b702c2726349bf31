"""Bytes that stand in pieces of a file, as a video stream does in the fragments of an object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extents:
    """A stream of bytes that stands in `pieces` (offset, length) of a file, one after another.

    `size` in bytes and `modified` in nanoseconds are those of the file when they were found: its
    place may hold something else by now.
    """

    path: str
    size: int
    modified: int
    pieces: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """Bytes of the stream."""
        return sum(length for _, length in self.pieces)
