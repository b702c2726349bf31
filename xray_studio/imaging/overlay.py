"""Corner text burnt into exported pictures: the same lines as on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xray_studio.core.corner_text import CornerText
from xray_studio.core.errors import UsageError
from xray_studio.imaging.stamps import (
    Picture,
    edge,
    line_height,
    pill,
    shortened,
    text_width,
    words,
)

_LINES = 46  # that would fill the height of a picture
_SMALLEST = 7  # pixels; smaller letters cannot be read
_LARGEST = 64
TOO_SMALL = (
    "Pictures so small have no room for the badges of processed pictures, which stay; choose a"
    " larger size."
)
_LEAST = 0.75  # of the usual size; before words are shortened, letters shrink as far as this


class CornerPainter:
    """Draws corner text into pictures of one size; lines that stay the same are drawn once.

    The size of the letters follows the height of the picture and makes room for `sample`, the
    longest text that is to be drawn. Words are never cut: they are shortened with an ellipsis,
    and lines for which a small picture has no room are left out. Letters of pictures that are
    `reduced` afterwards, to a part of their height, are at least so large that they can be read.
    """

    def __init__(
        self,
        rows: int,
        columns: int,
        sample: CornerText,
        scale: float = 1.0,
        *,
        reduced: float = 1.0,
    ) -> None:
        self.rows, self.columns = rows, columns
        self._smallest = math.ceil(_SMALLEST / min(1.0, reduced))
        self.size = self._size(sample, scale)
        self.margin = max(edge(self.size), round(self.size * 0.8))

    def paint(self, picture: Picture, text: CornerText) -> None:
        """Draw into a writable uint8 picture (rows, columns) or RGB, in place."""
        room = self._line_room()
        lower = [*text.bottom_left][: max(0, room - bool(text.badges))]
        right = [*text.bottom_right][:room]
        step = line_height(self.size)
        bottom = self.rows - self.margin
        self._block(picture, [*text.top_left][:room], [*text.top_right][:room], self.margin)
        self._block(picture, lower, [], bottom - step * len(lower), right)
        self._block(picture, [], right, bottom - step * len(right), lower)
        if room:
            self._badges(picture, text.badges, bottom - step * (len(lower) + 1) - edge(self.size))

    def require(self, names: Sequence[str]) -> None:
        """Raise UsageError where there is no room for badges that nobody can take away."""
        widths = [pill(_plain(name), self.size).width for name in names]
        across = sum(widths) + edge(self.size) * max(0, len(widths) - 1)
        if names and (across > self.columns - 2 * self.margin or not self._line_room()):
            raise UsageError(TOO_SMALL)

    def _block(
        self,
        picture: Picture,
        left: Sequence[str],
        right: Sequence[str],
        top: int,
        beside: Sequence[str] = (),
    ) -> None:
        """Draw lines from both edges, from `top` down; each side may use what the other leaves."""
        left_room = self._room(right or beside)
        right_room = self._room(left or beside)
        for number, line in enumerate(left):
            self._line(picture, line, left_room, top + number * line_height(self.size), right=False)
        for number, line in enumerate(right):
            self._line(picture, line, right_room, top + number * line_height(self.size), right=True)

    def _line(self, picture: Picture, line: str, room: int, top: int, *, right: bool) -> None:
        shown = shortened(_plain(line), self.size, room)
        if not shown:
            return
        border = edge(self.size)
        stamp = words(shown, self.size)
        left = self.columns - self.margin + border - stamp.width if right else self.margin - border
        stamp.press(picture, max(0, top - border), max(0, left))

    def _badges(self, picture: Picture, names: Sequence[str], top: int) -> None:
        left = self.margin
        for name in names:
            stamp = pill(_plain(name), self.size)
            if left + stamp.width <= self.columns - self.margin and top >= 0:
                stamp.press(picture, top, left)
            left += stamp.width + edge(self.size)

    def _room(self, other: Sequence[str]) -> int:
        """Return the pixels that a line may take beside the lines of the other side."""
        whole = self.columns - 3 * self.margin
        widest = max((text_width(_plain(line), self.size) for line in other), default=0)
        return max(whole // 2, whole - widest)

    def _line_room(self) -> int:
        """Return how many lines fit one above the other in a corner."""
        return max(0, (self.rows // 2 - self.margin) // line_height(self.size))

    def _size(self, sample: CornerText, scale: float) -> int:
        usual = self.rows * scale / _LINES
        size = round(max(min(max(usual, _SMALLEST), _LARGEST), self._smallest))
        least = max(self._smallest, round(size * _LEAST))
        while size > least and not self._fits(sample, size):
            size -= 1
        return size

    def _fits(self, text: CornerText, size: int) -> bool:
        whole = self.columns - 3 * round(size * 0.8)
        pairs = ((text.top_left, text.top_right), (text.bottom_left, text.bottom_right))
        widest = [sum(_widest(block, size) for block in pair) for pair in pairs]
        left = len(text.top_left) + len(text.bottom_left) + bool(text.badges)
        lines = max(left, len(text.top_right) + len(text.bottom_right))
        return max(widest) <= whole and (lines + 2) * line_height(size) <= self.rows


def _widest(lines: Sequence[str], size: int) -> int:
    return max((text_width(_plain(line), size) for line in lines), default=0)


def _plain(line: str) -> str:
    """Return a line without control characters, which fonts draw as boxes."""
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() else " " for letter in line)
