"""Layout: rows and columns of viewports, and what of them moves together."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

MOST = 3  # rows, and columns
PLACES = MOST * MOST
TIMES = "\N{MULTIPLICATION SIGN}"
_MARKS = ("stretched", "staged")


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
    `staged` tells that clock and stretching came with the loops of a stage, and go with them.
    """

    rows: int = 1
    columns: int = 1
    links: frozenset[Link] = frozenset()
    stretched: bool = False
    staged: bool = False

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


def unstaged(layout: Layout) -> Layout:
    """Return a layout without the clock that came with the loops of a stage."""
    if not layout.staged:
        return layout
    return replace(layout, links=layout.links - {Link.TIME}, stretched=False, staged=False)


def to_text(layout: Layout) -> str:
    """Return a layout as settings keep it: "2x2 window time stretched"."""
    links = [link.value for link in Link if link in layout.links]
    marks = [name for name in _MARKS if getattr(layout, name)]
    return " ".join((f"{layout.rows}x{layout.columns}", *links, *marks))


def from_text(text: str) -> Layout | None:
    """Return the layout that settings kept, None when the text is none."""
    size, *words = text.split() or [""]
    known = {*_MARKS, *(link.value for link in Link)}
    parts = size.split("x")
    if len(parts) != 2 or not all(p.isdecimal() and p.isascii() for p in parts) or {*words} - known:
        return None
    links = frozenset(link for link in Link if link.value in words)
    marks = {name: name in words for name in _MARKS}
    try:
        return Layout(int(parts[0]), int(parts[1]), links, **marks)
    except ValueError:
        return None


def for_count(count: int) -> tuple[int, int]:
    """Return rows and columns of the smallest usual grid with room for `count` pictures."""
    grids = ((1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
    return next((grid for grid in grids if grid[0] * grid[1] >= count), grids[-1])
