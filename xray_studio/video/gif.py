"""GifWriter: pictures of a palette into an animated GIF that goes round for ever."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import numpy as np
import numpy.typing as npt
from av.video.stream import VideoStream

from xray_studio.core.output import OutputSpec, Picture, ticks_of
from xray_studio.video.errors import as_os_error
from xray_studio.video.planes import plane_view

PER_SECOND: Final = 100  # GIF counts hundredths of a second
LONGEST: Final = 65_535  # ticks that one frame can stand
_LOOP: Final = (("loop", "0"),)  # for ever


def gif_ticks(spec: OutputSpec) -> list[int]:
    """Return when each frame begins, and the end, in hundredths of a second.

    The moments themselves are rounded, not their distances, so that errors do not add up: the
    whole is exact within half a hundredth.
    """
    if spec.starts:
        return ticks_of(spec, PER_SECOND)
    return [round(PER_SECOND * number / spec.rate) for number in range(spec.frames + 1)]


class GifWriter:
    """Writes one GIF. Call `write` for every frame in order, then `close`."""

    def __init__(self, path: Path, spec: OutputSpec, palette: npt.NDArray[np.uint8]) -> None:
        self._spec, self._ticks = spec, gif_ticks(spec)
        self._entries = _entries(palette)
        self._written = 0
        last = self._ticks[-1] - self._ticks[-2]
        options = dict((*_LOOP, ("final_delay", str(last))))
        with as_os_error():
            self._file = av.open(str(path), "w", format="gif", options=options)
            self._stream = self._add_stream()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with as_os_error(quiet=True):
            self._file.close()

    def write(self, places: Picture) -> None:
        """Append one picture, told by places in the palette, uint8 (rows, columns)."""
        frame = av.VideoFrame(self._spec.columns, self._spec.rows, "pal8")
        plane_view(frame, 0)[...] = places
        np.frombuffer(_memory(frame), np.uint8)[: self._entries.size] = self._entries
        frame.pts, frame.time_base = self._ticks[self._written], Fraction(1, PER_SECOND)
        self._written += 1
        with as_os_error():
            for packet in self._stream.encode(frame):
                self._file.mux_one(packet)

    def close(self) -> None:
        """Finish the file. Raises OSError."""
        with as_os_error():
            for packet in self._stream.encode():
                self._file.mux_one(packet)
            self._file.close()

    def _add_stream(self) -> VideoStream:
        stream = self._file.add_stream("gif", Fraction(PER_SECOND))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = self._spec.columns, self._spec.rows
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = Fraction(1, PER_SECOND)
        return stream


def _memory(frame: av.VideoFrame) -> Any:
    """Return the palette of a frame, a writable buffer."""
    return frame.planes[1]


def _entries(palette: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return 256 entries as FFmpeg keeps them, bytes of 0xAARRGGBB.

    Where the palette leaves one free it is transparent, and stands for what did not change.
    """
    entries = np.zeros((256, 4), np.uint8)
    entries[: len(palette), :3], entries[: len(palette), 3] = palette, 255
    words = entries.astype(np.uint32) << np.array([16, 8, 0, 24], np.uint32)
    return np.asarray(np.bitwise_or.reduce(words, axis=1), np.uint32).view(np.uint8)
