"""Clips at a fraction of their size: shown while whole frames are slow to come, or too many.

JPEG 2000 gives small frames in a small part of the time. Other compressed frames are decoded whole
and made small, which pays where the memory for frames does not hold all whole ones.
"""

from __future__ import annotations

import math
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.workers import Priority

SMALLEST = 512  # pixels that the longer side keeps where speed alone is wanted
MOST_HALVINGS = 3


@dataclass(frozen=True, slots=True, eq=False)
class ReducedSource:
    """Frames of another source at 1 / 2^`halvings` of their size.

    `quick` tells that a small frame takes less time than a whole one. A file can hold fewer
    halvings than asked; its frames then are larger than `shape`.
    """

    source: FrameSource
    halvings: int
    quick: bool

    @property
    def part(self) -> int:
        """How many pixels of a row became one."""
        return 1 << self.halvings

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        frames, rows, columns, *rest = self.source.shape
        return frames, -(-rows // self.part), -(-columns // self.part), *rest

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.source.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises what the source raises."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        # These load heavy libraries; whoever has frames to make smaller has loaded most by then.
        from xray_studio.imaging.scale import shrunk
        from xray_studio.services.small_frames import small_frame_of

        if self.quick:
            size = max(self.source.shape[1:3]) >> self.halvings
            return small_frame_of(self.source, index, size, priority)
        return _then(self.source.request(index, priority), partial(shrunk, part=self.part))


def reduced_source(clip: Clip, room: int) -> ReducedSource | None:
    """Return the frames of a clip smaller where whole ones are slow, or need more than `room`.

    `room` is in bytes. None where whole frames serve best.
    """
    from xray_studio.dicom.pixels.frames import EncapsulatedSource
    from xray_studio.dicom.pixels.reduced import can_reduce

    source = clip.source
    quick = isinstance(source, EncapsulatedSource) and can_reduce(source)
    halvings = _for_room(clip, room) if _shrinks(source) and len(clip) > 1 else 0
    if quick:
        halvings = max(halvings, _for_speed(clip))
    return ReducedSource(source, halvings, quick) if halvings else None


def _shrinks(source: FrameSource) -> bool:
    """Tell whether frames cost time to decode; others are read faster than they are shown."""
    from xray_studio.dicom.pixels.frames import EncapsulatedSource
    from xray_studio.video.read import VideoSource

    if isinstance(source, EncapsulatedSource):
        # The numbers of a palette cannot be averaged; with one, frames are colours already.
        return source.dtype.itemsize <= 2
    return isinstance(source, VideoSource)


def _for_speed(clip: Clip) -> int:
    return max(0, int(math.log2(max(1.0, max(clip.rows, clip.columns) / SMALLEST))))


def _for_room(clip: Clip, room: int) -> int:
    whole, halvings = clip.frame_bytes * len(clip), 0
    while whole > room and halvings < MOST_HALVINGS:
        whole, halvings = whole // 4, halvings + 1
    return halvings


def _then(future: Future[Frame], change: Any) -> Future[Frame]:
    """Return the changed result of a future as a future; cancelling it cancels the other."""
    changed = _Following(future)

    def settle(done: Future[Frame]) -> None:
        if done.cancelled():
            Future.cancel(changed)
            changed.set_running_or_notify_cancel()
            return
        if not changed.set_running_or_notify_cancel():
            return
        error = done.exception()
        if error is not None:
            changed.set_exception(error)
        else:
            changed.set_result(change(done.result()))

    future.add_done_callback(settle)
    return changed


class _Following(Future[Frame]):
    """A future whose waiting ends with that of another."""

    def __init__(self, other: Future[Frame]) -> None:
        super().__init__()
        self._other = other

    def cancel(self) -> bool:
        """Cancel the work that is waited for, if it has not begun."""
        return self._other.cancel()
