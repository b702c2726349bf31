"""Pixel value under the pointer, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.corner_text import NO_VALUE, format_number
from xray_studio.core.per_frame import at_frame


def pixel_text(clip: Clip, index: int, stored: Frame, column: int, row: int) -> str:
    """Return "x 231 · y 118 · -342 HU" for a pixel of a stored frame; x and y count from 1.

    The value is the modality value with its unit, "R 12 G 40 B 8" for colour, "padding" where the
    file says that there is no picture, "no value" for floating-point pixels that are no number.
    Real World Value Mapping adds what the stored value means, with its unit.
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
    modality = clip.modality_at(index)
    value = float(modality.apply(np.asarray([number]))[0])
    unit = "" if modality.unit == "US" else modality.unit  # US: unspecified (PS3.3 C.11.1.1.2)
    own = f"{format_number(value)} {unit}".rstrip()
    return " · ".join((own, *_real_world(clip, index, float(number), own)))


def _real_world(clip: Clip, index: int, number: float, own: str) -> Iterator[str]:
    """Yield what a stored value means in the real world, unless that has been said."""
    for mapping in at_frame(clip.real_world, index):
        value = mapping.value(number)
        told = "" if value is None else f"{format_number(value)} {mapping.unit}".rstrip()
        if told and told != own:
            yield f"{mapping.label} {told}".lstrip()
