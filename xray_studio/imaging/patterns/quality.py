"""Quality-control pattern: a little of everything, for a look every day (as TG18-QC)."""

from __future__ import annotations

from typing import Final

from xray_studio.imaging.patterns.drawing import (
    BLACK,
    WHITE,
    Box,
    Pattern,
    fill,
    frame,
    line_pairs,
    plain,
    ramp,
    whole,
    write,
)

GROUND: Final = 128
GRID, BORDER = 160, 224
UNITS: Final = 16  # the shorter side of the screen has as many
STEPS: Final = tuple(range(8, 256, 16))  # the 16 grey steps
FAINT: Final = 4  # levels by which the corners of a grey step differ from it
FIVE, NINETY_FIVE = 13, 242  # 5 and 95 % of 255
WORDS: Final = "QUALITY CONTROL"
GROUNDS: Final = (BLACK, 128, WHITE)  # of the words


def quality(rows: int, columns: int) -> Pattern:
    """Return the pattern, uint8 (rows, columns)."""
    unit = min(rows, columns) // UNITS
    pattern = plain(rows, columns, GROUND)
    _draw_geometry(pattern, unit)
    for corner in whole(pattern).corners(2 * unit, unit // 2 + unit // 4):
        draw_line_pairs(pattern, corner)
    middle = whole(pattern).within(UNITS * unit, UNITS * unit)
    _draw_ramps(pattern, middle, unit)
    ring = middle.within(10 * unit, 12 * unit)
    fill(pattern, ring, GROUND)
    _draw_steps(pattern, ring, 2 * unit)
    _draw_inside(pattern, ring.within(6 * unit, 8 * unit), unit)
    return pattern


def _draw_geometry(pattern: Pattern, unit: int) -> None:
    """Draw squares to be seen as squares, and the outermost pixels of the screen."""
    rows, columns = pattern.shape
    for centre, count, across in ((rows // 2, rows, False), (columns // 2, columns, True)):
        for place in range(centre % unit, count, unit):
            if across:
                pattern[:, place] = GRID
            else:
                pattern[place] = GRID
    pattern[rows // 2] = pattern[:, columns // 2] = BORDER
    inset = unit // 2
    inner = whole(pattern).within(rows - 2 * inset, columns - 2 * inset)
    frame(pattern, inner, BORDER, max(1, unit // 24))
    frame(pattern, whole(pattern), WHITE)


def draw_line_pairs(
    pattern: Pattern, box: Box, low: int = BLACK, high: int = WHITE, ground: int = GROUND
) -> None:
    """Draw four fields: upright and level lines, above at the Nyquist frequency, below at half."""
    gap = max(2, box.rows // 16)
    fill(pattern, box, ground)
    height = (box.rows - gap) // 2
    for number, width in enumerate((1, 2)):
        line = Box(box.top + number * (height + gap), box.left, height, box.columns)
        upright, level = line.row_of(2, gap)
        line_pairs(pattern, upright, width, upright=True, low=low, high=high)
        line_pairs(pattern, level, width, upright=False, low=low, high=high)


def _draw_ramps(pattern: Pattern, middle: Box, unit: int) -> None:
    """Draw all 256 levels from top to bottom, on both sides, in opposite directions."""
    height = 10 * unit
    levels = ramp(height)[:, None]
    top = middle.within(height, middle.columns).top
    side = max(unit, 8)
    left = middle.left + unit // 2
    right = middle.left + middle.columns - unit // 2 - side
    pattern[Box(top, left, height, side).area] = levels[::-1]
    pattern[Box(top, right, height, side).area] = levels


def _draw_steps(pattern: Pattern, ring: Box, side: int) -> None:
    """Draw 16 grey steps clockwise round the middle, between black with 5 and white with 95 %."""
    places = _around(ring, side)
    for box, level in zip(places, (BLACK, *STEPS, WHITE), strict=True):
        fill(pattern, box, level)
        if level in {BLACK, WHITE}:
            inner = FIVE if level == BLACK else NINETY_FIVE
            fill(pattern, box.within(side // 2, side // 2), inner)
            continue
        signs = (1, -1, -1, 1)
        for corner, sign in zip(box.corners(side // 5, side // 10), signs, strict=True):
            fill(pattern, corner, level + sign * FAINT)


def _around(ring: Box, side: int) -> list[Box]:
    """Return 18 squares clockwise along the edge of a rectangle of 6 x 5, from the top left."""
    across = [(0, column) for column in range(6)]
    down = [(row, 5) for row in range(1, 5)]
    back = [(4, column) for column in range(4, -1, -1)]
    up = [(row, 0) for row in range(3, 0, -1)]
    return [
        Box(ring.top + row * side, ring.left + column * side, side, side)
        for row, column in (*across, *down, *back, *up)
    ]


def _draw_inside(pattern: Pattern, inside: Box, unit: int) -> None:
    """Draw line pairs of high and low contrast above, the words on three grounds below."""
    line = Box(inside.top + unit // 2, inside.left + unit, 2 * unit, 6 * unit)
    for box, (low, high) in zip(
        line.row_of(3, 0), ((BLACK, WHITE), (112, 144), (124, 132)), strict=True
    ):
        draw_line_pairs(pattern, box.within(2 * unit - unit // 3, 2 * unit - unit // 3), low, high)
    for number, ground in enumerate(GROUNDS):
        top = inside.top + 3 * unit + number * (unit - unit // 12)
        strip = Box(top, inside.left + unit // 4, unit - unit // 12, 7 * unit + unit // 2)
        _draw_words(pattern, strip, ground)


def _draw_words(pattern: Pattern, strip: Box, ground: int) -> None:
    """Write the words, each letter one level closer to the ground: from 14 to 1."""
    fill(pattern, strip, ground)
    width = strip.columns // (len(WORDS) + 1)
    left = strip.left + (strip.columns - width * len(WORDS)) // 2
    size = max(8, strip.rows * 3 // 4)
    sign, contrast = (-1 if ground == WHITE else 1), len(WORDS.replace(" ", ""))
    for number, text in enumerate(WORDS):
        if text != " ":
            box = Box(strip.top, left + number * width, strip.rows, width)
            write(pattern, box.within(min(size, strip.rows), width), text, ground + sign * contrast)
            contrast -= 1
