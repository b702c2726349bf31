"""The pictures of an export: decoded ahead, shown as presented, with corner text, of one size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.corner_text import CornerText, Shown, corner_text, safety_badges
from xray_studio.core.drawn_source import Lettering, drawn, draws_text
from xray_studio.core.job import Job, Progress
from xray_studio.core.masked_source import blackened
from xray_studio.core.output import DeepPicture
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.region import Region
from xray_studio.core.shown import shows_drawings, voi_of
from xray_studio.imaging.canvas import framed
from xray_studio.imaging.deep import render_deep
from xray_studio.imaging.drawings import draw_drawings
from xray_studio.imaging.marks import MarkPainter
from xray_studio.imaging.overlay import CornerPainter
from xray_studio.imaging.render import oriented, render
from xray_studio.services.decoding import Decoding
from xray_studio.services.export.options import Canvas


class Pictures:
    """Makes the finished picture of a frame: (rows, columns), or uint8 RGB of colour clips.

    Grey ones are uint8, or uint16 where `bits` are 16. Regions of the frame as it is stored in
    `masks` are black before anything is scaled; what lies outside them is not touched. `covers` are
    regions of the finished picture that are black below corner text. Letters are larger for
    pictures that are `reduced` afterwards, to a part of their height. Raises UsageError for
    pictures without room for the badges that nobody can take away.
    """

    def __init__(
        self,
        clip: Clip,
        presentation: Presentation,
        overlay: Overlay,
        size: Canvas,
        order: Sequence[int],
        *,
        bits: int = 8,
        masks: tuple[Region, ...] = (),
        covers: tuple[Region, ...] = (),
        reduced: float = 1.0,
    ) -> None:
        self._covers = covers
        self._masks = () if draws_text(clip) else masks  # words of its own stay above masks
        self._bits = bits
        words = Lettering(
            overlay, masks, min(1.0, size.frame_rows / clip.rows),
            presentation.planes, presentation.drawings,
        )  # fmt: skip
        self._clip, self._presentation, self._overlay = drawn(clip, words), presentation, overlay
        self._size = size
        self._painter: CornerPainter | None = None
        self._marks: MarkPainter | None = None
        if draws_text(clip) or (overlay is Overlay.NONE and not safety_badges(clip)):
            return
        text = self._text(max(order))
        self._painter = CornerPainter(size.rows, size.columns, text, reduced=reduced)
        self._painter.require(safety_badges(clip))
        if overlay is not Overlay.NONE:
            self._marks = MarkPainter(
                clip, presentation, size.frame_columns,
                size=self._painter.size, margin=self._painter.margin,
            )  # fmt: skip

    def made(self, number: int, frame: Frame) -> DeepPicture:
        """Return frame `number` (from 0) as it is exported."""
        size = self._size
        shown = oriented(self._shown(number, frame), self._presentation)
        inner, whole = (size.frame_rows, size.frame_columns), (size.rows, size.columns)
        picture = framed(shown, inner, whole)
        if shows_drawings(self._clip, self._presentation):
            picture = draw_drawings(picture, self._clip, number, self._presentation, self._box)
            picture = self._masked(picture)
        if self._covers:
            picture = blackened(picture, self._covers)
        if self._painter is not None:
            picture, text = picture.copy(), self._text(number)
            self._painter.paint(picture, text)
            if self._marks is not None:
                self._marks.paint(picture, number, text)
        return picture

    def _masked(self, picture: DeepPicture) -> DeepPicture:
        """Return a finished picture with masks black again, which words were drawn over."""
        if not self._masks:
            return picture
        covered = np.full((self._clip.rows, self._clip.columns), 255, np.uint8)
        shown = oriented(covered - blackened(covered, self._masks), self._presentation)
        size = self._size
        over = framed(shown, (size.frame_rows, size.frame_columns), (size.rows, size.columns)) > 0
        return np.where(over if picture.ndim == 2 else over[..., None], 0, picture)

    @property
    def _box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the frame in the picture."""
        size = self._size
        left = (size.columns - size.frame_columns) // 2
        top = (size.rows - size.frame_rows) // 2
        return float(left), float(top), float(size.frame_columns), float(size.frame_rows)

    def _shown(self, number: int, frame: Frame) -> DeepPicture:
        rendering = render_deep if self._bits > 8 else render
        picture = rendering(self._clip, number, self._presentation, frame)
        return blackened(picture, self._masks) if self._masks else picture

    def all(self, order: Sequence[int]) -> Making:
        """Return the pictures of frames in an order, one by one. Close it when done."""
        return Making(self, Decoding(self._clip, unrepeated(order)), order)

    def _text(self, number: int) -> CornerText:
        voi = voi_of(self._clip, self._presentation, number)
        shown = Shown(frame=number, voi=voi, invert=self._presentation.invert)
        return corner_text(self._clip, shown, self._overlay)


class Maker(Protocol):
    """Makes finished pictures of frames."""

    def made(self, number: int, frame: Frame) -> DeepPicture:
        """Return frame `number` (from 0) as it is written."""


class Making:
    """Finished pictures in order; a frame that stands for several moments is made once."""

    def __init__(self, pictures: Maker, decoding: Decoding, order: Sequence[int]) -> None:
        self._pictures, self._decoding, self._order = pictures, decoding, iter(order)
        self._last: tuple[int, DeepPicture] | None = None

    def close(self) -> None:
        """Give up frames that are still on their way."""
        self._decoding.close()

    def picture(self, progress: Progress) -> Job[DeepPicture]:
        """Return the next picture; `progress` is told while its frame is awaited."""
        number = next(self._order)
        if self._last is None or self._last[0] != number:
            frame = yield from self._decoding.frame(progress)
            self._last = number, self._pictures.made(number, frame)
        return self._last[1]


def unrepeated(order: Sequence[int]) -> list[int]:
    """Return frames in order, those that follow themselves once."""
    return [number for number, _ in groupby(order)]
