"""The stream of pictures of a file into a new container, bit for bit; what else it holds is left.

The frames of the new file stand at exactly equal distances, as a video in DICOM says of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.video.errors import as_os_error
from xray_studio.video.index import opened
from xray_studio.video.place import Place
from xray_studio.video.stream import Packets
from xray_studio.video.stream_bytes import StreamSum

_EVERY = 512  # packets between two places to stop
_BUFFER = 1 << 20  # bytes that are written at once
_INDEX, _OF_FRAME = 4096, 40  # bytes that the index of an MP4 file takes at most
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

    `container` is "mp4" or "mpegts".
    """

    container: str
    rate: Fraction
    packets: Packets
    first: int
    last: int
    sound: bool = False
    metadata: bool = False


def remux(video: Place, sink: Sink, order: Remux) -> Job[StreamSum]:
    """Copy the stream of a file into a container, and return what was copied.

    Raises OSError where it cannot be written, UnreadableError where it cannot be read as before.
    """
    with opened(video) as (source, pictures), as_os_error():
        target = av.open(
            sink, "w", format=order.container, options=_options(order), buffer_size=_BUFFER
        )
        try:
            streams: dict[int, Stream] = {
                pictures.index: target.add_stream_from_template(pictures, opaque=True)
            }
            for sound in source.streams.audio if order.sound else ():
                streams[sound.index] = target.add_stream_from_template(sound)
            _tell_metadata(source, target, streams, told=order.metadata)
            context = pictures.codec_context
            copied = StreamSum(context.name, context.extradata or b"")
            for packet in _copied(source, streams, pictures.index, order):
                if packet.stream is streams[pictures.index]:
                    copied.add(packet)
                    if copied.packets % _EVERY == 0:
                        yield Progress(copied.packets, order.last - order.first, COPYING)
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
    room = _INDEX + _OF_FRAME * (order.last - order.first) * (1 + order.sound)
    return {"fflags": "+bitexact", "moov_size": str(room)}


def _tell_metadata(
    source: InputContainer, target: OutputContainer, streams: dict[int, Stream], *, told: bool
) -> None:
    target.metadata.clear()
    for stream in streams.values():
        stream.metadata.clear()
    if told:
        target.metadata.update(source.metadata)


def _copied(
    source: InputContainer, streams: dict[int, Stream], pictures: int, order: Remux
) -> Iterator[Packet[Any]]:
    """Yield packets of the new container; frames get their moments at the one rate."""
    shown, delay = order.packets.shown, order.packets.delay
    begin, place = int(shown[order.first : order.last].min()), 0
    times = order.packets.times
    start = Fraction(0) if times is None else times[begin]
    end = start + (order.last - order.first) / order.rate
    first: Fraction | None = None
    heard: dict[int, int] = {}
    for packet in _read(source, streams):
        if packet.stream_index == pictures:
            if place == 0 and packet.pts is not None:
                first = packet.pts * packet.time_base - _offset(order.packets)
            if order.first <= place < order.last:
                packet.time_base = 1 / order.rate
                packet.pts = int(shown[place]) - begin
                packet.dts = place - order.first - delay
                packet.duration = 1
                packet.stream = streams[pictures]
                yield packet
            place += 1
        elif packet.pts is not None:
            moment = packet.pts * packet.time_base - (first or 0)
            if start <= moment < end:
                # Some containers tell one moment for several packets, which new ones refuse.
                at = round((moment - start) / packet.time_base)
                at = max(at, heard.get(packet.stream_index, at))
                packet.pts = packet.dts = at
                heard[packet.stream_index] = at + max(1, packet.duration or 0)
                packet.stream = streams[packet.stream_index]
                yield packet


def _read(source: InputContainer, streams: dict[int, Stream]) -> Iterator[Packet[Any]]:
    """Yield packets with content. Raises UnreadableError where the file is no longer there."""
    try:
        for packet in source.demux(*(source.streams[index] for index in streams)):
            if packet.size:
                yield packet
    except av.FFmpegError as error:
        raise UnreadableError(GONE) from error


def _offset(packets: Packets) -> Fraction:
    """Return by how many seconds the first packet's frame is shown after the first frame."""
    return Fraction(0) if packets.times is None else packets.times[int(packets.shown[0])]
