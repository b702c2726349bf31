"""Patterns of few levels, for a meter and for the eye: luminance, uniformity, contrast, steps."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from xray_studio.core.display_check import LEVELS
from xray_studio.core.gsdf import seen_luminance
from xray_studio.imaging.patterns.drawing import Box, Pattern, fill, frame, plain, ramp, whole

PART: Final = 0.1  # of the area, which a patch takes
GROUND: Final = 153  # 20 % of the largest luminance where a display follows the GSDF
MOONS: Final = tuple(range(8, 256, 16))
HALF, FAINT = 2, 4  # levels by which halves of a moon, and corners, differ from their ground
DARK, BRIGHT = 1.0, 350.0  # cd/m2 of a display for diagnosis


def luminance_patch(rows: int, columns: int, level: int) -> Pattern:
    """Return a square of one level in the middle, 10 % of the area, for a meter (TG18-LN)."""
    pattern = plain(rows, columns, GROUND)
    fill(pattern, _patch(pattern), level)
    return pattern


def uniform(rows: int, columns: int, level: int) -> Pattern:
    """Return one level with the places to measure at, middle and corners, as thin lines (UNL)."""
    pattern = plain(rows, columns, level)
    patch = _patch(pattern)
    side = min(patch.rows, min(rows, columns) // 3)
    mark = level + (24 if level < 128 else -24)
    for box in (whole(pattern).within(side, side), *whole(pattern).corners(side, 0)):
        frame(pattern, box, mark)
    return pattern


def moons(rows: int, columns: int) -> Pattern:
    """Return 16 levels, each with a disc of two halves and four faint corners (TG18-CT)."""
    pattern = plain(rows, columns, 128)
    side = min(rows, columns) // 4
    field = whole(pattern).within(4 * side, 4 * side)
    for number, level in enumerate(MOONS):
        line, place = divmod(number, 4)
        # Along one line to the right, along the next one back: neighbours then differ little.
        place = place if line % 2 == 0 else 3 - place
        box = Box(field.top + line * side, field.left + place * side, side, side)
        _draw_moon(pattern, box, level)
    return pattern


def _draw_moon(pattern: Pattern, box: Box, level: int) -> None:
    fill(pattern, box, level)
    down, across = np.mgrid[: box.rows, : box.columns] * 2 - (box.rows - 1)
    disc = down**2 + across**2 <= (box.rows // 2) ** 2
    area = pattern[box.area]
    area[disc & (across < 0)] = level - HALF
    area[disc & (across >= 0)] = level + HALF
    corners = box.corners(box.rows // 8, box.rows // 16)
    for corner, sign in zip(corners, (1, -1, -1, 1), strict=True):
        fill(pattern, corner, level + sign * FAINT)


def equal_steps(rows: int, columns: int) -> Pattern:
    """Return 18 steps of equally many JND, above on a display that follows the GSDF, below on sRGB.

    The band between holds all 256 levels. The lower steps are computed for a display of 1 to
    350 cd/m2 whose luminance follows IEC 61966-2-1, as those without calibration do.
    """
    pattern = plain(rows, columns, 0)
    places = np.arange(columns) * len(LEVELS) // columns
    band = rows // 8
    high = (rows - band) // 2
    pattern[:high] = np.array(LEVELS, np.uint8)[places]
    pattern[high : high + band] = ramp(columns)
    pattern[high + band :] = srgb_steps()[places]
    return pattern


def srgb_steps() -> Pattern:
    """Return the 18 levels that are equally many JND apart on an sRGB display."""
    wanted = seen_luminance(np.array(LEVELS) / LEVELS[-1], DARK, BRIGHT)
    linear = (wanted - DARK) / (BRIGHT - DARK)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(np.rint(255 * coded), 0, 255), np.uint8)


def _patch(pattern: Pattern) -> Box:
    rows, columns = pattern.shape
    side = min(round(math.sqrt(PART * rows * columns)), rows, columns)
    return whole(pattern).within(side, side)
