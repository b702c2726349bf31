"""Kinds of video files: the muxer of each, and the codecs that it may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.output import OutputSpec, Quality

TICKS: Final = 90_000  # per second, for frames at unequal distances; MPEG's own clock

CODECS: Final = ("h264", "hevc", "vp9", "ffv1", "mjpeg")
LOSSLESS_CODECS: Final = frozenset(("h264", "hevc", "vp9", "ffv1"))


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file: its muxer with options, and codecs, the usual one first.

    `variable_rate` tells that frames may stand at unequal distances, `lossless` the codec that is
    taken where nothing may be lost.
    """

    muxer: str
    codecs: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    variable_rate: bool = True
    lossless: str = ""

    def codec_for(self, spec: OutputSpec) -> str:
        """Return the codec to take where none was chosen."""
        exact = spec.quality is Quality.LOSSLESS or spec.bits > 8
        return self.lossless if exact and self.lossless else self.codecs[0]


# Fast start puts the index in front of the pictures, so that playing starts while loading. The
# duration of the whole is told in ticks, not rounded to milliseconds.
_FAST_START = (("movflags", "+faststart"), ("movie_timescale", str(TICKS)))
CONTAINERS: Final = {
    ".mp4": Container("mp4", ("h264", "hevc"), _FAST_START),
    ".mov": Container("mov", ("h264", "hevc"), _FAST_START),
    ".mkv": Container("matroska", ("h264", "hevc", "vp9", "ffv1"), lossless="ffv1"),
    ".webm": Container("webm", ("vp9",)),
    ".avi": Container("avi", ("mjpeg",), variable_rate=False),
}
