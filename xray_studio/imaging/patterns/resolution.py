"""Resolution pattern: small marks over the whole screen, references to judge them by (TG18-CX)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from xray_studio.imaging.patterns.drawing import Box, Mask, Pattern, plain, whole
from xray_studio.imaging.patterns.quality import draw_line_pairs

GROUND, INK = 0, 255
SCORES: Final = 12
_SHARPEST: Final = 0.5  # marks are shown with blurs of 0 to this many pixels a score
_STEP: Final = 0.15
# Two letters of single pixels: slanting, upright, level and round strokes.
_MARK: Final = (
    "..###....#...#.",
    ".#...#...#...#.",
    "#.........#.#..",
    "#..........#...",
    "#..........#...",
    "#.........#.#..",
    ".#...#...#...#.",
    "..###....#...#.",
)
_PITCH: Final = 24
_GAP: Final = 8


def resolution(rows: int, columns: int) -> Pattern:
    """Return the pattern, uint8 (rows, columns).

    Marks of single pixels fill the screen; the middle has line pairs and a row of the same mark,
    sharp at the left and each one to the right more blurred, to compare with.
    """
    pattern = plain(rows, columns, GROUND)
    side = min(rows, columns) // 8
    corners = whole(pattern).corners(side, side // 4)
    free = (_middle_field(pattern), *(box.within(side + 8, side + 8) for box in corners))
    _draw_marks(pattern, free)
    _draw_middle(pattern)
    for box in corners:
        draw_line_pairs(pattern, box, ground=GROUND)
    return pattern


def blurred(mark: Mask, sigma: float) -> Pattern:
    """Return a mark with 4 pixels round it, blurred by a Gaussian of `sigma` pixels."""
    picture = np.pad(mark, 4) * float(INK)
    if sigma <= 0:
        return np.asarray(picture, np.uint8)
    weights = np.exp(-0.5 * (np.arange(-4, 5) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        picture = np.apply_along_axis(np.convolve, axis, picture, weights, "same")
    return np.asarray(np.rint(picture), np.uint8)


def sigma_of(score: int) -> float:
    """Return the blur in pixels of reference mark `score`, from 0 (sharp) to 11."""
    return 0.0 if score == 0 else _SHARPEST - _STEP + _STEP * score


def _draw_marks(pattern: Pattern, free: Sequence[Box]) -> None:
    """Draw marks in rows and columns, none into rectangles to be left free."""
    rows, columns = pattern.shape
    mark = _mark()
    for top in range(_PITCH // 2, rows - mark.shape[0], _PITCH):
        for left in range(_PITCH // 2, columns - mark.shape[1], _PITCH):
            box = Box(top, left, *mark.shape)
            if not any(box.meets(other) for other in free):
                pattern[box.area][mark] = INK


def _middle_field(pattern: Pattern) -> Box:
    """Return what line pairs and reference marks take in the middle, with some room round it."""
    tile = blurred(_mark(), 0.0)
    side = min(pattern.shape) // 8
    width = max(tile.shape[1] * SCORES, side)
    return whole(pattern).within(side + _GAP + tile.shape[0] + _PITCH, width + _PITCH)


def _draw_middle(pattern: Pattern) -> None:
    """Draw line pairs in the middle and the row of reference marks below them."""
    tile = blurred(_mark(), 0.0)
    side = min(pattern.shape) // 8
    whole_height = side + _GAP + tile.shape[0]
    middle = whole(pattern).within(whole_height, tile.shape[1] * SCORES)
    draw_line_pairs(pattern, middle.within(side, side)._replace(top=middle.top), ground=GROUND)
    for score in range(SCORES):
        left = middle.left + score * tile.shape[1]
        pattern[Box(middle.top + side + _GAP, left, *tile.shape).area] = blurred(
            _mark(), sigma_of(score)
        )


def _mark() -> Mask:
    return np.array([[letter == "#" for letter in line] for line in _MARK], np.bool_)
