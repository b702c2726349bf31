"""Outlines of what is marked on a plane, and what outlines enclose. Pure.

Outlines run half-way between the middles of marked pixels and of their neighbours, so that each
encloses the middles of exactly its pixels, and as much as they do but for half a pixel. Parts that
touch by a corner only are outlined by themselves. A hole is joined with the outline around it by a
channel of no width (the keyhole of PS3.3 C.8.8.6.3), which lies among marked pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.box import Marked, box_of
from xray_studio.core.labels.label_map import LabelMap

Outline: TypeAlias = npt.NDArray[np.float64]  # (points, 2): column, row
Line: TypeAlias = tuple[int, Outline]  # an outline on a plane

_STEP: Final = 8  # planes between two places to stop
_UP, _RIGHT, _DOWN, _LEFT = range(4)  # ways along the edges of pixels, marked ones on the right
_STEPS: Final = ((-1, 0), (0, 1), (1, 0), (0, -1))  # (row, column)


def segment_lines(labels: LabelMap) -> Job[dict[int, list[Line]]]:
    """Return the outlines of every segment on the planes of a volume, by its number."""
    planes, found = labels.geometry.shape[0], dict[int, list[Line]]()
    for plane in range(planes):
        if plane % _STEP == 0:
            yield Progress(plane, planes, "Outlining segments")
        here = labels.values[plane]
        for number in np.unique(here[here > 0]).tolist():
            marked = here == number
            box = box_of(marked[None])
            assert box is not None
            _, rows, columns = box.slices
            first = np.array([columns.start, rows.start])
            lines = [(plane, line + first) for line in outlines(marked[rows, columns])]
            found.setdefault(number, []).extend(lines)
    return found


def outlines(marked: Marked) -> list[Outline]:
    """Return the outlines of what is marked (rows, columns), clockwise on screen, holes joined."""
    rings = [_Ring(points, ways) for points, ways in _rings(marked)]
    outer = {}
    for ring in rings:
        if not ring.is_hole:
            outer.update(dict.fromkeys(ring.entries(), ring))
    for hole in sorted((ring for ring in rings if ring.is_hole), key=_Ring.leftmost):
        row, column = hole.leftmost_at()
        around = outer[_entry_before(marked, row, column)]
        outer.update(dict.fromkeys(hole.entries(), around))
        around.join(hole, row, column, _entry_before(marked, row, column)[1])
    return [ring.outline() for ring in rings if not ring.is_hole]


class _Ring:
    """A closed line over the middles of edges of pixels, in half pixels: whole numbers."""

    def __init__(self, points: list[tuple[int, int]], ways: list[int]) -> None:
        self.points, self._ways = points, ways  # points are (2 row, 2 column)
        self.is_hole = _area(points) < 0

    def entries(self) -> Iterator[tuple[int, int]]:
        """Yield (row, column) of pixels through whose left side it enters what is marked."""
        own = zip(self.points, self._ways, strict=True)
        return ((r // 2, (c + 1) // 2) for (r, c), way in own if way == _UP)

    def leftmost(self) -> int:
        return min(c for (_, c), way in zip(self.points, self._ways, strict=True) if way == _DOWN)

    def leftmost_at(self) -> tuple[int, int]:
        """Return (row, column) of a pixel on its left side that is not marked."""
        own = zip(self.points, self._ways, strict=True)
        column, row = min((c, r) for (r, c), way in own if way == _DOWN)
        return row // 2, (column + 1) // 2

    def join(self, hole: _Ring, row: int, column: int, entry: int) -> None:
        """Join a hole by a channel along a row, from pixel `column` back to pixel `entry`."""
        here = self.points.index((2 * row, 2 * entry - 1))
        there = hole.points.index((2 * row, 2 * column - 1))
        turned = [*hole.points[there:], *hole.points[: there + 1]]
        self.points[here + 1 : here + 1] = [*turned, self.points[here]]

    def outline(self) -> Outline:
        """Return its corners, (column, row)."""
        points = np.array(self.points)[:, ::-1]
        before, after = points - np.roll(points, 1, 0), np.roll(points, -1, 0) - points
        turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
        back = (before * after).sum(axis=1) < 0
        return np.asarray(points[turns | back] / 2.0)


def _entry_before(marked: Marked, row: int, column: int) -> tuple[int, int]:
    """Return the pixel at which the marked pixels left of one that is not begin."""
    line = np.flatnonzero(~marked[row, :column])
    return row, int(line[-1]) + 1 if line.size else 0


def _area(points: list[tuple[int, int]]) -> int:
    rows, columns = np.array(points).T
    return int((columns * np.roll(rows, -1) - np.roll(columns, -1) * rows).sum())


def _rings(marked: Marked) -> Iterator[tuple[list[tuple[int, int]], list[int]]]:
    """Yield closed lines along the edges of pixels: middles of edges, and ways."""
    edges, middles, ways = _edges(marked)
    follows = _follows(edges, middles, ways).tolist()
    points, turns = [(r, c) for r, c in middles.tolist()], ways.tolist()
    seen = bytearray(len(points))
    for first in range(len(points)):
        if seen[first]:
            continue
        ring, at = [], first
        while not seen[at]:
            seen[at] = 1
            ring.append(at)
            at = follows[at]
        yield [points[each] for each in ring], [turns[each] for each in ring]


def _edges(
    marked: Marked,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return edges between marked pixels and others.

    The first array holds their numbers for each way and corner that they begin at (4, rows + 1,
    columns + 1), -1 for none; the second their middles, (edges, 2), twice (row, column); the third
    their ways.
    """
    rows, columns = marked.shape
    room = np.pad(marked, 1)
    # Of the four pixels around a corner: upper left, upper right, lower left, lower right.
    ul, ur, ll, lr = room[:-1, :-1], room[:-1, 1:], room[1:, :-1], room[1:, 1:]
    there = np.stack([~ul & ur, ~ur & lr, ll & ~lr, ul & ~ll])
    numbers = np.full((4, rows + 1, columns + 1), -1, np.int64)
    ways, at_rows, at_columns = np.nonzero(there)
    numbers[there] = np.arange(len(ways))
    steps = np.array(_STEPS)[ways]
    # Corner (r, c) lies half a pixel before the middle of pixel (r, c).
    middles = np.stack([2 * at_rows - 1, 2 * at_columns - 1], axis=1) + steps
    return numbers, middles, ways


