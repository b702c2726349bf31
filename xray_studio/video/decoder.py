"""Frame-exact decoding of a video, in a worker process that keeps the decoder open.

Playing forward decodes each frame once. Going back, or round again, is served from the frames
decoded last; anything else seeks to the nearest frame that decodes by itself and goes on from it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import av
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.video.colour import to_array
from xray_studio.video.index import Target, decoded, open_container, picture_stream
from xray_studio.video.place import Place, stamp_of

_KEPT_BYTES = 64 << 20
_NEAR = 32  # frames ahead that are sooner decoded than sought
_OPEN = 2  # files kept open in one process
_LOWEST = -(1 << 63)  # below every time stamp
_MARGIN = 2  # seconds to go further back where a container seeks inexactly

NOT_YET = "The video is still being read through; this frame can be shown in a moment."

_decoders: OrderedDict[tuple[Place, int, int, bool], Decoder] = OrderedDict()


def read_frame(place: Place, target: Target, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return one frame as an array of `shape`; runs in a worker process.

    Raises UnreadableError when the file or the frame is damaged.
    """
    return _read(place, target, shape, deep=False)


def read_deep_frame(place: Place, target: Target, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return one frame with colours of 16 bits, else as `read_frame` does."""
    return _read(place, target, shape, deep=True)


def _read(place: Place, target: Target, shape: tuple[int, ...], *, deep: bool) -> npt.NDArray[Any]:
    try:
        return to_array(_decoder(place, target).frame(target), shape, deep=deep)
    except MemoryError:  # other videos hold some of it
        _close_all()
    return to_array(_decoder(place, target).frame(target), shape, deep=deep)


def _close_all() -> None:
    while _decoders:
        _decoders.popitem()[1].close()


def _decoder(place: Place, target: Target) -> Decoder:
    """Return the decoder of a video; counted frames and those with time stamps do not mix."""
    key = (place, *stamp_of(place), target.key is None)
    if key not in _decoders:
        while len(_decoders) >= _OPEN:
            _decoders.popitem(last=False)[1].close()
        _decoders[key] = Decoder(place)
    _decoders.move_to_end(key)
    return _decoders[key]


class Decoder:
    """One open video that gives any frame of its index."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._kept: OrderedDict[int, av.VideoFrame] = OrderedDict()
        self._kept_bytes = 0
        self._last = -1
        self._open()

    def close(self) -> None:
        """Close the file."""
        self._kept.clear()
        self._container.close()

    def frame(self, target: Target) -> av.VideoFrame:
        """Return a frame as decoded. Raises UnreadableError when it cannot be decoded."""
        kept = self._kept.get(target.stamp)
        if kept is not None:
            return kept
        if self._is_out_of_reach(target):
            raise UnreadableError(NOT_YET)
        for move in self._ways(target):
            try:
                move()
                frame = self._forward(target)
            except MemoryError:
                raise
            except av.FFmpegError:
                continue
            if frame is not None:
                self._last = target.number
                return frame
        raise UnreadableError(f"Frame {target.number + 1} of the video is damaged.")

    def _ways(self, target: Target) -> Iterator[Callable[[], None]]:
        """Yield what can be tried to come before a frame, the quickest first."""
        if self._is_ahead(target):
            yield lambda: None
        if target.key is not None:
            earlier = round(_MARGIN / (self._stream.time_base or 1))
            yield partial(self._seek, target.key, 0)
            yield partial(self._seek, target.key, earlier)
            yield partial(self._reopen, target.key)
        yield self._reopen

    def _is_out_of_reach(self, target: Target) -> bool:
        if target.reach is None:
            return False
        counted = -1 if self._position is None else self._position
        start = counted if counted < target.number else -1
        return target.number - start > target.reach

    def _is_ahead(self, target: Target) -> bool:
        if self._position is None:
            return target.number < _NEAR
        if self._position >= target.stamp:
            return False
        near = 0 < target.number - self._last <= _NEAR
        return near or target.key is None or target.key[0] <= self._position

    def _forward(self, target: Target) -> av.VideoFrame | None:
        """Decode up to a frame, or return None when it is not on the way."""
        for number, frame in self._frames:
            stamp = number if target.key is None else frame.pts
            if stamp is None or frame.is_corrupt or stamp < self._floor:
                continue
            self._position: int | None = stamp
            self._keep(stamp, frame)
            if stamp >= target.stamp:
                return frame if stamp == target.stamp else None
        return None

    def _keep(self, stamp: int, frame: av.VideoFrame) -> None:
        if stamp not in self._kept:
            self._kept_bytes += _size(frame)
        self._kept[stamp] = frame
        while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= _size(self._kept.popitem(last=False)[1])

    def _seek(self, key: tuple[int, int], earlier: int) -> None:
        self._container.seek(key[1] - earlier, stream=self._stream)
        self._start(key)

    def _reopen(self, key: tuple[int, int] | None = None) -> None:
        self._container.close()
        self._open(key)

    def _open(self, key: tuple[int, int] | None = None) -> None:
        self._container = open_container(self._place)
        self._stream = picture_stream(self._container)
        self._start(key)

    def _start(self, key: tuple[int, int] | None) -> None:
        self._frames = enumerate(decoded(self._container, self._stream, key))
        # Frames shown before a key frame may refer to pictures that were passed over.
        self._floor = _LOWEST if key is None else key[0]
        self._position = None


def _size(frame: av.VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
