"""The stream of pictures of a file into a new container, bit for bit; what else it holds is left.

The frames of the new file stand at exactly equal distances, as a video in DICOM says of them.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.video.errors import as_os_error
from xray_studio.video.index import opened
from xray_studio.video.place import Place
from xray_studio.video.stream import Packets
from xray_studio.video.stream_bytes import StreamSum

_EVERY = 512  # packets between two places to stop
_BUFFER = 1 << 20  # bytes that are written at once
# Bytes that the index of an MP4 file takes at most: once, for a frame, for a second of sound.
_INDEX, _OF_FRAME, _OF_SOUND = 8192, 40, 8192
COPYING: Final = "Copying the stream"
GONE: Final = "The video could be read only in part; see whether its drive is still there."


class Sink(Protocol):
    """What a container is written to, from any place of it."""

    def write(self, data: bytes, /) -> int:
        """Write bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a place."""

    def tell(self) -> int:
        """Return the place."""


@dataclass(frozen=True, slots=True)
class Remux:
    """What is copied: packets `first` to `last` (not included) of a stream, at a rate.

    `container` is "mp4" or "mpegts". `sound` is the file whose sound comes along, "" for none, in
    which the stream begins at `sound_start` seconds; `metadata` the one whose metadata does.
    """

    container: str
    rate: Fraction
    packets: Packets
    first: int
    last: int
    sound: str = ""
    sound_start: Fraction = Fraction(0)
    metadata: str = ""

    @property
    def begin(self) -> int:
        """The frame, in the order of display, that is shown first."""
        return int(self.packets.shown[self.first : self.last].min())

    @property
    def size(self) -> int:
        """Bytes of the frames that are copied."""
        return int(self.packets.sizes[self.first : self.last].sum())

    @property
    def lasting(self) -> Fraction:
        """Seconds of what is copied."""
        return (self.last - self.first) / self.rate


def remux(video: Place, sink: Sink, order: Remux) -> Job[StreamSum]:
    """Copy the stream of a file into a container, and return what was copied.

    Raises OSError where it cannot be written, UnreadableError where it cannot be read as before.
    """
    with ExitStack() as stack:
        source, pictures = stack.enter_context(opened(video))
        heard = stack.enter_context(opened(order.sound))[0] if order.sound else None
        stack.enter_context(as_os_error())
        target = av.open(
            sink, "w", format=order.container, options=_options(order), buffer_size=_BUFFER
        )
        try:
            stream = target.add_stream_from_template(pictures, opaque=True)
            voices: dict[int, Stream] = {
                voice.index: target.add_stream_from_template(voice)
                for voice in (heard.streams.audio if heard is not None else ())
            }
            _tell_metadata(target, order.metadata)
            context = pictures.codec_context
            copied = StreamSum(context.name, context.extradata or b"")
            packets = _pictures(source, pictures, stream, order)
            if heard is not None:
                packets = heapq.merge(packets, _sounds(heard, voices, order), key=_moment)
            for packet in packets:
                if packet.stream is stream:
                    copied.add(packet)
                    if copied.packets % _EVERY == 0:
                        yield Progress(
                            copied.packets, order.last - order.first, COPYING,
                            bytes=copied.bytes, all_bytes=order.size,
                        )  # fmt: skip
                target.mux_one(packet)
        finally:
            target.close()
    if copied.packets != order.last - order.first:
        raise UnreadableError(GONE)
    return copied


def _options(order: Remux) -> dict[str, str]:
    """Return what makers of containers are told: nothing of themselves, the index in front."""
    if order.container != "mp4":
        return {"fflags": "+bitexact"}
    room = _INDEX + _OF_FRAME * (order.last - order.first)
    if order.sound:
        room += _OF_SOUND * math.ceil(order.lasting)
    return {"fflags": "+bitexact", "moov_size": str(room)}


def _tell_metadata(target: OutputContainer, path: str) -> None:
    target.metadata.clear()
    for stream in target.streams:
        stream.metadata.clear()
    if path:
        with opened(path) as (source, _):
            target.metadata.update(source.metadata)


def _pictures(
    source: InputContainer, pictures: VideoStream, stream: Stream, order: Remux
) -> Iterator[Packet[Any]]:
    """Yield the packets of frames, which get their moments at the one rate."""
    shown, delay, begin = order.packets.shown, order.packets.delay, order.begin
    for place, packet in enumerate(_read(source, [pictures])):
        if order.first <= place < order.last:
            packet.time_base = 1 / order.rate
            packet.pts = int(shown[place]) - begin
            packet.dts = place - order.first - delay
            packet.duration = 1
            packet.stream = stream
            yield packet


def _sounds(
    heard: InputContainer, voices: dict[int, Stream], order: Remux
) -> Iterator[Packet[Any]]:
    """Yield the packets of sound that belong to the frames."""
    times = order.packets.times
    start = order.begin / order.rate if times is None else times[order.begin]
    start += order.sound_start
    next_at: dict[int, int] = {}
    for packet in _read(heard, [heard.streams[index] for index in voices]):
        if packet.pts is None:
            continue
        moment = packet.pts * packet.time_base - start
        if 0 <= moment < order.lasting:
            # Some containers tell one moment for several packets, which new ones refuse.
            at = round(moment / packet.time_base)
            at = max(at, next_at.get(packet.stream_index, at))
            next_at[packet.stream_index] = at + max(1, packet.duration or 0)
            packet.pts = packet.dts = at
            packet.stream = voices[packet.stream_index]
            yield packet


def _moment(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def _read(source: InputContainer, streams: Sequence[Stream]) -> Iterator[Packet[Any]]:
    """Yield packets with content. Raises UnreadableError where the file is no longer there."""
    try:
        for packet in source.demux(*streams):
            if packet.size:
                yield packet
    except av.FFmpegError as error:
        raise UnreadableError(GONE) from error
