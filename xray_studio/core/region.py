"""Rectangles of a picture, in whole pixels of a frame as it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xray_studio.core.errors import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A rectangle: its upper left pixel, counted from 0, and its size in pixels, at least 1."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        """Refuse what covers nothing."""
        if self.width < 1 or self.height < 1:
            raise UsageError(f"A region of {self.width} x {self.height} pixels covers nothing.")

    @classmethod
    def parsed(cls, text: str, called: str = "mask") -> Region:
        """Return the region that "X,Y,WIDTH,HEIGHT" tells. Raises UsageError for anything else."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != 4 or not all(re.fullmatch(r"\d{1,6}", part) for part in parts):
            raise UsageError(
                f"The {called} {text} cannot be understood; write X,Y,WIDTH,HEIGHT in pixels, for"
                " example 0,0,200,40."
            )
        return cls(*map(int, parts))

    @property
    def right(self) -> int:
        """Column after the last one."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Row after the last one."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height

    def shared(self, other: Region) -> int:
        """Return the pixels that both cover."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0, across) * max(0, down)

    def within(self, other: Region) -> Region | None:
        """Return the part that lies in another region, counted from its corner; None for none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Region(x - other.x, y - other.y, width, height) if min(width, height) > 0 else None

    def united(self, other: Region) -> Region:
        """Return the smallest region that covers both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Region(x, y, right - x, bottom - y)

    def grown(self, by: int) -> Region:
        """Return the region with a margin of some pixels on every side."""
        return Region(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def clipped(self, rows: int, columns: int) -> Region | None:
        """Return the part inside a picture, None when all of it is outside."""
        x, y = max(0, self.x), max(0, self.y)
        right, bottom = min(columns, self.right), min(rows, self.bottom)
        return Region(x, y, right - x, bottom - y) if right > x and bottom > y else None
