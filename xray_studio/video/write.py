"""VideoWriter: 8-bit pictures into MP4, MOV or MKV (H.264) or AVI (Motion JPEG)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, Self

import av
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from xray_studio.core.errors import UsageError
from xray_studio.core.output import OutputSpec, Picture, Quality
from xray_studio.core.share import start_helpers
from xray_studio.video.planes import even, to_video_frame

TICKS: Final = 90_000  # per second, for frames at unequal distances; MPEG's own clock


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file: the muxer, the encoder, and options of the muxer."""

    muxer: str
    encoder: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def full_range(self) -> bool:
        """Tell whether luma takes 0 to 255, which Motion JPEG alone does."""
        return self.encoder == "mjpeg"


# Fast start puts the index in front of the pictures, so that playing starts while loading. The
# duration of the whole is told in ticks, not rounded to milliseconds.
_FAST_START = (("movflags", "+faststart"), ("movie_timescale", str(TICKS)))
CONTAINERS: Final = {
    ".mp4": Container("mp4", "libx264", _FAST_START),
    ".mov": Container("mov", "libx264", _FAST_START),
    ".mkv": Container("matroska", "libx264"),
    ".avi": Container("avi", "mjpeg"),
}

H264_OPTIONS: Final = {
    Quality.LOW: {"preset": "veryfast", "crf": "28"},
    Quality.MEDIUM: {"preset": "veryfast", "crf": "18"},
    Quality.HIGH: {"preset": "medium", "crf": "14"},
    Quality.LOSSLESS: {"preset": "veryfast", "qp": "0"},
}
# Macroblocks of 16 x 16 pixels in a frame (ITU-T H.264, Table A-1): of the largest level there is,
# and of the largest that common players decode. Above that few frames are kept in the encoder.
LARGEST_FRAME: Final = 139_264
LARGE_FRAME: Final = 36_864
LEAN: Final = {"rc-lookahead": "0", "refs": "1", "bf": "0"}
MJPEG_SCALES: Final = {Quality.LOW: 8, Quality.MEDIUM: 3, Quality.HIGH: 1}


class VideoWriter:
    """Writes one video file. Call `write` for every frame in order, then `close`.

    `path` may have any name; `suffix` chooses the kind of file. Leaving the context without
    `close` gives up: the file is then incomplete and the caller's to remove.
    """

    def __init__(self, path: Path, suffix: str, spec: OutputSpec) -> None:
        self.container = container_for(suffix, spec)
        self.spec = spec
        self._written = 0
        self._ticks = _ticks(spec)
        self._index = {tick: index for index, tick in enumerate(self._ticks)}
        self._time_base = Fraction(1, TICKS) if self._ticks else 1 / spec.rate
        with _as_os_error():
            self._file = av.open(
                str(path), "w", format=self.container.muxer, options=dict(self.container.options)
            )
            self._stream = self._add_stream()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(av.FFmpegError):
            self._file.close()

    @property
    def coded_size(self) -> tuple[int, int]:
        """Rows and columns in the file: those of the pictures, made even."""
        return even(self.spec.rows), even(self.spec.columns)

    def write(self, picture: Picture) -> None:
        """Append one uint8 picture of the agreed size. Raises OSError."""
        frame = to_video_frame(picture, full_range=self.container.full_range)
        frame.pts = self._ticks[self._written] if self._ticks else self._written
        frame.time_base = self._time_base
        self._written += 1
        with _as_os_error():
            self._mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what the encoder still holds and finish the file. Raises OSError."""
        with _as_os_error():
            self._mux(self._stream.encode())
            self._file.close()

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            if self._ticks and packet.pts is not None:
                index = self._index[packet.pts]
                packet.duration = self._ticks[index + 1] - self._ticks[index]
            self._file.mux_one(packet)

    def _add_stream(self) -> VideoStream:
        options = _encoder_options(self.container, self.spec)
        stream = self._file.add_stream(self.container.encoder, self.spec.rate, options)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = self.coded_size
        stream.pix_fmt = "yuvj420p" if self.container.full_range else "yuv420p"
        context = stream.codec_context
        context.thread_count = 0
        context.thread_type = "SLICE" if _macroblocks(self.spec) > LARGE_FRAME else "FRAME"
        context.time_base = self._time_base
        _tag_colours(stream, full_range=self.container.full_range)
        start_helpers(context.open)  # the encoder starts its threads here
        return stream


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    """Turn what FFmpeg says into the system's error, so that a full disk is told as one."""
    try:
        yield
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def container_for(suffix: str, spec: OutputSpec) -> Container:
    """Return how a suffix is written. Raises UsageError for what a container cannot hold."""
    container = CONTAINERS[suffix.lower()]
    if container.encoder != "mjpeg":
        if _macroblocks(spec) > LARGEST_FRAME:
            raise UsageError(
                f"{spec.columns} x {spec.rows} is too large for H.264, which ends at about"
                " 8192 x 4352; choose a smaller size, an .avi file or pictures."
            )
        return container
    if spec.quality is Quality.LOSSLESS:
        raise UsageError("An .avi file cannot be lossless; choose .mkv, .mp4 or .mov.")
    if spec.starts:
        raise UsageError(
            "An .avi file has one fixed rate; choose .mkv, .mp4 or .mov for real time."
        )
    return container


def _macroblocks(spec: OutputSpec) -> int:
    return -(-spec.rows // 16) * -(-spec.columns // 16)


def _encoder_options(container: Container, spec: OutputSpec) -> dict[str, str]:
    if container.encoder == "libx264":
        # Reordered frames at unequal distances would spoil the duration that MP4 tells.
        own = {"bf": "0"} if spec.starts else {}
        lean = LEAN if _macroblocks(spec) > LARGE_FRAME else {}
        return H264_OPTIONS[spec.quality] | own | lean
    scale = str(MJPEG_SCALES[spec.quality])
    return {"qmin": scale, "qmax": scale}


def _tag_colours(stream: VideoStream, *, full_range: bool) -> None:
    context = stream.codec_context
    context.color_range = ColorRange.JPEG if full_range else ColorRange.MPEG
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    # JFIF fixes the BT.601 matrix for Motion JPEG.
    context.colorspace = Colorspace.ITU601 if full_range else Colorspace.ITU709


def _ticks(spec: OutputSpec) -> list[int]:
    """Return the frames' moments and the end in 1/90000 s, growing; empty at a constant rate."""
    ticks: list[int] = []
    for moment in (*spec.starts, spec.end) if spec.starts else ():
        ticks.append(max(round(moment * TICKS), ticks[-1] + 1 if ticks else 0))
    return ticks
