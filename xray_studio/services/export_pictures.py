"""The pictures of an export: decoded ahead, shown as presented, with corner text, of one size."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, wait
from itertools import groupby

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.corner_text import CornerText, Shown, corner_text
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.workers import Priority
from xray_studio.imaging.canvas import framed
from xray_studio.imaging.overlay import CornerPainter
from xray_studio.imaging.render import oriented, render, voi_of
from xray_studio.services.export_options import Canvas

_AHEAD_BYTES = 64 << 20  # of frames that wait decoded
_PATIENCE = 0.05  # seconds between two places to stop while a frame is awaited


class Decoding:
    """Frames in the order asked for, several on their way at once. Close it when done."""

    def __init__(self, clip: Clip, order: Sequence[int]) -> None:
        self._clip, self._order = clip, order
        self._next = 0
        self._waiting: deque[tuple[int, Future[Frame]]] = deque()
        most = 2 * (os.cpu_count() or 1) + 2
        self._ahead = max(2, min(most, _AHEAD_BYTES // max(1, clip.frame_bytes)))

    def close(self) -> None:
        """Give up frames that are still on their way."""
        for _, future in self._waiting:
            future.cancel()
        self._waiting.clear()

    def frame(self, progress: Progress) -> Job[Frame]:
        """Return the next frame; `progress` is told while it is awaited."""
        while len(self._waiting) < self._ahead and self._next < len(self._order):
            number = self._order[self._next]
            self._waiting.append((number, self._clip.source.request(number, Priority.BATCH)))
            self._next += 1
        number, future = self._waiting.popleft()
        try:
            while not wait([future], timeout=_PATIENCE).done:
                yield progress
            return future.result()
        except CancelledError:
            raise Cancelled("Stopped, since the program is closing.") from None
        except StudioError as error:
            raise UnreadableError(f"Frame {number + 1} cannot be exported: {error}") from error
        finally:
            future.cancel()


class Pictures:
    """Makes the finished picture of a frame: uint8 (rows, columns), or RGB of colour clips."""

    def __init__(
        self,
        clip: Clip,
        presentation: Presentation,
        overlay: Overlay,
        size: Canvas,
        order: Sequence[int],
    ) -> None:
        self._clip, self._presentation, self._overlay = clip, presentation, overlay
        self._size = size
        self._painter: CornerPainter | None = None
        if overlay is not Overlay.NONE:
            self._painter = CornerPainter(size.rows, size.columns, self._text(max(order)))

    def made(self, number: int, frame: Frame) -> Picture:
        """Return frame `number` (from 0) as it is exported."""
        size = self._size
        shown = oriented(render(self._clip, number, self._presentation, frame), self._presentation)
        inner, whole = (size.frame_rows, size.frame_columns), (size.rows, size.columns)
        picture = framed(shown, inner, whole)
        if self._painter is not None:
            picture = picture.copy()
            self._painter.paint(picture, self._text(number))
        return picture

    def all(self, order: Sequence[int]) -> Making:
        """Return the pictures of frames in an order, one by one. Close it when done."""
        return Making(self, Decoding(self._clip, _unrepeated(order)), order)

    def _text(self, number: int) -> CornerText:
        voi = voi_of(self._clip, self._presentation, number)
        shown = Shown(frame=number, voi=voi, invert=self._presentation.invert)
        return corner_text(self._clip, shown, self._overlay)


class Making:
    """Finished pictures in order; a frame that stands for several moments is made once."""

    def __init__(self, pictures: Pictures, decoding: Decoding, order: Sequence[int]) -> None:
        self._pictures, self._decoding, self._order = pictures, decoding, iter(order)
        self._last: tuple[int, Picture] | None = None

    def close(self) -> None:
        """Give up frames that are still on their way."""
        self._decoding.close()

    def picture(self, progress: Progress) -> Job[Picture]:
        """Return the next picture; `progress` is told while its frame is awaited."""
        number = next(self._order)
        if self._last is None or self._last[0] != number:
            frame = yield from self._decoding.frame(progress)
            self._last = number, self._pictures.made(number, frame)
        return self._last[1]


def _unrepeated(order: Sequence[int]) -> list[int]:
    """Return frames in order, those that follow themselves once."""
    return [number for number, _ in groupby(order)]
