"""The stream of pictures in a file, packet by packet: what can be told without decoding it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.stream import VideoStream

from xray_studio.core.errors import UnreadableError
from xray_studio.video.index import opened
from xray_studio.video.place import Place, path_of

Numbers = npt.NDArray[np.int64]
_PROBED = 24  # frames that are decoded to see whether packets tell their moments


@dataclass(frozen=True, slots=True)
class Packets:
    """Every packet of a stream of pictures in the order it is stored, one for each frame.

    `shown` are the places of the packets' frames in the order of display, from 0. `times` are the
    frames' moments in seconds in that order, None where the container tells none. `sizes` are in
    bytes, `keys` tells which frames decode by themselves. `span` are the seconds from the first to
    the last packet, `start` is when the first frame is shown in the file's own time. `hidden` tells
    that some frames are not shown: the container keeps them from it, or they cannot be decoded.
    `whole` tells that the file ends where it says.
    """

    shown: Numbers
    times: tuple[Fraction, ...] | None
    sizes: Numbers
    keys: npt.NDArray[np.bool_]
    span: Fraction = Fraction(0)
    start: Fraction = Fraction(0)
    hidden: bool = False
    whole: bool = True

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.sizes)

    @property
    def delay(self) -> int:
        """Frames by which decoding must be ahead of showing."""
        return int(max(0, (np.arange(len(self)) - self.shown).max(initial=0)))

    def closed(self, place: int) -> bool:
        """Tell whether a stream can begin with a packet: nothing behind it is shown before it."""
        return bool(self.keys[place]) and bool((self.shown[place:] >= self.shown[place]).all())


def read_packets(place: Place) -> Packets:
    """Return what the packets of a file tell. Raises UnreadableError when there is no frame."""
    with opened(place) as (container, stream):
        told = _frames_told(container, stream)
        found = list(_packets(container, stream))
        unit = stream.time_base or Fraction(0)
        end = Fraction(container.duration or 0, 1_000_000)
    if not found:
        raise UnreadableError("The video holds no frame; record or export it again.")
    stamps, decoded, sizes, keys, hidden = (np.array(column) for column in zip(*found, strict=True))
    concealed = bool(hidden.any())
    by_stamps = concealed or _agree(place, stamps)
    shown = _by_stamps(stamps) if by_stamps else _by_decoding(place, len(sizes))
    if shown is None:
        shown, concealed = np.arange(len(sizes)), True
    known = decoded[decoded != _NOWHEN]
    times = _moments(stamps, unit) if by_stamps else None
    cut = told > len(sizes) or _ends_early(place, times, end)
    return Packets(
        shown,
        times,
        sizes.astype(np.int64),
        keys.astype(bool),
        int(known.max() - known.min()) * unit if len(known) else Fraction(0),
        int(stamps.min()) * unit if times else Fraction(0),
        concealed,
        not cut,
    )


def _moments(stamps: Numbers, unit: Fraction) -> tuple[Fraction, ...]:
    first = int(stamps.min())
    return tuple((int(stamp) - first) * unit for stamp in np.sort(stamps))


def _packets(container: InputContainer, stream: VideoStream) -> Any:
    """Yield stamps, size, key and hidden of each packet; ends where a file is cut short."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                shown, decoded = (
                    _NOWHEN if stamp is None else stamp for stamp in (packet.pts, packet.dts)
                )
                yield shown, decoded, packet.size, packet.is_keyframe, packet.is_discard
    except av.FFmpegError:
        return


_NOWHEN = -(1 << 62)


def _frames_told(container: InputContainer, stream: VideoStream) -> int:
    """Return the frames that an index tells of; that of other containers cannot be relied on."""
    return len(stream.index_entries) if "mp4" in container.format.name else 0


def _ends_early(place: Place, times: tuple[Fraction, ...] | None, end: Fraction) -> bool:
    """Tell whether a Matroska file, which says how long it is, ends long before that."""
    if times is None or not path_of(place).lower().endswith((".mkv", ".webm")):
        return False
    return times[-1] < end * Fraction(9, 10) - 1


def _by_stamps(stamps: Numbers) -> Numbers:
    order = np.argsort(stamps, kind="stable")
    shown = np.empty(len(stamps), np.int64)
    shown[order] = np.arange(len(stamps))
    return shown


def _agree(place: Place, stamps: Numbers) -> bool:
    """Tell whether the first frames are shown in the order of their packets' time stamps."""
    if (stamps == _NOWHEN).any() or len(np.unique(stamps)) < len(stamps):
        return False
    wanted = np.sort(stamps)
    with opened(place) as (container, stream):
        frames = container.decode(stream)
        try:
            for stamp in wanted[:_PROBED]:
                frame = next(frames, None)
                if frame is None or frame.pts != stamp:
                    return frame is None
        except av.FFmpegError:
            return True
    return True


def _by_decoding(place: Place, count: int) -> Numbers | None:
    """Return when frames are shown by decoding all, None where some cannot be.

    Each is stamped with its packet's place.
    """
    shown = np.full(count, -1, np.int64)
    with opened(place) as (container, stream):
        number = position = 0
        for packet in container.demux(stream):
            if packet.size:
                packet.pts, packet.dts = number, None
                number += 1
            for frame in _decoded(packet):
                if frame.pts is not None and 0 <= frame.pts < count and shown[frame.pts] < 0:
                    shown[frame.pts] = position
                    position += 1
    return None if (shown < 0).any() else shown


def _decoded(packet: av.Packet[VideoStream]) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.error.InvalidDataError:
        return []
