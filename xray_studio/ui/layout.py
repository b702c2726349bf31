"""Layout: rows and columns of viewports, and what of them moves together."""

from __future__ import annotations

import enum
from dataclasses import dataclass

MOST = 3  # rows, and columns
PLACES = MOST * MOST
TIMES = "\N{MULTIPLICATION SIGN}"


class Link(enum.Enum):
    """What viewports have in common. The values are those of the settings."""

    WINDOW = "window"
    ZOOM = "zoom"
    PAN = "pan"
    FRAME = "frame"
    SLICE = "slice"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of 1 to 3 rows and columns with what is linked in it.

    Loops on one clock start together. When `stretched` they also end together, since all last as
    long as the longest of them; otherwise each runs at its own speed and waits for the longest.
    """

    rows: int = 1
    columns: int = 1
    links: frozenset[Link] = frozenset()
    stretched: bool = False

    def __post_init__(self) -> None:
        """Refuse grids that there are not."""
        if not (1 <= self.rows <= MOST and 1 <= self.columns <= MOST):
            raise ValueError("a layout has one to three rows and columns")

    @property
    def count(self) -> int:
        """Number of places in the grid."""
        return self.rows * self.columns

    @property
    def words(self) -> str:
        """The grid in words: rows times columns."""
        return f"{self.rows} {TIMES} {self.columns}"


def to_text(layout: Layout) -> str:
    """Return a layout as settings keep it: "2x2 window time stretched"."""
    links = [link.value for link in Link if link in layout.links]
    stretched = ["stretched"] if layout.stretched else []
    return " ".join((f"{layout.rows}x{layout.columns}", *links, *stretched))


def from_text(text: str) -> Layout | None:
    """Return the layout that settings kept, None when the text is none."""
    size, *words = text.split() or [""]
    known = {link.value for link in Link} | {"stretched"}
    parts = size.split("x")
    if len(parts) != 2 or not all(p.isdecimal() and p.isascii() for p in parts) or {*words} - known:
        return None
    links = frozenset(Link(word) for word in words if word != "stretched")
    try:
        return Layout(int(parts[0]), int(parts[1]), links, "stretched" in words)
    except ValueError:
        return None


def for_count(count: int) -> tuple[int, int]:
    """Return rows and columns of the smallest usual grid with room for `count` pictures."""
    grids = ((1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
    return next((grid for grid in grids if grid[0] * grid[1] >= count), grids[-1])
