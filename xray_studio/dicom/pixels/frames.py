"""Compressed frames of a DICOM object, decoded one at a time in worker processes.

A source pickles as a path and numbers: the request travels and the pixels come back.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import CUT_SHORT, Stamp, open_file
from xray_studio.dicom.pixels.colour import Palette, shown_frame
from xray_studio.dicom.pixels.decoders import Decoded, decode
from xray_studio.dicom.pixels.encapsulated import Fragments
from xray_studio.dicom.pixels.pixel_format import PixelFormat, pixel_values


@dataclass(frozen=True)
class EncapsulatedSource:
    """Compressed frames, each one or more fragments (offset, length) of a file.

    `stamp` is that of the file the fragments were found in.
    """

    path: str
    stamp: Stamp
    syntax: str
    layout: PixelFormat
    fragments: tuple[Fragments, ...]
    palette: Palette | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return (len(self.fragments), *self.layout.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.layout.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises UnreadableError or UnsupportedError."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future; several decode at once."""
        limit = self.layout.decoding_time
        return run_apart(decode_frame, self.alone(index), priority=priority, time_limit=limit)

    def alone(self, index: int) -> EncapsulatedSource:
        """Return the source of one frame: less to send to a worker than that of all."""
        return replace(self, fragments=(self.fragments[index],))

    def compressed(self, index: int) -> bytes:
        """Return the bytes of a compressed frame. Raises UnreadableError."""
        with open_file(self.path, 0, self.stamp) as file:
            return b"".join(_read_at(file, *fragment) for fragment in self.fragments[index])


def decode_frame(source: EncapsulatedSource) -> Frame:
    """Read and decode the first frame of a source. Runs in a worker process."""
    decoded = decode(source.compressed(0), source.syntax, source.layout)
    return finished(decoded, source.layout, source.palette)


def finished(decoded: Decoded, layout: PixelFormat, palette: Palette | None) -> Frame:
    """Return what a codec gave as a frame of a clip."""
    values = pixel_values(decoded.samples, decoded.precision, layout)
    bits = min(decoded.precision, layout.bits_stored)
    return shown_frame(values, layout, palette, decoded.photometric, bits)


def _read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    data = file.read(length)
    if len(data) < length:
        raise UnreadableError(CUT_SHORT)
    return data
