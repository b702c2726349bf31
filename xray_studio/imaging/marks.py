"""Orientation letters and scale bar burnt into exported pictures, as on the screen."""

from __future__ import annotations

import cv2
import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.colour_map import colour_table
from xray_studio.core.corner_text import CornerText, lines_reaching
from xray_studio.core.legend import Legend, legend
from xray_studio.core.orientation import as_shown
from xray_studio.core.output import DeepPicture
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation
from xray_studio.core.scale_bar import ScaleBar, scale_bar
from xray_studio.core.shown import voi_of
from xray_studio.imaging.stamps import INK, Stamp, edge, line_height, stamp_of, text_width, words

PART = 0.25  # of the width of a picture; no bar is longer
LEAST_LINES = 12  # that a picture is high; smaller ones have no room for marks
SHADE = 0.6


class MarkPainter:
    """Draws the marks of one clip into pictures of one size, beside their corner text.

    `inner` is the width in pixels of the frame in their middle, `size` that of the letters of the
    corner text and `margin` what it leaves at the edges.
    """

    def __init__(
        self, clip: Clip, presentation: Presentation, inner: int, *, size: int, margin: int
    ) -> None:
        self._clip, self._presentation = clip, presentation
        self._inner, self._size, self._margin = inner, size, margin

    def paint(self, picture: DeepPicture, index: int, text: CornerText) -> None:
        """Draw into a writable picture of frame `index` with its corner text, in place."""
        rows, columns = picture.shape[:2]
        if rows < LEAST_LINES * line_height(self._size):
            return
        bar = scale_bar(self._clip, self._presentation, self._inner, PART * columns)
        inner = 3.0 * self._size if bar is None else self._width_of(bar)
        foot = self._above(text, picture, inner)
        if bar is not None:
            foot = self._paint_bar(picture, bar, foot)
        voi = voi_of(self._clip, self._presentation, index)
        shown = legend(self._clip, self._presentation, voi, index)
        beside = 0 if shown is None else self._legend_width + self._size
        self._paint_letters(picture, index, self._below(text, columns), foot, beside)
        if shown is not None:
            self._paint_legend(picture, shown)

    @property
    def _legend_width(self) -> int:
        return max(4, self._size // 2)

    def _paint_legend(self, picture: DeepPicture, shown: Legend) -> None:
        """Draw the bar of a colour map at the right edge, between its ends in words."""
        rows, columns = picture.shape[:2]
        height, width = rows // 3, self._legend_width
        top, left = (rows - height) // 2, columns - self._margin - width
        steps = np.linspace(255, 0, height).round().astype(np.uint8)
        bar = colour_table(shown.colour_map)[steps]
        picture[top : top + height, left : left + width] = bar[:, None]
        line = line_height(self._size)
        above = f"{shown.top} {shown.unit}".rstrip()
        self._press(picture, words(above, self._size), top - line - edge(self._size), 1.0)
        self._press(picture, words(shown.foot, self._size), top + height, 1.0)

    def _paint_letters(
        self, picture: DeepPicture, index: int, top: int, foot: int, beside: int
    ) -> None:
        """Draw the letters of the edges, the right one `beside` pixels from where others end."""
        edges = as_shown(at_frame(self._clip.orientation, index), self._presentation)
        height = line_height(self._size)
        middle = (picture.shape[0] - height) // 2
        for text, down, across in (
            (edges.left, middle, 0.0),
            (edges.right, middle, 1.0),
            (edges.top, top, 0.5),
            (edges.bottom, foot - height, 0.5),
        ):
            if text:
                inset = beside if across == 1.0 else 0
                self._press(
                    picture, words(text, self._size), down - edge(self._size), across, inset
                )

    def _width_of(self, bar: ScaleBar) -> float:
        return max(bar.pixels, float(text_width(bar.words, self._size)))

    def _paint_bar(self, picture: DeepPicture, bar: ScaleBar, foot: int) -> int:
        """Draw the bar with its length above it, and return the row where that begins."""
        line = max(1, round(self._size / 6))
        stamp = _bar(round(bar.pixels), line)
        height = int(stamp.keep.shape[0])
        self._press(picture, stamp, foot - height + line, 0.5)
        above = foot - height - line_height(self._size)
        self._press(picture, words(bar.words, self._size), above - edge(self._size), 0.5)
        return above

    def _press(
        self, picture: DeepPicture, stamp: Stamp, top: int, across: float, inset: int = 0
    ) -> None:
        """Press a stamp at the left edge (0), in the middle or `inset` from the right one (1)."""
        start = self._margin - edge(self._size)
        left = start + round(across * (picture.shape[1] - 2 * start - stamp.width)) - inset
        stamp.press(picture, max(0, top), max(0, left))

    def _below(self, text: CornerText, columns: int) -> int:
        """Return the row of the upper letter: below lines of corner text that reach the middle."""
        reach = columns / 2 - self._margin - 3 * self._size
        return self._margin + self._taken((text.top_left, text.top_right), reach)

    def _above(self, text: CornerText, picture: DeepPicture, inner: float) -> int:
        """Return the row above corner text that reaches what is `inner` pixels wide."""
        rows, columns = int(picture.shape[0]), int(picture.shape[1])
        reach = (columns - inner) / 2 - self._margin - self._size
        blocks = text.bottom_left[::-1], text.bottom_right[::-1]
        return rows - self._margin - self._taken(blocks, reach)

    def _taken(self, blocks: tuple[tuple[str, ...], ...], reach: float) -> int:
        def width(line: str) -> float:
            return text_width(line, self._size)

        return lines_reaching(blocks, reach, width) * line_height(self._size)


def _bar(width: int, line: int) -> Stamp:
    """Return a bar with its two ends, `line` pixels thick, with a dark edge as wide."""
    ink = np.zeros((3 * line + 2 * line, width + 2 * line), np.float32)
    ink[-2 * line : -line, line:-line] = 1.0
    ink[line:-line, line : 2 * line] = ink[line:-line, -2 * line : -line] = 1.0
    dark = cv2.dilate(ink, np.ones((2 * line + 1, 2 * line + 1), np.uint8))
    return stamp_of(ink, np.asarray(SHADE * dark, np.float32), INK, (0, 0, 0))
