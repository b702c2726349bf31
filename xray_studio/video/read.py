"""Video files as clips: frames decode on demand, exactly, in worker processes."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from av.video.stream import VideoStream

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import Pixels
from xray_studio.core.playback import DEFAULT_RATE, Timing, usable_rate
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import video_time
from xray_studio.video.colour import grey_bits, shown_shape
from xray_studio.video.decoder import read_deep_frame, read_frame
from xray_studio.video.glance import read_glance
from xray_studio.video.index import FrameIndex, decoded, frame_index, opened
from xray_studio.video.place import Place, path_of


@dataclass(frozen=True, slots=True)
class VideoHeader:
    """What a video file tells before its frames are wanted.

    `shape` is that of the clip, (frames, rows, columns) or (frames, rows, columns, 3), turned as
    shown; `rate` is None where the file tells none; `times` are the frames' moments in seconds.
    """

    shape: tuple[int, ...]
    bits: int
    rate: Fraction | None
    times: tuple[float, ...]
    pixel_aspect: float
    codec: str
    pixel_format: str
    index: FrameIndex


@dataclass(frozen=True, slots=True)
class VideoSource:
    """FrameSource over one video: a file, or a stream inside of one.

    Colours have 8 bits, `deep` ones 16.
    """

    place: Place
    header: VideoHeader
    deep: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns), colour (frames, rows, columns, 3)."""
        return self.header.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8, or uint16 for grey of more than 8 bits and for deep colours."""
        return np.dtype(np.uint16 if self.deep or self.header.bits > 8 else np.uint8)

    @property
    def provisional(self) -> bool:
        """Tell whether only frames near the start are found so far."""
        return self.header.index.reach is not None

    def glance(self, priority: Priority) -> Future[Frame]:
        """Return some frame about the middle, whichever is soon there, as a future."""
        limit = video_time(path_of(self.place))
        shape = self.shape[1:]
        return run_apart(read_glance, self.place, shape, priority=priority, time_limit=limit)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises UnreadableError."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future.

        Frames that build on the same key frame are decoded one after another by one worker; two
        would each decode all of them.
        """
        target = self.header.index.target(index)
        return run_apart(
            read_deep_frame if self.deep else read_frame,
            self.place,
            target,
            self.shape[1:],
            priority=priority,
            time_limit=video_time(path_of(self.place)),
            together=(self.place, target.key),
        )


def open_video(path: str, *, deep: bool = False) -> Clip:
    """Open a video file as a clip, `deep` with colours of 16 bits, which are not for the screen.

    Raises UnreadableError when it is damaged or no video.
    """
    header = run_apart(read_video_header, path, time_limit=video_time(path)).result()
    rate = float(header.rate) if header.rate else DEFAULT_RATE
    grey = len(header.shape) == 3
    return Clip(
        VideoSource(path, header, deep and not grey),
        Timing(rate, "video stream" if header.rate else "default", header.times),
        Pixels(bits=header.bits),
        pixel_aspect=header.pixel_aspect,
        acquisition=Acquisition(
            lossy=True,
            transfer_syntax=header.codec,
            photometric="MONOCHROME2" if grey else "RGB",
        ),
        paths=(path,),
    )


def read_video_header(place: Place) -> VideoHeader:
    """Return size, timing and index of a video; runs in a worker process.

    Raises UnreadableError when the file is damaged or holds no moving pictures.
    """
    return _header(place, frame_index(place))


def read_video_start(place: Place, frames: int, reach: int) -> VideoHeader:
    """Return what the first frame of a video of so many frames tells; runs in a worker process.

    Its index is provisional: frames are counted from the start, at most `reach` of them for one.
    """
    return _header(place, FrameIndex(frames, reach=reach))


def _header(place: Place, index: FrameIndex) -> VideoHeader:
    with opened(place) as (container, stream):
        first = next(decoded(container, stream), None)
        if first is None:
            raise UnreadableError("No frame of the video can be decoded; the file is damaged.")
        return VideoHeader(
            shape=(index.frames, *shown_shape(first)),
            bits=grey_bits(first) or 8,
            rate=_rate(stream, index),
            times=_times(stream, index),
            pixel_aspect=_pixel_aspect(stream, turned=first.rotation % 180 != 0),
            codec=stream.codec_context.name,
            pixel_format=first.format.name,
            index=index,
        )


def _rate(stream: VideoStream, index: FrameIndex) -> Fraction | None:
    for told in (stream.average_rate, stream.guessed_rate):
        if told and usable_rate(float(told)):
            return Fraction(told)
    times = _times(stream, index)
    if len(times) > 1 and usable_rate((len(times) - 1) / times[-1]):
        return Fraction((len(times) - 1) / times[-1])
    return None


def _times(stream: VideoStream, index: FrameIndex) -> tuple[float, ...]:
    tick = stream.time_base
    if not index.pts or tick is None:
        return ()
    return tuple(float((stamp - index.pts[0]) * tick) for stamp in index.pts)


def _pixel_aspect(stream: VideoStream, *, turned: bool) -> float:
    """Return the height of a pixel divided by its width, as shown."""
    aspect = stream.sample_aspect_ratio
    if not aspect:
        return 1.0
    return float(aspect) if turned else float(1 / aspect)
