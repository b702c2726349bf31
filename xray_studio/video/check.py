"""Opens a finished video again and tells what it holds: writers can fail silently."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Checked, DeepPicture, Difference, OutputSpec, astray, difference
from xray_studio.video.colour import grey_bits, to_array
from xray_studio.video.decoder import Decoder
from xray_studio.video.index import FrameIndex, Packet, index_of, opened, read_packets

_EVERY = 256  # packets between two places to stop
_PER_SECOND = 1_000_000  # FFmpeg's unit of a file's duration


def check_video(
    path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
) -> Job[Checked]:
    """Count the frames of a file, read its duration, and compare its first and last frame.

    Raises UnreadableError when it is no video or a frame cannot be decoded.
    """
    packets, seconds, unit = yield from _read(path)
    index = index_of(packets) or FrameIndex(len(packets))
    decoder = Decoder(str(path))
    try:
        begin = _compare(decoder, index, 0, spec, first)
        yield Progress(message="Checking the file")
        end = _compare(decoder, index, index.frames - 1, spec, last)
    finally:
        decoder.close()
    moments = [float((tick - index.pts[0]) * unit) for tick in index.pts]
    return Checked(index.frames, seconds, begin, end, astray(spec, moments))


def _read(path: Path) -> Job[tuple[list[Packet], float, Fraction]]:
    """Return the packets, the seconds that the file tells, and the seconds of a tick."""
    packets: list[Packet] = []
    with opened(str(path)) as (container, stream):
        seconds = (container.duration or 0) / _PER_SECOND
        unit = stream.time_base or Fraction(0)
        for packet in read_packets(container, stream):
            packets.append(packet)
            if len(packets) % _EVERY == 0:
                yield Progress(message="Checking the file")
    return packets, seconds, unit


def _compare(
    decoder: Decoder, index: FrameIndex, number: int, spec: OutputSpec, wanted: DeepPicture
) -> Difference:
    frame = decoder.frame(index.target(number))
    shape = (frame.height, frame.width)
    found = to_array(frame, shape if grey_bits(frame) else (*shape, 3))
    found = found[: spec.rows, : spec.columns]
    return difference(_grey(found) if found.ndim > wanted.ndim else found, wanted)


def _grey(picture: DeepPicture) -> DeepPicture:
    """Return the one channel of an RGB picture whose channels are equal."""
    return np.ascontiguousarray(picture[..., 1])
