"""The bytes of a stream of pictures, apart from the container: whether two files hold the same.

Containers frame the units of H.264 and HEVC in two ways, with their length or with a start code
(ISO 14496-15, ITU-T H.264 Annex B). So the units alone are compared; MPEG-2 is compared as it is.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

import av
from av.packet import Packet

from xray_studio.core.job import Job, Progress
from xray_studio.video.index import opened
from xray_studio.video.place import Place

_START = re.compile(rb"\x00\x00\x01")
_EVERY = 512  # packets between two places to stop
_USUAL = 4  # bytes of the length before a unit
_LENGTH_FIRST = 1  # version of the configuration that stands before streams with lengths


class StreamSum:
    """Sums up the units of a stream, packet by packet, whatever frames them."""

    def __init__(self, codec: str, extra: bytes) -> None:
        self._framed = codec in {"h264", "hevc"}
        self._size = _length_size(codec, extra) if self._framed else 0
        self.packets = self.sum = self.bytes = 0

    def add(self, packet: Packet[Any]) -> None:
        """Add one packet."""
        self.packets += 1
        self.bytes += packet.size
        if not self._framed or self._size == _USUAL:
            self.sum = zlib.crc32(packet, self.sum)
            return
        for unit in _units(bytes(packet), self._size):
            self.sum = zlib.crc32(len(unit).to_bytes(_USUAL, "big"), self.sum)
            self.sum = zlib.crc32(unit, self.sum)


def stream_sum(place: Place) -> Job[StreamSum]:
    """Read a stream through. Raises UnreadableError."""
    with opened(place) as (container, stream):
        context = stream.codec_context
        found = StreamSum(context.name, context.extradata or b"")
        for packet in container.demux(stream):
            if packet.size:
                found.add(packet)
                if found.packets % _EVERY == 0:
                    yield Progress(found.packets, 0, "Checking the stream", bytes=found.bytes)
    return found


def stream_digests(place: Place) -> list[str]:
    """Return for each packet, in stored order, the SHA-256 of its units."""
    with opened(place) as (container, stream):
        codec, extra = stream.codec_context.name, stream.codec_context.extradata or b""
        size = _length_size(codec, extra)
        framed = codec in {"h264", "hevc"}
        return [
            hashlib.sha256(
                b"".join(_lengthy(bytes(packet), size)) if framed else packet
            ).hexdigest()
            for packet in container.demux(stream)
            if packet.size
        ]


def frame_digests(place: Place) -> list[str]:
    """Return the SHA-256 of each decoded frame, in the order of display."""
    with opened(place) as (container, stream):
        return [_frame_digest(frame) for frame in container.decode(stream)]


def _length_size(codec: str, extra: bytes) -> int:
    """Return the bytes of the lengths before units, 0 where start codes stand there."""
    if not extra or extra[0] != _LENGTH_FIRST:
        return 0
    return (extra[4 if codec == "h264" else 21] & 3) + 1


def _units(data: bytes, size: int) -> Iterator[bytes]:
    return _with_lengths(data, size) if size else _with_start_codes(data)


def _lengthy(data: bytes, size: int) -> Iterator[bytes]:
    for unit in _units(data, size):
        yield len(unit).to_bytes(_USUAL, "big") + unit


def _with_lengths(data: bytes, size: int) -> Iterator[bytes]:
    place = 0
    while place + size <= len(data):
        length = int.from_bytes(data[place : place + size], "big")
        yield data[place + size : place + size + length]
        place += size + length


def _with_start_codes(data: bytes) -> Iterator[bytes]:
    starts = [found.end() for found in _START.finditer(data)]
    for begin, end in zip(starts, [*(start - 3 for start in starts[1:]), len(data)], strict=True):
        yield data[begin:end].rstrip(b"\0")


def _frame_digest(frame: av.VideoFrame) -> str:
    made = hashlib.sha256()
    picture: Any = frame.to_ndarray()
    made.update(picture.tobytes())
    return made.hexdigest()
