"""Short video streams of every kind that DICOM objects hold, made with PyAV alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

FRAMES, ROWS, COLUMNS = 40, 96, 128


@dataclass(frozen=True)
class Kind:
    """A codec in a container, and a transfer syntax that takes it."""

    syntax: str
    codec: str
    container: str
    pixels: str = "yuv420p"
    options: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.syntax.removeprefix(UIDS)}-{self.codec}-{self.container}"


UIDS = "1.2.840.10008.1.2.4."
INTERLACED = (("flags", "+ilme+ildct"), ("top", "1"))
H264 = (("preset", "ultrafast"), ("bf", "2"), ("x264-params", "b-pyramid=normal"))
HEVC = (("preset", "ultrafast"), ("x265-params", "log-level=none:keyint=12"))
KINDS = (
    Kind(f"{UIDS}100", "mpeg2video", "mpeg2video"),
    Kind(f"{UIDS}100", "mpeg2video", "mpeg"),
    Kind(f"{UIDS}100.1", "mpeg2video", "mpegts", options=INTERLACED),
    Kind(f"{UIDS}101", "mpeg2video", "mpegts"),
    Kind(f"{UIDS}101.1", "mpeg2video", "mpeg"),
    Kind(f"{UIDS}102", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}102.1", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}103", "libx264", "mpegts", options=H264),
    Kind(f"{UIDS}103.1", "libx264", "mpegts", options=H264),
    Kind(f"{UIDS}104", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}104.1", "libx264", "mpegts", options=H264),
    Kind(f"{UIDS}105", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}105.1", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}106", "libx264", "mp4", options=H264),
    Kind(f"{UIDS}106.1", "libx264", "mpegts", options=H264),
    Kind(f"{UIDS}107", "libx265", "mp4", options=HEVC),
    Kind(f"{UIDS}107", "libx265", "mpegts", options=HEVC),
    Kind(f"{UIDS}108", "libx265", "mp4", "yuv420p10le", HEVC),
)
USUAL = KINDS[5]


def pictures(count: int = FRAMES) -> list[np.ndarray]:
    """Return RGB pictures of a wave that moves, with the number of each as bars."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    made = []
    for number in range(count):
        red = 128 + 90 * np.sin((x + 3 * number) / 11)
        green = 128 + 90 * np.cos((y - 2 * number) / 9)
        picture = np.stack([red, green, 0.7 * x + 0.9 * y], axis=-1).astype(np.uint8)
        for bit in range(6):
            picture[:12, 8 * bit : 8 * bit + 8] = 230 if number >> bit & 1 else 20
        made.append(picture)
    return made


def write_stream(
    path: Path, kind: Kind = USUAL, frames: int = FRAMES, rate: int = 25, sound: bool = False
) -> Path:
    """Write a stream of a kind and return its path."""
    with av.open(str(path), "w", format=kind.container) as container:
        stream = container.add_stream(kind.codec, rate=rate, options=dict(kind.options))
        stream.width, stream.height, stream.pix_fmt = COLUMNS, ROWS, kind.pixels
        stream.codec_context.gop_size = 12
        if kind.codec == "mpeg2video":
            stream.codec_context.max_b_frames = 2
        beside = container.add_stream("mp2", rate=48000) if sound else None
        for number, picture in enumerate(pictures(frames)):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if beside is not None:
            _add_silence(container, beside, frames / rate)
    return path


def _add_silence(
    container: av.container.OutputContainer, stream: av.AudioStream, seconds: float
) -> None:
    silence = np.zeros((1, 2 * 1152), np.int16)
    for number in range(int(seconds * 48000 / 1152)):
        frame = av.AudioFrame.from_ndarray(silence, "s16", "stereo")
        frame.sample_rate, frame.pts = 48000, number * 1152
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
