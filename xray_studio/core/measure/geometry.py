"""Measures of points on a frame. Pure; (column, row) from the corner of the first pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.drawing import Point
from xray_studio.core.lut import modality_values
from xray_studio.core.measure.mark import corners

Spacing = tuple[float, float]


def length(points: tuple[Point, ...], spacing: Spacing) -> float:
    """Return the distance of two points in units of `spacing`, the (height, width) of a pixel."""
    one, other = points
    return math.hypot((other[0] - one[0]) * spacing[1], (other[1] - one[1]) * spacing[0])


def angle(points: tuple[Point, ...], spacing: Spacing) -> float | None:
    """Return the angle at the second of three points, 0 to 180 degrees.

    None where a leg has no length.
    """
    one, middle, other = points
    first, second = (
        ((end[0] - middle[0]) * spacing[1], (end[1] - middle[1]) * spacing[0])
        for end in (one, other)
    )
    if math.hypot(*first) == 0.0 or math.hypot(*second) == 0.0:
        return None
    cross = first[0] * second[1] - first[1] * second[0]
    dot = first[0] * second[0] + first[1] * second[1]
    return math.degrees(math.atan2(abs(cross), dot))


def area(points: tuple[Point, ...], spacing: Spacing) -> float:
    """Return the area of the ellipse between two corners, of more within the line through them.

    In the square of the unit of spacing. Parts of a line that crosses itself run against each
    other, and are taken from one another.
    """
    return ellipse_area(points, spacing) if len(points) == 2 else outline_area(points, spacing)


def outline_area(points: tuple[Point, ...], spacing: Spacing) -> float:
    """Return the area within a closed line through points (the shoelace formula)."""
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    twice = sum(x * below - across * y for (x, y), (across, below) in pairs)
    return abs(twice) / 2 * spacing[0] * spacing[1]


def ellipse_area(points: tuple[Point, ...], spacing: Spacing) -> float:
    """Return the area of the ellipse between two corners, in the square of the unit of spacing."""
    (left, top), (right, bottom) = corners(points)
    return math.pi / 4 * (right - left) * spacing[1] * (bottom - top) * spacing[0]


@dataclass(frozen=True, slots=True)
class Greys:
    """The modality values of the pixels whose middle lies in an ellipse or outline.

    `deviation` is the standard deviation of all of them, the root of the mean square distance from
    the mean. `unit` is that of the values, `left_out` how many pixels have none (padding).
    """

    count: int
    mean: float
    deviation: float
    low: float
    high: float
    unit: str = ""
    left_out: int = 0


def inside(points: tuple[Point, ...], rows: range, columns: range) -> npt.NDArray[np.bool_]:
    """Tell of pixels whether their middle lies in the ellipse between two corners.

    Of more points, whether it lies within an odd number of turns of the closed line through them.
    """
    if len(points) > 2:
        return _within(points, rows, columns)
    (left, top), (right, bottom) = corners(points)
    across = _part(columns, left, right)[None, :]
    down = _part(rows, top, bottom)[:, None]
    return np.asarray(across**2 + down**2 <= 1.0)


def _within(points: tuple[Point, ...], rows: range, columns: range) -> npt.NDArray[np.bool_]:
    """Go through each row from the left: every side that is passed is a change of inside."""
    passed = np.zeros((len(rows), len(columns) + 1), np.int32)
    middles = np.arange(rows.start, rows.stop) + 0.5
    for (x, y), (across, below) in zip(points, (*points[1:], points[0]), strict=True):
        here = np.flatnonzero((middles >= min(y, below)) & (middles < max(y, below)))
        if len(here):
            at = x + (middles[here] - y) * (across - x) / (below - y)
            first = np.ceil(at - 0.5).astype(np.int64) - columns.start
            passed[here, np.clip(first, 0, len(columns))] += 1
    return np.asarray(passed.cumsum(axis=1)[:, :-1] % 2 == 1)


def _part(numbers: range, low: float, high: float) -> npt.NDArray[np.float64]:
    """Return how far pixels lie from the middle, as parts of half the width; far for no width."""
    half = (high - low) / 2
    middles = np.arange(numbers.start, numbers.stop) + 0.5
    if half <= 0.0:
        return np.full(len(middles), 2.0)
    return np.asarray((middles - (low + high) / 2) / half)


def greys(clip: Clip, index: int, stored: Frame, points: tuple[Point, ...]) -> Greys | None:
    """Return the values of stored frame `index` in an area; None for colour, and without any."""
    if clip.is_colour:
        return None
    (left, top), (right, bottom) = corners(points)
    rows = range(max(0, math.floor(top)), min(clip.rows, math.ceil(bottom)))
    columns = range(max(0, math.floor(left)), min(clip.columns, math.ceil(right)))
    if not rows or not columns:
        return None
    part = stored[rows.start : rows.stop, columns.start : columns.stop]
    covered = inside(points, rows, columns)
    known = covered & _known(clip, part)
    if not known.any():
        return None
    modality = clip.modality_at(index)
    values = modality_values(part, modality)[known].astype(np.float64)
    unit = "" if modality.unit == "US" else modality.unit  # unspecified (PS3.3 C.11.1.1.2)
    return Greys(
        len(values), float(values.mean()), float(values.std()),
        float(values.min()), float(values.max()), unit, int(covered.sum()) - len(values),
    )  # fmt: skip


def _known(clip: Clip, part: Frame) -> npt.NDArray[np.bool_]:
    """Tell which stored values are those of a picture."""
    known = np.isfinite(part)
    padding = clip.pixels.padding
    if padding is not None:
        known &= ~((part >= padding[0]) & (part <= padding[1]))
    return np.asarray(known)


def contrast_to_noise(one: Greys, other: Greys) -> float:
    """Return the distance of the means over the root of the mean of the variances.

    Bushberg et al., "The Essential Physics of Medical Imaging", 4.6. Without noise it is infinite,
    and 0 where nothing differs.
    """
    noise = math.sqrt((one.deviation**2 + other.deviation**2) / 2)
    contrast = abs(one.mean - other.mean)
    if noise == 0.0:
        return math.inf if contrast else 0.0
    return contrast / noise
