"""Some frame about the middle of a video, without looking for the frames before it."""

from __future__ import annotations

import contextlib
from typing import Any

import av
import numpy.typing as npt
from av.container import InputContainer
from av.video.stream import VideoStream

from xray_studio.core.errors import UnreadableError
from xray_studio.video.colour import to_array
from xray_studio.video.index import decoded, opened
from xray_studio.video.place import Place

_LOOKED_AT = 300  # frames in which one that decodes by itself stands


def read_glance(place: Place, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return a frame about the middle as an array of `shape`, the first one where none is found.

    Runs in a worker process. Raises UnreadableError when no frame can be decoded.
    """
    with opened(place) as (container, stream):
        frame = _middle(container, stream)
    if frame is None:
        with opened(place) as (container, stream):
            frame = next(decoded(container, stream), None)
    if frame is None:
        raise UnreadableError("No frame of the video can be decoded; the file is damaged.")
    return to_array(frame, shape)


def _middle(container: InputContainer, stream: VideoStream) -> av.VideoFrame | None:
    """Return the frame that decodes by itself next to the middle."""
    if not container.duration:
        return None
    with contextlib.suppress(av.FFmpegError):
        container.seek((container.start_time or 0) + container.duration // 2)
        for number, frame in enumerate(decoded(container, stream)):
            if frame.key_frame and not frame.is_corrupt:
                return frame
            if number == _LOOKED_AT:
                break
    return None
