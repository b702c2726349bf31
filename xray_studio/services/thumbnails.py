"""Thumbnails: the middle frame of a series as a small square picture."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Series
from xray_studio.core.workers import Priority, done

SIZE = 128
Thumbnail = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class OneFrame:
    """A source of one frame that is at hand, so that nothing else is decoded for its window."""

    frame: Frame

    @property
    def shape(self) -> tuple[int, ...]:
        """(1, rows, columns) or (1, rows, columns, 3)."""
        return (1, *self.frame.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the frame."""
        return self.frame.dtype

    def read(self, index: int) -> Frame:
        """Return the frame."""
        del index
        return self.frame

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future that is done."""
        del index, priority
        return done(self.frame)


def thumbnail(series: Series, size: int = SIZE) -> Job[Thumbnail]:
    """Return a picture of a series: uint8 (size, size) or (size, size, 3), framed in black.

    It shows the middle frame of the middle instance; only that one is opened and decoded. Raises
    what opening and decoding raise.
    """
    from xray_studio.services.open import open_series
    from xray_studio.services.small_frames import small_frame

    middle = series.instances[len(series.instances) // 2]
    clip = yield from open_series(replace(series, instances=(middle,)))
    yield Progress(message="Making a thumbnail")
    frame = small_frame(clip, len(clip) // 2, 2 * size, Priority.THUMBNAIL).result()
    yield Progress(message="Making a thumbnail")
    return small_picture(clip, len(clip) // 2, frame, size)


def small_picture(clip: Clip, index: int, frame: Frame, size: int) -> Thumbnail:
    """Return a frame as shown when its clip opens, reduced and framed to a square."""
    from xray_studio.imaging.render import render
    from xray_studio.services.presets import initial_presentation

    alone = clip.alone(index, OneFrame(frame))
    how = initial_presentation(alone)
    if frame.shape[:2] != (clip.rows, clip.columns):  # what lies over it is told for its whole size
        alone = replace(alone, overlays=(), shutter=None)
    shown = render(alone, 0, how, frame)
    return letterboxed(shown, size, clip.pixel_aspect)


def letterboxed(image: Thumbnail, size: int, pixel_aspect: float) -> Thumbnail:
    """Return a picture (rows, columns[, 3]) fitted into a black square of `size` pixels.

    `pixel_aspect` is the height of a pixel divided by its width.
    """
    from xray_studio.imaging.scale import scaled

    height, width = image.shape[0] * pixel_aspect, float(image.shape[1])
    scale = size / max(height, width)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    square = np.zeros((size, size, *image.shape[2:]), np.uint8)
    top, left = (size - rows) // 2, (size - columns) // 2
    square[top : top + rows, left : left + columns] = scaled(image, columns, rows)
    return square
