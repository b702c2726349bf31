"""What lies outside of some regions of a picture, as rectangles that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from xray_studio.core.region import Region


def outside(regions: Iterable[Region], rows: int, columns: int) -> tuple[Region, ...]:
    """Return rectangles that cover every pixel outside of all regions, and none inside."""
    inner = [part for one in regions if (part := one.clipped(rows, columns)) is not None]
    edges = sorted({0, rows, *(r.y for r in inner), *(r.bottom for r in inner)})
    found = []
    for top, bottom in pairwise(edges):
        taken = sorted((r.x, r.right) for r in inner if r.y <= top and r.bottom >= bottom)
        start = 0
        for left, right in [*taken, (columns, columns)]:
            if left > start:
                found.append(Region(start, top, left - start, bottom - top))
            start = max(start, right)
    return tuple(found)
