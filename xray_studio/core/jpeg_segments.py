"""Segments of a JPEG file before its picture, read without decoding it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from xray_studio.core.archive import on_disk

START: Final = b"\xff\xd8\xff"
_APP1, _INFRARED = 0xE1, b"FLIR\0"
_SCAN, _END = 0xDA, 0xD9
_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a segment
_MOST: Final = 10_000  # segments


def jpeg_segments(file: IO[bytes]) -> Iterator[tuple[int, int, int]]:
    """Yield marker, place and length of what each segment holds, up to the picture.

    The file is left where the content of the segment begins. What is damaged ends it.
    """
    file.seek(0)
    if file.read(2) != START[:2]:
        return
    at = 2
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in {_SCAN, _END}:
            return
        if head[1] == 0xFF:  # a byte to fill up
            at += 1
            continue
        if head[1] in _ALONE:
            at += 2
            continue
        length = int.from_bytes(head[2:], "big")
        if length < 2:
            return
        yield head[1], at + 4, length - 2
        at += 2 + length


def holds_infrared(path: str) -> bool:
    """Tell whether a JPEG file holds what an infrared camera of FLIR counted."""
    try:
        with Path(on_disk(path)).open("rb") as file:
            return any(
                marker == _APP1 and file.read(len(_INFRARED)) == _INFRARED
                for marker, at, _ in jpeg_segments(file)
                if file.seek(at) == at
            )
    except OSError:
        return False
