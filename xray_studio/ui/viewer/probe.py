"""Pixel value under the pointer, in words."""

from __future__ import annotations

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.corner_text import NO_VALUE, format_number


def pixel_text(clip: Clip, index: int, stored: Frame, column: int, row: int) -> str:
    """Return "x 231 · y 118 · -342 HU" for a pixel of a stored frame; x and y count from 1.

    The value is the modality value with its unit, "R 12 G 40 B 8" for colour, "padding" where the
    file says that there is no picture, "no value" for floating-point pixels that are no number.
    """
    return f"x {column + 1} · y {row + 1} · {_value(clip, index, stored, column, row)}"


def _value(clip: Clip, index: int, stored: Frame, column: int, row: int) -> str:
    if clip.is_colour:
        red, green, blue = (int(part) for part in stored[row, column])
        return f"R {red} G {green} B {blue}"
    number = stored[row, column]
    padding = clip.pixels.padding
    if padding is not None and padding[0] <= number <= padding[1]:
        return "padding"
    if not np.isfinite(number):
        return NO_VALUE
    value = float(clip.modality_at(index).apply(np.asarray([number]))[0])
    unit = "" if clip.unit == "US" else clip.unit  # US: unspecified (PS3.3 C.11.1.1.2)
    return f"{format_number(value)} {unit}".rstrip()
