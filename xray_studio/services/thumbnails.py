"""Thumbnails: the middle frame of a series as a small square picture."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.document_kinds import PDF, is_waveform
from xray_studio.core.errors import NoPixelsError
from xray_studio.core.job import Job, Progress
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation
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


def thumbnail(series: Series, size: int = SIZE, frame: int | None = None) -> Job[Thumbnail]:
    """Return a picture of a series: uint8 (size, size) or (size, size, 3), framed in black.

    It shows a frame (from 0) of the middle instance, the middle one when None; only that one is
    opened and decoded. A document shows its first page. Raises what opening and decoding raise,
    NoPixelsError for a document of text.
    """
    if series.is_document:
        page = yield from first_page(series, size)
        return page
    from xray_studio.services.open import open_series
    from xray_studio.services.small_frames import small_frame

    middle = series.instances[len(series.instances) // 2]
    opening = open_series(replace(series, instances=(middle,)))
    clip = yield from (_begun(opening) if frame is None else opening)
    yield Progress(message="Making a thumbnail")
    middle_frame = (clip.planes or len(clip)) // 2  # of a volume the middle plane at first
    index = middle_frame if frame is None else min(frame, len(clip) - 1)
    found = small_frame(clip, index, 2 * size, Priority.THUMBNAIL).result()
    yield Progress(message="Making a thumbnail")
    return small_picture(clip, index, found, size)


def _begun(opening: Job[Clip]) -> Job[Clip]:
    """Return the clip of a job, of a long video before all its frames are found."""
    try:
        while True:
            progress = next(opening)
            if isinstance(progress.partial, Clip):
                return progress.partial
            yield progress
    except StopIteration as stop:
        clip: Clip = stop.value
        return clip
    finally:
        opening.close()


def first_page(series: Series, size: int) -> Job[Thumbnail]:
    """Return the first page of a document, as a thumbnail is. Raises NoPixelsError for text."""
    from xray_studio.services.documents.pages import page_picture, pages_of, size_mm
    from xray_studio.services.documents.reading import open_document

    first = series.instances[0]
    if not (is_waveform(first.sop_class_uid) or first.sop_class_uid == PDF):
        raise NoPixelsError("This document is text.")
    document = yield from open_document(first.path)
    page = pages_of(document)[0]
    picture = page_picture(first.path, page, 2 * size / max(size_mm(page)))
    return letterboxed(picture, size, 1.0)


def small_picture(
    clip: Clip, index: int, frame: Frame, size: int, how: Presentation | None = None
) -> Thumbnail:
    """Return a frame as shown when its clip opens, or as told, reduced and framed to a square."""
    from xray_studio.imaging.render import render
    from xray_studio.services.presets import initial_presentation

    alone = clip.alone(index, OneFrame(frame))
    how = initial_presentation(alone) if how is None else replace(how, voi=at_frame(how.voi, index))
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
