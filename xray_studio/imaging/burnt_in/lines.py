"""Rows of letters: pieces of like size and brightness beside one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.imaging.burnt_in.letters import LOWEST, Letters

_GAP: Final = 1.3  # times the height of the taller one; words of a line stand closer
_LAP: Final = 0.5  # times the height that italics may reach over one another
_TALLER: Final = 2.0  # "l" beside "a" and a comma's neighbour
_SAME_ROW: Final = 0.55  # of the lower one
_BRIGHTER: Final = 1.9
_NARROWEST: Final = 1.6  # times its height; single letters are no line

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of pieces, their numbers in `members`, and its box in pixels."""

    members: Indices
    x: int
    y: int
    width: int
    height: int


def lines(found: Letters) -> Iterator[Line]:
    """Yield the rows of letters that are wide enough for a word."""
    roots = _joined(found)
    order = np.argsort(roots, kind="stable")
    starts = np.flatnonzero(np.diff(roots[order], prepend=-1))
    for members in np.split(order, starts[1:]):
        line = _line(found, members)
        if line.height >= LOWEST and line.width >= _NARROWEST * line.height:
            yield line


def _line(found: Letters, members: Indices) -> Line:
    left, top = found.x[members].min(), found.y[members].min()
    right = (found.x + found.width)[members].max()
    bottom = (found.y + found.height)[members].max()
    return Line(members, int(left), int(top), int(right - left), int(bottom - top))


def _joined(found: Letters) -> Indices:
    """Return for each piece a number that all pieces of its line share."""
    order = np.argsort(found.x)
    left = found.x[order]
    reach = found.x + found.width + _GAP * _TALLER * found.height
    ends = np.searchsorted(left, reach[order], side="right")
    parents = np.arange(len(found))
    for place, piece in enumerate(order):
        others = order[place + 1 : ends[place]]
        for other in others[_neighbours(found, piece, others)]:
            parents[_root(parents, other)] = _root(parents, piece)
    return np.array([_root(parents, piece) for piece in range(len(found))])


def _neighbours(found: Letters, piece: np.intp, others: Indices) -> npt.NDArray[np.bool_]:
    """Tell which other pieces, none of which begins further left, go on the line of one."""
    x, y, height = found.x, found.y, found.height
    tall = np.maximum(height[piece], height[others])
    low = np.minimum(height[piece], height[others])
    gap = x[others] - (x[piece] + found.width[piece])
    shared = np.minimum(y[piece] + height[piece], y[others] + height[others])
    shared = shared - np.maximum(y[piece], y[others])
    ratio = found.contrast[others] / found.contrast[piece]
    beside = (gap <= _GAP * tall) & (gap > -_LAP * tall) & (shared >= _SAME_ROW * low)
    alike = (tall <= _TALLER * low) & (ratio < _BRIGHTER) & (ratio > 1.0 / _BRIGHTER)
    return np.asarray(beside & alike, np.bool_)


def _root(parents: Indices, piece: np.intp | int) -> np.intp:
    while parents[piece] != piece:
        parents[piece] = parents[parents[piece]]
        piece = parents[piece]
    return np.intp(piece)
