"""Index of a video: where every frame is, so that any of them can be decoded exactly.

The index comes from the packets without decoding them. Where that cannot tell the frames (no time
stamps, fields in packets of their own), every frame is decoded once instead, and sought by the
moment that it was decoded with.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.video.place import PiecesFile, Place

# Demuxers that read one local file. Play lists, which can name other files and addresses, are not
# among them.
_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegvideo,mpegts,asf,flv,ogg,mxf,mjpeg,h264,"
    "hevc,ivf,yuv4mpegpipe,dv,obu,m4v,nut"
)
_NOTHING = "none"  # no protocol has this name
_BUFFER = 1 << 18  # bytes read at once from pieces of a file
_TS_PACKET, _TS_SYNC = 188, 0x47  # ISO/IEC 13818-1, 2.4.3.2
_IN_THREADS = 48 << 20  # bytes of the frames that all threads of a decoder work on
_PROBED = 24  # frames that are decoded to see whether packets and frames agree


class Packet(NamedTuple):
    """What the container tells of one packet, times in ticks of the stream."""

    pts: int | None
    dts: int | None
    keyframe: bool


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Frames in the order they are shown.

    `pts` are their time stamps in ticks. `keys` are, for each frame, the time stamps (pts, dts) of
    the nearest frame at or before it that decodes by itself. Both are empty where frames can only
    be counted from the start, no further than `reach` at once where the index is still being made.
    """

    frames: int
    pts: tuple[int, ...] = ()
    keys: tuple[tuple[int, int], ...] = ()
    reach: int | None = None

    def target(self, number: int) -> Target:
        """Return how to find a frame (from 0)."""
        if not self.pts:
            return Target(number, number, None, self.reach)
        return Target(number, self.pts[number], self.keys[number])


class Target(NamedTuple):
    """One wanted frame.

    `key` are the time stamps (pts, dts) from which it decodes; `stamp` is its own. Without a key,
    the stamp is the frame's number and frames are counted; one that needs more than `reach` frames
    decoded is not looked for.
    """

    number: int
    stamp: int
    key: tuple[int, int] | None
    reach: int | None = None


