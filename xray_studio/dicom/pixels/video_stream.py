"""The video stream of an object: where its bytes lie, and what the object says of its frames.

The fragments of a stream are no frames (PS3.5 A.4): joined they are the stream, which is played by
whoever decodes videos. `services.streams` brings both together.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.extents import Extents
from xray_studio.core.workers import Priority
from xray_studio.dicom.file.opening import Stamp
from xray_studio.dicom.pixels.encapsulated import Fragment, Items, walk_items
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.pixels.sequence import attempt

NO_STREAM = "The object holds no video stream: its pixel data is empty."


@dataclass(frozen=True)
class VideoStream:
    """A stream as the source of a clip: what the object tells is known, frames are not decoded.

    `frames` is Number of Frames, which the stream can belie. `ended` tells whether the object's
    pixel data is whole.
    """

    extents: Extents
    syntax: str
    layout: PixelFormat
    frames: int
    ended: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns, 3)."""
        return (self.frames, *self.layout.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.layout.dtype

    def read(self, index: int) -> NoReturn:
        """Raise UnsupportedError: what shows frames opens objects by `services.open`."""
        del index
        raise UnsupportedError("The frames of a video stream are decoded as a whole.")

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return a future that ends in the error of `read`."""
        del priority
        return attempt(self.read, index)


def find_extents(
    file: BinaryIO, path: str, stamp: Stamp, offset: int, total: int | None
) -> tuple[Extents, bool]:
    """Return the pieces of an encapsulated stream, and whether its end mark was reached.

    `offset` is where the value of the pixel data begins, `total` Encapsulated Pixel Data Value
    Total Length, which leaves out a byte that makes the last fragment even. Raises UnreadableError
    where there is no stream.
    """
    items = walk_items(file, offset, stamp.size)
    pieces = [fragment for fragment in items.fragments if fragment[1]]
    if items.cut is not None and items.cut < stamp.size:
        pieces.append((items.cut, stamp.size - items.cut))
    if not pieces:
        raise UnreadableError(NO_STREAM)
    return Extents(path, *stamp, _unpadded(pieces, total)), _ended(items)


def bare_extents(path: str, stamp: Stamp, offset: int, length: int) -> Extents:
    """Return the one piece of a stream that stands without items. Raises UnreadableError."""
    if length < 1:
        raise UnreadableError(NO_STREAM)
    return Extents(path, *stamp, ((offset, length),))


def _ended(items: Items) -> bool:
    return items.ended and items.cut is None


def _unpadded(pieces: list[Fragment], total: int | None) -> tuple[Fragment, ...]:
    """Leave out the byte of padding behind a stream whose length is told."""
    last, length = pieces[-1]
    if total is not None and sum(piece[1] for piece in pieces) == total + 1:
        pieces[-1] = last, length - 1
    return tuple(pieces)
