"""Uncompressed frames, read in place, and those of deflated data sets, inflated in a worker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.inflate import InflatedFile
from xray_studio.dicom.file.opening import CUT_SHORT, Stamp, open_file
from xray_studio.dicom.pixels.colour import Palette, shown_frame
from xray_studio.dicom.pixels.pixel_format import (
    PixelFormat,
    Samples,
    native_samples,
    pixel_values,
)
from xray_studio.dicom.pixels.sequence import attempt

T = TypeVar("T")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class NativeSource:
    """Uncompressed frames that follow one another in a file.

    `stamp` is that of the file the numbers were taken from. `offset` is where pixel data begins,
    `available` its bytes. `big` stands for big-endian samples,
    `swapped` for 8-bit samples in big-endian 16-bit words. A last frame that is not whole is filled
    up with zeros; the clip says so.
    """

    path: str
    stamp: Stamp
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
        with self.opened() as file:
            return self.read_from(file, index)

    def read_into(self, index: int, frame: Frame) -> None:
        """Read grey frame `index` into an array of its shape and type. Raises UnreadableError.

        Samples that stand in the file as they are kept in memory are read in place.
        """
        layout = self.layout
        whole = layout.bits_allocated in {8, 16, 32} and not (self.big or self.swapped)
        start = index * layout.native_bits // 8
        if not whole or layout.floating or start + frame.nbytes > self.available:
            frame[...] = self.read(index)
            return
        with self.opened() as file:
            file.seek(self.offset + start)
            read = file.readinto(frame.data.cast("B"))  # type: ignore[attr-defined]
            if read < frame.nbytes:
                raise UnreadableError(CUT_SHORT)
        if layout.bits_stored < layout.bits_allocated:
            samples = frame.view(layout.raw_dtype)
            frame[...] = pixel_values(samples, layout.bits_allocated, layout)

    def opened(self) -> AbstractContextManager[BinaryIO]:
        """Open the file. Raises UnreadableError when it is gone or another one."""
        return open_file(self.path, 0, self.stamp)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future that is already done: reading in place is quick."""
        del priority
        return attempt(self.read, index)

    def read_from(self, file: BinaryIO | InflatedFile, index: int) -> Frame:
        """Return frame `index` from an open file or an inflated data set."""
        raw = self.raw_from(file, index)
        values = pixel_values(raw, self.layout.bits_allocated, self.layout)
        return shown_frame(
            values, self.layout, self.palette, self.layout.photometric, self.layout.bits_stored
        )

    def raw_from(self, file: BinaryIO | InflatedFile, index: int) -> Samples:
        """Return the samples of frame `index` with all of Bits Allocated, little endian."""
        first_bit = index * self.layout.native_bits
        return native_samples(self._frame(file, index), self.layout, first_bit % 8)

    def bytes_from(self, file: BinaryIO | InflatedFile, index: int) -> bytes:
        """Return frame `index` as bytes, little endian; single-bit frames from their first bit."""
        if self.layout.bits_allocated == 1:
            bits = self.raw_from(file, index)
            return np.packbits(bits, bitorder="little").tobytes()
        return bytes(self._frame(file, index))

    def _frame(self, file: BinaryIO | InflatedFile, index: int) -> bytes | memoryview:
        first_bit = index * self.layout.native_bits
        begin, end = first_bit // 8, -(-(first_bit + self.layout.native_bits) // 8)
        return self._ordered(self._bytes(file, begin, end))

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


@dataclass(frozen=True, slots=True, weakref_slot=True)
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


_inflated: dict[tuple[str, Stamp], InflatedFile] = {}


def inflate_frame(source: DeflatedSource, index: int) -> Frame:
    """Return a frame of a deflated object. Runs in a worker process.

    The last stream is remembered there, so that frames in order cost one pass over the file.
    """
    return inflated(source, lambda native, file: native.read_from(file, index))


def inflated(source: DeflatedSource, read: Callable[[NativeSource, InflatedFile], T]) -> T:
    """Return what `read` takes from the inflated data set."""
    key = (source.native.path, source.native.stamp)
    with source.native.opened() as file:
        stream = _inflated.pop(key, None) or InflatedFile(file, source.start)
        stream.attach(file)
        found = read(source.native, stream)
    _inflated.clear()
    _inflated[key] = stream
    return found