@contextlib.contextmanager
def opened(place: Place) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a video and its first picture stream, closed at the end."""
    container = open_container(place)
    try:
        yield container, picture_stream(container)
    finally:
        container.close()


def open_container(place: Place) -> InputContainer:
    """Open one local file, or pieces of one, as video; nothing it names elsewhere is followed.

    Raises UnreadableError when it is not a video that can be read.
    """
    try:
        return _container(place)
    except FileNotFoundError:
        raise UnreadableError("The file does not exist.") from None
    except (av.FFmpegError, OSError) as error:
        raise UnreadableError("This is not a video that can be read, or it is damaged.") from error


def _container(place: Place) -> InputContainer:
    options = {"format_whitelist": _DEMUXERS}
    if isinstance(place, str):
        options["protocol_whitelist"] = "file"
        return av.open(f"file:{on_disk(place)}", container_options=options)
    options["protocol_whitelist"] = _NOTHING
    file = PiecesFile(place)
    try:
        kind = _kind(file)
        return av.open(file, "r", kind, container_options=options, buffer_size=_BUFFER)
    except BaseException:
        file.close()
        raise


def _kind(file: PiecesFile) -> str | None:
    """Return the demuxer of a transport stream, which guesses need more packets for than a few."""
    begins = file.read(_TS_PACKET + 1)
    file.seek(0)
    marked = len(begins) > _TS_PACKET and begins[0] == begins[_TS_PACKET] == _TS_SYNC
    return "mpegts" if marked else None


def picture_stream(container: InputContainer) -> VideoStream:
    """Return the stream to show. Raises UnreadableError when there is only sound."""
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not pictures:
        raise UnreadableError("The file holds no moving pictures.")
    stream = pictures[0]
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = _threads(stream.codec_context)
    return stream


def _threads(context: VideoCodecContext) -> int:
    """Return how many threads decode: each holds a frame, and a worker has little memory."""
    deep = context.pix_fmt is not None and "p1" in context.pix_fmt  # yuv420p10le and the like
    frame = context.width * context.height * (3 if deep else 1.5)
    return max(1, min(os.cpu_count() or 1, int(_IN_THREADS // max(1, frame))))


def frame_index(place: Place) -> FrameIndex:
    """Return the index of a video. Raises UnreadableError when it has no readable frame."""
    with opened(place) as (container, stream):
        packets = list(read_packets(container, stream))
    by_packets = index_of(packets)
    with opened(place) as (container, stream):
        frames = decoded(container, stream)
        start = [frame.pts for frame in islice(frames, _PROBED)]
        if not start:
            raise UnreadableError("No frame of the video can be decoded; the file is damaged.")
        if by_packets is not None and list(by_packets.pts[: len(start)]) == start:
            return by_packets
        return _index_of_frames([*start, *(frame.pts for frame in frames)], packets)


def _index_of_frames(stamps: list[int | None], packets: list[Packet]) -> FrameIndex:
    """Return the index of decoded frames, whose fields may lie in packets of their own.

    Frames can only be counted where not all of them have a moment of their own behind a key frame.
    """
    keys, shown = sorted(_keys(packets)), [stamp for stamp in stamps if stamp is not None]
    told = len(shown) == len(stamps) and all(a < b for a, b in pairwise(shown))
    if not told or not keys or keys[0][0] > shown[0]:
        return FrameIndex(len(stamps))
    return FrameIndex(len(shown), tuple(shown), tuple(_nearest_keys(shown, keys)))


def read_packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    """Yield the packets that hold frames to show; ends quietly where a file is cut short.

    Raises UnreadableError when they are encrypted.
    """
    with contextlib.suppress(av.FFmpegError):
        for packet in _open_packets(container, stream):
            if packet.size and not packet.is_discard:
                yield Packet(packet.pts, packet.dts, packet.is_keyframe)


def _open_packets(
    container: InputContainer, stream: VideoStream
) -> Iterator[av.Packet[VideoStream]]:
    """Yield packets. Raises UnreadableError for encrypted ones, which decode to noise."""
    for packet in container.demux(stream):
        if packet.has_sidedata("encryption_info"):
            raise UnreadableError("The video is encrypted; have it exported without protection.")
        yield packet


def index_of(packets: list[Packet]) -> FrameIndex | None:
    """Return the index that packets tell, or None when they do not tell it."""
    stamps = {packet.pts for packet in packets if packet.pts is not None}
    keys = sorted(_keys(packets))
    if len(stamps) < len(packets) or not keys:
        return None
    # Frames that are shown before the first key frame refer to pictures the file does not hold.
    shown = sorted(stamp for stamp in stamps if stamp >= keys[0][0])
    return FrameIndex(len(shown), tuple(shown), tuple(_nearest_keys(shown, keys)))


def _keys(packets: list[Packet]) -> Iterator[tuple[int, int]]:
    for packet in packets:
        if packet.keyframe and packet.pts is not None:
            yield packet.pts, packet.pts if packet.dts is None else packet.dts


def _nearest_keys(shown: list[int], keys: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    position = 0
    for stamp in shown:
        while position + 1 < len(keys) and keys[position + 1][0] <= stamp:
            position += 1
        yield keys[position]


def decoded(
    container: InputContainer, stream: VideoStream, key: tuple[int, int] | None = None
) -> Iterator[av.VideoFrame]:
    """Yield every frame that can be decoded from where the container stands.

    With a `key`, decoding starts at the key frame with these time stamps (pts, dts) and nothing is
    yielded when it lies behind: decoders that start anywhere else make frames up.
    """
    packets = _open_packets(container, stream)
    for packet in packets if key is None else _from_key(packets, key):
        with contextlib.suppress(av.error.InvalidDataError):
            yield from packet.decode()


def _from_key(
    packets: Iterator[av.Packet[VideoStream]], key: tuple[int, int]
) -> Iterator[av.Packet[VideoStream]]:
    for packet in packets:
        if packet.is_keyframe and packet.pts == key[0]:
            yield packet
            yield from packets
        elif packet.dts is None or packet.dts > key[1]:
            return
