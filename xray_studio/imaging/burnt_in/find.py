"""Where text stands in a picture, at any size, upright or turned by 90 degrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.region import Region
from xray_studio.imaging.burnt_in.features import Sight, features
from xray_studio.imaging.burnt_in.letters import HIGHEST, Grey, letters, relief, slopes
from xray_studio.imaging.burnt_in.lines import Line, lines
from xray_studio.imaging.burnt_in.score import score

SURE: Final = 0.0  # log odds from which a line counts by itself
LIKELY: Final = -3.0  # and from which it counts as more of a line that does
LEVELS: Final = (14, 28, 56, 112)  # grey levels that strokes stand out by
_SMALLEST: Final = 48  # pixels on a side; smaller copies hold no line
_MOST_HALVINGS: Final = 4
_HIGHEST_LINE: Final = 8  # times as high as a line is the picture at least
_LINES_APART: Final = 1.8  # times the height of a line; what is higher holds several
_GROWTH: Final = 1.35  # times the taller of two regions that one line may be high

Unrest = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of letters in pixels of the picture, and the log odds that it is text."""

    region: Region
    score: float


def find_text(
    picture: npt.NDArray[np.uint8], unrest: Unrest | None = None, *, sure: float = SURE
) -> tuple[Region, ...]:
    """Return where text stands in a uint8 picture (rows, columns) or RGB, from top to bottom.

    `unrest` is the standard deviation of each pixel over time in grey levels, when the picture is
    the median of several frames: drawn text stays as it is while anatomy and noise change. Regions
    hold whole lines with a little margin. Single letters, as the side markers of a radiograph, are
    not looked for.
    """
    found = [
        Candidate(region, score(numbers))
        for grey in _greys(picture)
        for region, numbers in rows_of_letters(grey, unrest)
    ]
    return tuple(
        region
        for line in _joined(_trusted(_single(found), sure))
        if (region := line.grown(_margin(line)).clipped(*picture.shape[:2])) is not None
    )


def _margin(line: Region) -> int:
    return max(2, min(line.height, line.width) // 4)


def rows_of_letters(
    grey: Grey, unrest: Unrest | None
) -> Iterator[tuple[Region, npt.NDArray[np.float64]]]:
    """Yield every row of letters of a grey picture, upright and turned, with its features."""
    yield from _upright(grey, unrest)
    turned = None if unrest is None else np.ascontiguousarray(np.rot90(unrest))
    for region, numbers in _upright(np.ascontiguousarray(np.rot90(grey)), turned):
        yield _turned_back(region, grey.shape[1]), numbers


def _greys(picture: npt.NDArray[np.uint8]) -> list[Grey]:
    """Return the pictures in which letters of any colour stand out from their ground."""
    if picture.ndim == 2:
        return [picture]
    brightest, darkest = picture.max(axis=2), picture.min(axis=2)
    return [brightest] if np.array_equal(brightest, darkest) else [brightest, darkest]


def _upright(grey: Grey, unrest: Unrest | None) -> Iterator[tuple[Region, npt.NDArray[np.float64]]]:
    rows, columns = grey.shape
    for halving in range(_MOST_HALVINGS + 1):
        scale = 1 << halving
        if min(rows, columns) // scale < _SMALLEST and halving:
            return
        for line, numbers in _of_one_size(_smaller(grey, scale), _smaller(unrest, scale)):
            if line.height * scale > max(HIGHEST, min(rows, columns) // _HIGHEST_LINE):
                continue
            place = (line.x * scale, line.y * scale, line.width * scale, line.height * scale)
            yield Region(*place), numbers


def _smaller(values: Any, scale: int) -> Any:
    if values is None or scale == 1:
        return values
    rows, columns = values.shape
    return cv2.resize(values, (columns // scale, rows // scale), interpolation=cv2.INTER_AREA)


def _of_one_size(
    grey: Grey, unrest: Unrest | None
) -> Iterator[tuple[Line, npt.NDArray[np.float64]]]:
    steep = slopes(grey)
    for bright in (True, False):
        sight = Sight(grey, relief(grey, bright=bright), bright)
        for level in LEVELS:
            found = letters(sight.raised, steep, unrest, level)
            if found is not None:
                yield from ((line, features(sight, found, line)) for line in lines(found))


def _turned_back(region: Region, columns: int) -> Region:
    """Return a region of a picture that was turned left, in the picture before."""
    return Region(columns - region.bottom, region.x, region.height, region.width)


def _single(found: list[Candidate]) -> list[Candidate]:
    """Return candidates without blocks of several lines that a small copy shows as one."""
    good = [one for one in found if one.score > 0.0]
    return [one for one in found if not _is_block(one, good)]


def _is_block(block: Candidate, good: list[Candidate]) -> bool:
    """Tell whether a candidate holds two better ones, one below the other."""
    low = min(block.region.width, block.region.height) / _LINES_APART
    parts = [
        part
        for one in good
        if one.score > block.score
        and min((part := one.region).width, part.height) < low
        and 2 * part.shared(block.region) > part.area
    ]
    upright = [part for part in parts if part.width >= part.height]
    turned = [_mirrored(part) for part in parts if part.width < part.height]
    return any(_below_one_another(lines) for lines in (upright, turned))


def _below_one_another(parts: list[Region]) -> bool:
    """Tell whether two upright regions share no row."""
    return bool(parts) and max(p.y for p in parts) >= min(p.bottom for p in parts)


def _trusted(found: list[Candidate], sure: float) -> list[Region]:
    """Return lines that are text, and likely ones that go on beside them."""
    certain = [one.region for one in found if one.score >= sure]
    likely = [one.region for one in found if LIKELY <= one.score < sure]
    return certain + [one for one in likely if any(_one_line(one, sure) for sure in certain)]


def _joined(regions: list[Region]) -> list[Region]:
    """Return regions with those of one line made one, from top to bottom."""
    waiting, done = sorted(set(regions), key=lambda region: -region.area), list[Region]()
    while waiting:
        region = waiting.pop()
        other = next((o for o in waiting if _one_line(region, o)), None)
        if other is None:
            done.append(region)
        else:
            waiting.remove(other)
            waiting.append(region.united(other))
    return sorted(_needed(done), key=lambda region: (region.y, region.x))


def _needed(regions: list[Region]) -> list[Region]:
    """Return regions without those in others, and without columns of the letters of lines."""
    kept = [
        one for one in regions if not any(o != one and o.shared(one) == one.area for o in regions)
    ]
    upright = [one for one in kept if one.width >= one.height]
    turned = [one for one in kept if one.width < one.height]
    return upright + [one for one in turned if 2 * sum(map(one.shared, upright)) < one.area]


def _one_line(one: Region, other: Region) -> bool:
    """Tell whether two regions are parts of one line, upright or turned."""
    return _in_row(one, other) or _in_row(_mirrored(one), _mirrored(other))


def _in_row(one: Region, other: Region) -> bool:
    """Tell whether two upright regions of like height overlap or stand side by side.

    What both cover is hardly higher than the taller one: lines stay lines, and do not grow to
    blocks that hide the picture.
    """
    tall = max(one.height, other.height)
    gap = max(one.x, other.x) - min(one.right, other.right)
    upright = one.width >= one.height and other.width >= other.height
    return upright and gap <= tall and one.united(other).height <= _GROWTH * tall


def _mirrored(region: Region) -> Region:
    """Return a region with rows and columns exchanged."""
    return Region(region.y, region.x, region.height, region.width)