def _follows(
    edges: npt.NDArray[np.int64], middles: npt.NDArray[np.int64], ways: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return which edge follows on each: where two may, the one around the same pixel."""
    ends = (middles + np.array(_STEPS)[ways] + 1) // 2
    found = np.full(len(ways), -1, np.int64)
    for turn in (3, 0, 1):  # to the left, straight on, to the right: the last one holds
        each = edges[(ways + turn) % 4, ends[:, 0], ends[:, 1]]
        found = np.where(each >= 0, each, found)
    return found


def filled(lines: Iterable[Outline], shape: tuple[int, int]) -> Marked:
    """Return the pixels (rows, columns) whose middles lie within an odd number of outlines.

    Several outlines of one plane cut holes into each other; the way back through a channel undoes
    the way there.
    """
    turned = np.zeros((shape[0], shape[1] + 1), bool)
    for line in lines:
        _turn(turned, line)
    return np.logical_xor.accumulate(turned, axis=1)[:, :-1]


def _turn(turned: Marked, line: Outline) -> None:
    """Turn inside and outside round where each row crosses an outline."""
    ends = np.stack([line, np.roll(line, -1, 0)], axis=1)
    down = ends[:, 0, 1] > ends[:, 1, 1]
    ends[down] = ends[down][:, ::-1]  # the same crossing whichever way an edge is run along
    low, high = np.ceil(ends[:, 0, 1]), np.ceil(ends[:, 1, 1])
    rows = np.clip([low, high], 0, len(turned)).astype(np.int64)
    counts = rows[1] - rows[0]
    edge = np.repeat(np.arange(len(ends)), counts)
    if not edge.size:
        return
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + rows[0][edge]
    (x0, y0), (x1, y1) = ends[edge, 0].T, ends[edge, 1].T
    crossing = x0 + (row - y0) * (x1 - x0) / (y1 - y0)
    column = np.clip(np.ceil(crossing), 0, turned.shape[1] - 1).astype(np.int64)
    np.logical_xor.at(turned, (row, column), True)
