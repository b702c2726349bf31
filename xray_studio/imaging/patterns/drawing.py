"""What patterns are made of: rectangles, lines, line pairs, ramps, letters. All exact in pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from xray_studio.core.resources import resource

Pattern: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

BLACK, WHITE = 0, 255


class Box(NamedTuple):
    """A rectangle of pixels: `top` and `left` belong to it, `top + rows` does not."""

    top: int
    left: int
    rows: int
    columns: int

    @property
    def area(self) -> tuple[slice, slice]:
        """The rectangle as an index of a pattern."""
        return slice(self.top, self.top + self.rows), slice(self.left, self.left + self.columns)

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles have pixels in common."""
        down = self.top < other.top + other.rows and other.top < self.top + self.rows
        across = self.left < other.left + other.columns and other.left < self.left + self.columns
        return down and across

    def within(self, rows: int, columns: int) -> Box:
        """Return a smaller rectangle in the middle."""
        top, left = self.top + (self.rows - rows) // 2, self.left + (self.columns - columns) // 2
        return Box(top, left, rows, columns)

    def row_of(self, count: int, gap: int) -> list[Box]:
        """Return as many equal rectangles side by side, `gap` pixels apart."""
        width = (self.columns - gap * (count - 1)) // count
        return [
            Box(self.top, self.left + n * (width + gap), self.rows, width) for n in range(count)
        ]

    def corners(self, side: int, inset: int) -> tuple[Box, Box, Box, Box]:
        """Return squares in the corners: top left, top right, bottom left, bottom right."""
        top, left = self.top + inset, self.left + inset
        low = self.top + self.rows - inset - side
        right = self.left + self.columns - inset - side
        places = (top, left), (top, right), (low, left), (low, right)
        one, two, three, four = (Box(*place, side, side) for place in places)
        return one, two, three, four


def plain(rows: int, columns: int, level: int) -> Pattern:
    """Return a pattern (rows, columns) of one level."""
    return np.full((rows, columns), level, np.uint8)


def whole(pattern: Pattern) -> Box:
    """Return all of a pattern."""
    return Box(0, 0, *pattern.shape[:2])


def fill(pattern: Pattern, box: Box, level: int) -> None:
    """Give a rectangle a level."""
    pattern[box.area] = level


def frame(pattern: Pattern, box: Box, level: int, width: int = 1) -> None:
    """Draw the border of a rectangle, inside it."""
    inside = pattern[box.area]
    inside[:width] = inside[-width:] = level
    inside[:, :width] = inside[:, -width:] = level


def line_pairs(
    pattern: Pattern, box: Box, width: int, *, upright: bool, low: int = BLACK, high: int = WHITE
) -> None:
    """Draw lines `width` pixels wide, as far apart: 1 is the Nyquist frequency, 2 half of it."""
    count = box.columns if upright else box.rows
    bright = (np.arange(count) // width) % 2 == 0
    lines = np.where(bright, high, low).astype(np.uint8)
    pattern[box.area] = lines if upright else lines[:, None]


def ramp(length: int) -> Pattern:
    """Return every level from 0 to 255 in order, each as long as all others within a pixel."""
    return np.asarray(np.arange(length) * 256 // length, np.uint8)


@lru_cache(maxsize=256)
def letter(text: str, size: int) -> Mask:
    """Return which pixels letters cover, without soft edges; the height of a line is `size`."""
    font = ImageFont.truetype(str(resource("fonts/Inter-SemiBold.otf")), max(6, round(size * 0.8)))
    width = max(1, round(font.getlength(text)))
    image = Image.new("1", (width, size))
    ImageDraw.Draw(image).text((width / 2, size / 2), text, fill=1, font=font, anchor="mm")
    return np.asarray(image, np.bool_)


def write(pattern: Pattern, box: Box, text: str, level: int) -> None:
    """Write letters of one level into the middle of a rectangle; what does not fit is left out."""
    mask = letter(text, box.rows)[:, : box.columns]
    area = pattern[box.within(*mask.shape).area]
    area[mask] = level
