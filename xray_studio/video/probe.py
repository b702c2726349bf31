"""What a video file is: its container, its stream of pictures, and what else it holds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from xray_studio.core.errors import UnreadableError
from xray_studio.core.output import exact_rate
from xray_studio.core.video.even import even_rate, fallen
from xray_studio.core.video.facts import FASTEST, Sound, VideoFacts
from xray_studio.video.colour import grey_bits
from xray_studio.video.index import decoded, opened
from xray_studio.video.place import Place, open_bytes, size_of
from xray_studio.video.stream import Packets, read_packets

_MPEG2_LEVELS = {10: "Low", 8: "Main", 6: "High 1440", 4: "High"}
_LEVEL_1B = 9
_HEVC_LEVEL = 30  # general_level_idc of level 1
_INTERLACED = range(2, 6)  # AV_FIELD_TT to AV_FIELD_BT
_PLAIN = frozenset(  # what says nothing of whom, when, where or with what
    ("major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "language",
     "encoder", "duration", "software", "creation_time", "variant_bitrate")
)  # fmt: skip
_PLACES = ("location", "gps", "xyz", "geo")
_STRAYING = Fraction(1, 2)  # of a frame, that a frame may be off its moment at a constant rate
_NO_INDEX = (
    "The recording was never finished: the index that tells where its frames are is missing; repair"
    " it with the recorder's own software, or record again."
)


@dataclass(frozen=True, slots=True)
class Probed:
    """What a video is, and its packets."""

    facts: VideoFacts
    packets: Packets


def probe(place: Place) -> Probed:
    """Look at a video; runs in a worker process.

    Raises UnreadableError when it is damaged, cut short or holds no moving pictures.
    """
    try:
        packets = read_packets(place)
    except UnreadableError:
        if _lacks_index(place):
            raise UnreadableError(_NO_INDEX) from None
        raise
    if not packets.whole:
        raise UnreadableError(
            f"The video is cut short: {len(packets):,} frames are there, and it says that there"
            " are more; copy it again from where it was recorded."
        )
    with opened(place) as (container, stream):
        first = next(decoded(container, stream), None)
        if first is None:
            raise UnreadableError("No frame of the video can be decoded; the file is damaged.")
        return Probed(_facts(place, container, stream, first, packets), packets)


def _facts(
    place: Place,
    container: InputContainer,
    stream: VideoStream,
    first: av.VideoFrame,
    packets: Packets,
) -> VideoFacts:
    codec, rate = stream.codec_context.name, _rate(stream, packets)
    chroma, bits = _samples(first)
    metadata = tuple(sorted(set(_metadata(container))))
    # A stream of MPEG-2 tells its one rate itself, whatever a container says of its frames.
    variable = codec != "mpeg2video" and _strays(packets, rate)
    even = _even_rate(packets, rate) if variable else rate
    return VideoFacts(
        container=container.format.name.split(",")[0],
        codec=codec,
        profile=str(stream.codec_context.profile or ""),
        level=_level(codec, stream.codec_context.level),
        columns=first.width,
        rows=first.height,
        chroma=chroma,
        bits=bits,
        frames=len(packets),
        rate=rate,
        variable=variable,
        even_rate=even,
        fallen=fallen(_seconds(packets), even) if variable else 0,
        rotation=round(-first.rotation) % 360,
        interlaced=first.interlaced_frame or _field_order(stream) in _INTERLACED,
        pixel_aspect=Fraction(stream.sample_aspect_ratio or 1),
        full_range=first.color_range == ColorRange.JPEG,
        duration=len(packets) / rate if rate else Fraction(0),
        size=size_of(place),
        stream_size=int(packets.sizes.sum()),
        stereo=_stereo(stream, first),
        sound=tuple(_sounds(container)),
        hidden=packets.hidden,
        metadata=metadata,
        place=any(word in name.lower() for name in metadata for word in _PLACES),
        created=_created(container),
    )


def _rate(stream: VideoStream, packets: Packets) -> Fraction:
    """Return frames per second: as the file says where its frames agree, else as they stand."""
    told = stream.average_rate or stream.guessed_rate or Fraction(0)
    span, count = packets.times[-1] if packets.times else packets.span, len(packets) - 1
    # Time stamps can be rounded, to milliseconds in Matroska, so that a few tell no exact rate.
    agreed = abs(span * told - count) < _STRAYING
    if told and (stream.codec_context.name == "mpeg2video" or agreed or not span or not count):
        return exact_rate(float(told))
    return exact_rate(float(count / span)) if span and count else Fraction(0)


def _even_rate(packets: Packets, rate: Fraction) -> Fraction:
    """Return the rate of the usual distance between frames, or a higher one that shows them all."""
    if packets.times is None or len(packets) < 2:
        return rate
    times = _seconds(packets)
    distance = float(np.median(np.diff(times)))
    usual = exact_rate(1.0 / distance) if distance > 0.0 else rate
    return even_rate(times, usual, FASTEST)


def _seconds(packets: Packets) -> list[float]:
    times = packets.times or ()
    return [float(time - times[0]) for time in times]


def _strays(packets: Packets, rate: Fraction) -> bool:
    """Tell whether a frame is further from its moment at a constant rate than half a frame."""
    if packets.times is None or not rate:
        return False
    moments = np.array([float(time) for time in packets.times])
    off = np.abs(moments * float(rate) - np.arange(len(moments)))
    return bool(off.max(initial=0.0) > float(_STRAYING))


def _level(codec: str, level: int | None) -> str:
    if level is None or level <= 0:
        return ""
    if codec == "mpeg2video":
        return _MPEG2_LEVELS.get(level, "")
    if codec == "h264" and level == _LEVEL_1B:
        return "1b"
    if codec == "h264":
        return f"{level / 10:g}"
    return f"{level / _HEVC_LEVEL:.2g}" if codec == "hevc" else ""


def _samples(frame: av.VideoFrame) -> tuple[str, int]:
    """Return how colours are stored, and the bits of a sample."""
    if bits := grey_bits(frame):
        return "4:0:0", bits
    kind = frame.format
    bits = max(component.bits for component in kind.components)
    if kind.is_rgb or kind.has_palette:
        return "RGB", bits
    half = kind.chroma_width(8) < 8, kind.chroma_height(8) < 8
    known = {(True, True): "4:2:0", (True, False): "4:2:2", (False, True): "4:4:0"}
    quarter = kind.chroma_width(8) == 2
    return "4:1:1" if quarter and not half[1] else known.get(half, "4:4:4"), bits


def _field_order(stream: VideoStream) -> int:
    return int(stream.codec_context.field_order or 0)


def _stereo(stream: VideoStream, first: av.VideoFrame) -> str:
    if stream.codec_context.profile == "Stereo High":
        return "views"
    sides: Any = first.side_data  # typed as if it held displacements alone
    try:
        found = sides["STEREO3D"]
    except KeyError:
        return ""
    # The kind of packing is the first number of AVStereo3D; 0 is one view.
    return "packed" if any(memoryview(found)[:4]) else ""


def _sounds(container: InputContainer) -> Iterator[Sound]:
    for stream in container.streams.audio:
        context = stream.codec_context
        yield Sound(context.codec.canonical_name, context.rate or 0, context.channels or 0)


def _metadata(container: InputContainer) -> Iterator[str]:
    for told in (container.metadata, *(stream.metadata for stream in container.streams)):
        yield from (name for name in told if name.lower() not in _PLAIN)
    for stream in container.streams:
        if stream.type not in {"video", "audio"}:
            yield f"a stream of {stream.type}"
    yield from ("chapters",) * bool(container.chapters())


def _created(container: InputContainer) -> str:
    for told in (container.metadata, *(stream.metadata for stream in container.streams)):
        for name in ("com.apple.quicktime.creationdate", "creation_time", "CREATION_TIME"):
            if found := told.get(name, ""):
                return str(found)
    return ""


def _lacks_index(place: Place) -> bool:
    """Tell whether a file of the MP4 family ends without its index (ISO 14496-12, 8.2)."""
    found, begin = set[bytes](), 0
    try:
        with open_bytes(place) as file:
            while head := file.read(16) or b"":
                size, name = struct.unpack_from(">I4s", head.ljust(16, b"\0"))
                if size == 1:
                    size = struct.unpack_from(">Q", head.ljust(16, b"\0"), 8)[0]
                found.add(name)
                if size < 8:
                    break
                begin += size
                file.seek(begin)
    except (OSError, OverflowError):
        return False
    return b"ftyp" in found and b"moov" not in found
