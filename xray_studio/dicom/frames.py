"""Frame sources of DICOM objects: one frame at a time, never the whole pixel data.

Native frames are read in place. Compressed and deflated ones are decoded in worker processes: a
source pickles as a path and numbers, the request travels and the pixels come back.
"""

from __future__ import annotations

import bisect
import os
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.workers import Priority, done, run_apart
from xray_studio.dicom.colour import Palette, shown_frame
from xray_studio.dicom.decoders import Decoded, decode
from xray_studio.dicom.encapsulated import Fragments
from xray_studio.dicom.files import open_file
from xray_studio.dicom.inflate import InflatedFile
from xray_studio.dicom.pixels import PixelFormat, native_samples, pixel_values

CUT_SHORT = "The file ends within this frame; it is cut short."


@dataclass(frozen=True, slots=True)
class NativeSource:
    """Uncompressed frames that follow one another in a file.

    `offset` is where pixel data begins, `available` its bytes. `big` stands for big-endian samples,
    `swapped` for 8-bit samples in big-endian 16-bit words. A last frame that is not whole is filled
    up with zeros; the clip says so.
    """

    path: str
    layout: PixelFormat
    frames: int
    offset: int
    available: int
    big: bool = False
    swapped: bool = False
    palette: Palette | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return (self.frames, *self.layout.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.layout.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises UnreadableError."""
        with open_file(self.path, buffering=0) as file:
            return self.read_from(file, index)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future that is already done: reading in place is quick."""
        del priority
        return attempt(self.read, index)

    def read_from(self, file: BinaryIO | InflatedFile, index: int) -> Frame:
        """Return frame `index` from an open file or an inflated data set."""
        first_bit = index * self.layout.native_bits
        begin, end = first_bit // 8, -(-(first_bit + self.layout.native_bits) // 8)
        data = self._bytes(file, begin, end)
        raw = native_samples(self._ordered(data), self.layout, first_bit % 8)
        values = pixel_values(raw, self.layout.bits_allocated, self.layout)
        return shown_frame(
            values, self.layout, self.palette, self.layout.photometric, self.layout.bits_stored
        )

    def _bytes(self, file: BinaryIO | InflatedFile, begin: int, end: int) -> bytes:
        """Return bytes of the value, filled up with zeros behind what is known to be missing."""
        low, high = (begin & ~1, (end + 1) & ~1) if self.swapped else (begin, end)
        file.seek(self.offset + low)
        data = file.read(min(high, self.available) - low)
        if len(data) < min(end, self.available) - low:
            raise UnreadableError(CUT_SHORT)
        data = data.ljust(high - low, b"\0")
        if self.swapped:
            data = np.frombuffer(data, ">u2").astype("<u2").tobytes()
        return data[begin - low : end - low] if self.swapped else data

    def _ordered(self, data: bytes) -> bytes | memoryview:
        if not self.big or self.layout.bits_allocated <= 8:
            return data
        kind = self.layout.raw_dtype
        return np.frombuffer(data, kind.newbyteorder(">")).astype(kind).data.cast("B")


@dataclass(frozen=True, slots=True)
class DeflatedSource:
    """Native frames within a deflated data set, inflated in a worker process."""

    native: NativeSource
    start: int

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return self.native.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.native.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises UnreadableError."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        return run_apart(inflate_frame, self, index, priority=priority)


_inflated: dict[tuple[str, int, int], InflatedFile] = {}


def inflate_frame(source: DeflatedSource, index: int) -> Frame:
    """Return a frame of a deflated object. Runs in a worker process.

    The last stream is remembered there, so that frames in order cost one pass over the file.
    """
    with open_file(source.native.path, buffering=0) as file:
        status = os.fstat(file.fileno())
        key = (source.native.path, status.st_mtime_ns, status.st_size)
        stream = _inflated.pop(key, None) or InflatedFile(file, source.start)
        stream.attach(file)
        frame = source.native.read_from(stream, index)
    _inflated.clear()
    _inflated[key] = stream
    return frame


@dataclass(frozen=True)
class EncapsulatedSource:
    """Compressed frames, each one or more fragments (offset, length) of a file."""

    path: str
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
        return run_apart(
            decode_frame, self.path, self.syntax, self.layout, self.fragments[index], self.palette,
            priority=priority, time_limit=self.layout.decoding_time,
        )  # fmt: skip


def decode_frame(
    path: str, syntax: str, layout: PixelFormat, fragments: Fragments, palette: Palette | None
) -> Frame:
    """Read and decode one frame. Runs in a worker process."""
    decoded = decode(compressed_frame(path, fragments), syntax, layout)
    return finished(decoded, layout, palette)


def compressed_frame(path: str, fragments: Fragments) -> bytes:
    """Return the bytes of one compressed frame. Raises UnreadableError."""
    with open_file(path, buffering=0) as file:
        return b"".join(_read_at(file, offset, length) for offset, length in fragments)


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


@dataclass(frozen=True, slots=True)
class BrokenSource:
    """One frame of a series that cannot be shown, and why."""

    reason: StudioError
    frame_shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """(1, rows, columns) or (1, rows, columns, 3), as in the rest of the series."""
        return (1, *self.frame_shape)

    def read(self, index: int) -> Frame:
        """Raise the reason."""
        del index
        raise type(self.reason)(*self.reason.args)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return a future that ends in the reason."""
        del priority
        return attempt(self.read, index)


@dataclass(frozen=True)
class SeriesSource:
    """The frames of several sources one after another; all have frames of one shape and type."""

    parts: tuple[FrameSource, ...]

    @cached_property
    def _ends(self) -> list[int]:
        ends: list[int] = []
        for part in self.parts:
            ends.append((ends[-1] if ends else 0) + part.shape[0])
        return ends

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return (self._ends[-1], *self.parts[0].shape[1:])

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.parts[0].dtype

    def locate(self, index: int) -> tuple[FrameSource, int]:
        """Return the source that holds frame `index`, and the number of the frame there."""
        which = bisect.bisect_right(self._ends, index)
        return self.parts[which], index - (self._ends[which - 1] if which else 0)

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises what its own source raises."""
        part, number = self.locate(index)
        return part.read(number)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        part, number = self.locate(index)
        return part.request(number, priority)


def attempt(read: Any, index: int) -> Future[Frame]:
    """Return the result of `read(index)`, or its error, as a future that is done."""
    try:
        return done(read(index))
    except StudioError as error:
        future: Future[Frame] = Future()
        future.set_exception(error)
        return future
