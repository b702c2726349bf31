"""Writes an object frame by frame: the frames are never together in memory.

Only bytes are put together here; what they say was decided before (`plan`).
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.write.plan import ObjectPlan

_ITEM = struct.pack("<HH", 0xFFFE, 0xE000)
_END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
_UNDEFINED = 0xFFFFFFFF
FARTHEST = 0xFFFFFFFF  # that a Basic Offset Table can point to
_TABLE, _LENGTHS = 0x7FE00001, 0x7FE00002  # Extended Offset Table and its lengths
_WAYS = {0x7FE00008: b"OF", 0x7FE00009: b"OD"}  # float pixel data; other is OB or OW


class ObjectWriter:
    """Writes one object to a path. Leaving the context without `close` gives up."""

    def __init__(self, path: Path, plan: ObjectPlan) -> None:
        self._path, self._plan = path, plan
        self._file: BinaryIO | None = None
        self._body: _Deflated | BinaryIO | None = None
        self._pixels: _Native | _Encapsulated | None = None

    def __enter__(self) -> Self:
        plan = self._plan
        self._file = self._path.open("wb+")
        self._file.write(plan.head)
        deflated = plan.syntax == syntaxes.DEFLATED
        self._body = _Deflated(self._file) if deflated else self._file
        self._body.write(plan.attributes)
        if plan.syntax in syntaxes.NATIVE:
            self._pixels = _Native(self._body, plan)
        else:
            self._pixels = _Encapsulated(self._file, plan)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, data: bytes) -> None:
        """Append one frame, native or compressed. Raises OSError."""
        assert self._pixels is not None
        self._pixels.write(data)

    def close(self) -> None:
        """Finish pixel data and write what comes behind it. Raises OSError."""
        assert self._pixels is not None
        assert self._body is not None
        assert self._file is not None
        self._pixels.close()
        self._body.write(self._plan.tail)
        if isinstance(self._body, _Deflated):
            self._body.finish()
        self._file.close()


class _Deflated:
    """A data set that is compressed on the way (PS3.5 A.5)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._size = 0

    def write(self, data: bytes) -> int:
        packed = self._stream.compress(data)
        self._size += len(packed)
        self._file.write(packed)
        return len(data)

    def finish(self) -> None:
        rest = self._stream.flush()
        self._file.write(rest + b"\0" * ((self._size + len(rest)) % 2))


class _Native:
    """Pixel data of frames that follow one another; those of single bits without gaps."""

    def __init__(self, body: _Deflated | BinaryIO, plan: ObjectPlan) -> None:
        self._body, self._plan = body, plan
        self._bits: npt.NDArray[np.uint8] | None = None
        length = -(-plan.layout.native_bits * plan.count // 8)
        self._odd = length % 2
        implicit = plan.syntax == syntaxes.IMPLICIT_LITTLE
        wide = b"OW" if plan.layout.bits_allocated > 8 else b"OB"
        way = b"" if implicit else _WAYS.get(plan.pixel_tag, wide) + b"\0\0"
        body.write(_tag(plan.pixel_tag) + way + struct.pack("<I", length + self._odd))

    def write(self, data: bytes) -> None:
        if self._plan.layout.native_bits % 8:
            data = self._joined(data)
        self._body.write(data)

    def close(self) -> None:
        if self._bits is not None and len(self._bits):
            self._body.write(np.packbits(self._bits, bitorder="little").tobytes())
        self._body.write(b"\0" * self._odd)

    def _joined(self, data: bytes) -> bytes:
        """Return whole bytes of the bits so far; the rest waits for the next frame."""
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        new = bits[: self._plan.layout.native_bits]
        every = new if self._bits is None else np.concatenate([self._bits, new])
        whole = len(every) // 8 * 8
        self._bits = every[whole:]
        return np.packbits(every[:whole], bitorder="little").tobytes()


class _Encapsulated:
    """Frames as items, one fragment each (PS3.5 A.4), with a table of where they begin.

    The table has its place before the frames and is filled in behind them. It is the Basic Offset
    Table, or the Extended one (PS3.3 C.7.6.3.1.8) where that could not point far enough.
    """

    def __init__(self, file: BinaryIO, plan: ObjectPlan) -> None:
        self._file, count = file, plan.count
        self._starts: list[int] = []
        self._lengths: list[int] = []
        self._extended = largest_size(plan) > FARTHEST
        if self._extended:
            self._tables = [_reserve(file, tag, count) for tag in (_TABLE, _LENGTHS)]
        file.write(_tag(plan.pixel_tag) + b"OB\0\0" + struct.pack("<I", _UNDEFINED))
        size = 0 if self._extended else 4 * count
        file.write(_ITEM + struct.pack("<I", size))
        self._basic = file.tell()
        file.write(b"\0" * size)
        self._first = file.tell()

    def write(self, data: bytes) -> None:
        padded = data + b"\0" * (len(data) % 2)
        self._starts.append(self._file.tell() - self._first)
        self._lengths.append(len(padded))
        self._file.write(_ITEM + struct.pack("<I", len(padded)))
        self._file.write(padded)

    def close(self) -> None:
        self._file.write(_END)
        end, count = self._file.tell(), len(self._starts)
        if self._extended:
            for place, values in zip(self._tables, (self._starts, self._lengths), strict=True):
                self._file.seek(place)
                self._file.write(struct.pack(f"<{count}Q", *values))
        else:
            self._file.seek(self._basic)
            self._file.write(struct.pack(f"<{count}I", *self._starts))
        self._file.seek(end)


def largest_size(plan: ObjectPlan) -> int:
    """Return the bytes that the frames take at most: no codec makes them half as large again."""
    native = -(-plan.layout.native_bits // 8)
    return plan.count * (native * 3 // 2 + 1024)


def _tag(tag: int) -> bytes:
    return struct.pack("<HH", tag >> 16, tag & 0xFFFF)


def _reserve(file: BinaryIO, tag: int, count: int) -> int:
    """Write an element of `count` 64-bit numbers and return where they begin."""
    file.write(_tag(tag) + b"OV\0\0" + struct.pack("<I", 8 * count))
    place = file.tell()
    file.write(b"\0" * 8 * count)
    return place
