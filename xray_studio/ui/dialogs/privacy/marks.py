"""The regions of the privacy dialog: which there are, which one is chosen, and how they change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.privacy import Marked, Origin
from xray_studio.core.region import Region

NEW: Final = 8  # a new region is this part of the picture wide
_SMALLEST: Final = 2  # pixels on a side


@dataclass(frozen=True, slots=True)
class Marks:
    """Regions in a picture of `rows` x `columns`; `chosen` is one of them, -1 for none."""

    rows: int
    columns: int
    all: tuple[Marked, ...] = ()
    chosen: int = -1

    @property
    def now(self) -> Marked | None:
        """Return the chosen region."""
        return self.all[self.chosen] if 0 <= self.chosen < len(self.all) else None

    @property
    def masked(self) -> int:
        """Return how many become black."""
        return sum(one.masked for one in self.all)

    def choose(self, number: int) -> Marks:
        """Choose a region by its number, none for -1."""
        return replace(self, chosen=number if -1 <= number < len(self.all) else -1)

    def step(self, by: int) -> Marks:
        """Choose the next or previous region, round and round."""
        if not self.all:
            return self
        start = self.chosen if self.chosen >= 0 else (-1 if by > 0 else 0)
        return self.choose((start + by) % len(self.all))

    def at(self, x: float, y: float) -> int:
        """Return the smallest region at a point in pixels, -1 where there is none."""
        under = [
            (one.region.area, number)
            for number, one in enumerate(self.all)
            if one.region.x <= x < one.region.right and one.region.y <= y < one.region.bottom
        ]
        return min(under)[1] if under else -1

    def add(self, region: Region) -> Marks:
        """Add a drawn region and choose it; one outside of the picture is not added."""
        inside = region.clipped(self.rows, self.columns)
        if inside is None:
            return self
        return replace(self, all=(*self.all, Marked(inside)), chosen=len(self.all))

    def add_one(self) -> Marks:
        """Add a region in the middle of the picture."""
        width, height = max(_SMALLEST, self.columns // NEW), max(_SMALLEST, self.rows // (2 * NEW))
        return self.add(
            Region((self.columns - width) // 2, (self.rows - height) // 2, width, height)
        )

    def remove(self) -> Marks:
        """Remove the chosen region, and choose its neighbour."""
        if self.now is None:
            return self
        left = self.all[: self.chosen] + self.all[self.chosen + 1 :]
        return replace(self, all=left, chosen=min(self.chosen, len(left) - 1))

    def mask(self, number: int, *, masked: bool) -> Marks:
        """Mask a region or keep what it shows."""
        changed = replace(self.all[number], masked=masked)
        return self._with(number, changed)

    def toggle(self) -> Marks:
        """Mask the chosen region, or keep what it shows."""
        return self if self.now is None else self.mask(self.chosen, masked=not self.now.masked)

    def mask_all(self, *, masked: bool) -> Marks:
        """Mask every region, or keep what they show."""
        return replace(self, all=tuple(replace(one, masked=masked) for one in self.all))

    def move(self, across: int, down: int) -> Marks:
        """Move the chosen region by pixels; it stays inside the picture."""
        if self.now is None:
            return self
        old = self.now.region
        x = min(max(0, old.x + across), max(0, self.columns - old.width))
        y = min(max(0, old.y + down), max(0, self.rows - old.height))
        return self._reshaped(Region(x, y, old.width, old.height))

    def resize(self, wider: int, taller: int) -> Marks:
        """Make the chosen region larger or smaller at its right and lower edge."""
        if self.now is None:
            return self
        old = self.now.region
        width = min(max(_SMALLEST, old.width + wider), self.columns - old.x)
        height = min(max(_SMALLEST, old.height + taller), self.rows - old.y)
        return self._reshaped(Region(old.x, old.y, max(1, width), max(1, height)))

    def reshape(self, region: Region) -> Marks:
        """Give the chosen region another place and size, as far as it lies in the picture."""
        inside = region.clipped(self.rows, self.columns)
        return self if inside is None or self.now is None else self._reshaped(inside)

    def _reshaped(self, region: Region) -> Marks:
        assert self.now is not None
        if region == self.now.region:
            return self
        # What a person has moved is theirs, whoever found it.
        return self._with(self.chosen, replace(self.now, region=region, origin=Origin.DRAWN))

    def _with(self, number: int, one: Marked) -> Marks:
        return replace(self, all=(*self.all[:number], one, *self.all[number + 1 :]))
