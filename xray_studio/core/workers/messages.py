"""Values over a pipe: pickle protocol 5, large buffers as they are."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any


def write_message(stream: IO[bytes], value: object) -> None:
    """Write one value: sizes first, then the pickle, then its large buffers as they are."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    sizes = [len(body), *(view.nbytes for view in views)]
    stream.write(struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes))
    stream.write(body)
    for view in views:
        stream.write(view)
    stream.flush()


def read_message(stream: IO[bytes]) -> Any:
    """Read one value. Raises EOFError when the other side is gone."""
    count = struct.unpack("<I", _read_exactly(stream, 4))[0]
    sizes = struct.unpack(f"<{count}Q", _read_exactly(stream, 8 * count))
    body, *buffers = [_read_exactly(stream, size) for size in sizes]
    return pickle.loads(body, buffers=buffers)  # noqa: S301 - written by our own worker process


def _read_exactly(stream: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    got = 0
    while got < size:
        count = stream.readinto(view[got:])  # type: ignore[attr-defined]  # raw and buffered files have it
        if not count:
            raise EOFError
        got += count
    return data
