"""VideoWriter: pictures into a video file, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
from av.codec.hwaccel import HWAccel
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from xray_studio.core.output import DeepPicture, OutputSpec, ticks_of
from xray_studio.core.share import start_helpers
from xray_studio.video.containers import TICKS
from xray_studio.video.encoding import Encoding, encoding_for, is_large
from xray_studio.video.errors import as_os_error
from xray_studio.video.layout import Layout
from xray_studio.video.planes import to_video_frame

# JFIF fixes the BT.601 matrix for Motion JPEG; RGB has none.
_MATRICES = {"bt601": Colorspace.ITU601, "bt709": Colorspace.ITU709, "rgb": 0}
_HVC1 = "hvc1"  # the tag under which Apple's players know HEVC


class VideoWriter:
    """Writes one video file. Call `write` for every frame in order, then `close`.

    `path` may have any name; `suffix` chooses the kind of file. `limits` are options of the encoder
    beside those of the quality. Leaving the context without
    `close` gives up: the file is then incomplete and the caller's to remove.
    """

    def __init__(
        self, path: Path, suffix: str, spec: OutputSpec, limits: Mapping[str, str] | None = None
    ) -> None:
        how = encoding_for(suffix, spec)
        self.encoding = replace(how, options=how.options | dict(limits or {}))
        self.spec = spec
        self._written = 0
        self._ticks = ticks_of(spec, TICKS)
        self._index = {tick: index for index, tick in enumerate(self._ticks)}
        self._time_base = Fraction(1, TICKS) if self._ticks else 1 / spec.rate
        with as_os_error():
            container = self.encoding.container
            self._file = av.open(
                str(path), "w", format=container.muxer, options=dict(container.options)
            )
            self._stream = self._add_stream()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with as_os_error(quiet=True):
            self._file.close()

    def write(self, picture: DeepPicture) -> None:
        """Append one picture of the agreed size, uint8 or uint16 as asked. Raises OSError."""
        frame = to_video_frame(picture, self.encoding.layout)
        frame.pts = self._ticks[self._written] if self._ticks else self._written
        frame.time_base = self._time_base
        self._written += 1
        with as_os_error():
            self._mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what the encoder still holds and finish the file. Raises OSError."""
        with as_os_error():
            self._mux(self._stream.encode())
            self._file.close()

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            if self._ticks and packet.pts is not None:
                index = self._index[packet.pts]
                packet.duration = self._ticks[index + 1] - self._ticks[index]
            self._file.mux_one(packet)

    def _add_stream(self) -> VideoStream:
        how = self.encoding
        stream = self._file.add_stream(
            how.encoder, self.spec.rate, how.options, hwaccel=_device(how)
        )
        assert isinstance(stream, VideoStream)
        stream.height, stream.width, stream.pix_fmt = how.rows, how.columns, how.layout.pixel_format
        context = stream.codec_context
        if not how.hardware:
            context.thread_count = 0
            in_slices = is_large(self.spec) or how.codec == "ffv1"
            context.thread_type = "SLICE" if in_slices else "FRAME"
        if how.codec == "hevc" and how.container.muxer in {"mp4", "mov"}:
            context.codec_tag = _HVC1
        context.time_base = self._time_base
        _tag_colours(stream, how.layout)
        start_helpers(context.open)  # the encoder starts its threads here
        return stream


def _device(how: Encoding) -> HWAccel | None:
    """Return the device that frames are sent to, where the encoder does not do so itself."""
    return HWAccel("vaapi") if how.hardware == "vaapi" else None


def _tag_colours(stream: VideoStream, layout: Layout) -> None:
    context = stream.codec_context
    context.color_range = ColorRange.JPEG if layout.full_range else ColorRange.MPEG
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.colorspace = _MATRICES[layout.matrix]
