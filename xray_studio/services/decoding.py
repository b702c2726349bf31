"""Frames of a clip for a job: decoded ahead, with places to stop while one is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, wait
from typing import Generic, TypeVar

from xray_studio.core.ahead import FramesAhead, Request
from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.workers import Priority

T = TypeVar("T")
_PATIENCE = 0.05  # seconds between two places to stop while a frame is awaited


class Ordered(Generic[T]):
    """What is made of frames, in the order asked for, several on their way at once.

    Close it when done. `request` asks for one, `size` is its bytes.
    """

    def __init__(self, request: Request[T], size: int, order: Sequence[int]) -> None:
        self._ahead = FramesAhead(request, size, order, Priority.BATCH)

    def close(self) -> None:
        """Give up frames that are still on their way."""
        self._ahead.close()

    def frame(self, progress: Progress) -> Job[T]:
        """Return the next frame; `progress` is told before, and while it is awaited."""
        yield progress  # also a frame that is there already is a place to stop
        following = self._ahead.next()
        assert following is not None, "more frames are asked for than were ordered"
        number, future = following
        try:
            frame = yield from awaited(future, progress)
        except StudioError as error:
            if isinstance(error, Cancelled):
                raise
            raise UnreadableError(f"Frame {number + 1} cannot be read: {error}") from error
        return frame


class Decoding(Ordered[Frame]):
    """Decoded frames in the order asked for."""

    def __init__(self, clip: Clip, order: Sequence[int]) -> None:
        super().__init__(clip.source.request, clip.frame_bytes, order)


def awaited(future: Future[T], progress: Progress) -> Job[T]:
    """Return what a future gives; `progress` is told meanwhile. It is given up when stopped."""
    try:
        while not wait([future], timeout=_PATIENCE).done:
            yield progress
        return future.result()
    except CancelledError:
        raise Cancelled("Stopped, since the program is closing.") from None
    finally:
        future.cancel()
