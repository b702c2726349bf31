"""Modality values as they are kept in a file: whole numbers stay whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import LookupTable, Modality, Pixels, Rescale

_INTEGERS = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)
_FLOAT32_BITS = 24  # stored values up to here keep all of their digits in float32


def value_type(clip: Clip) -> np.dtype[Any]:
    """Return the type that holds every modality value of a clip.

    The smallest integer type where all of them are whole, so that none is rounded; else float32,
    or float64 for stored values of more than 24 bits and numbers that float32 cannot hold. Colours
    are uint8.
    """
    stored = clip.source.dtype
    if clip.is_colour:
        return np.dtype(np.uint8)
    if stored.kind == "f":
        return stored
    if all(_is_whole(modality) for modality in clip.modality):
        smallest = _smallest(_range(clip.pixels, modality) for modality in clip.modality)
        if smallest is not None:
            return smallest
    beyond = any(_beyond_float32(clip.pixels, modality) for modality in clip.modality)
    wide = beyond or clip.pixels.bits > _FLOAT32_BITS
    return np.dtype(np.float64 if wide else np.float32)


def exact_values(frame: Frame, modality: Modality, kind: np.dtype[Any]) -> Frame:
    """Return a stored grey frame as modality values of type `kind`, contiguous, same shape."""
    if kind.kind == "f":
        return modality.apply(frame).astype(kind)
    if isinstance(modality, LookupTable):
        return modality.apply(frame).astype(kind)
    if (modality.slope, modality.intercept) == (1.0, 0.0):
        return np.ascontiguousarray(frame, kind)
    whole = frame.astype(np.int64) * int(modality.slope) + int(modality.intercept)
    return whole.astype(kind)


def _is_whole(modality: Modality) -> bool:
    if isinstance(modality, LookupTable):
        return True
    return modality.slope.is_integer() and modality.intercept.is_integer()


def _beyond_float32(pixels: Pixels, modality: Modality) -> bool:
    ends = np.array([pixels.lowest, pixels.highest])
    largest = np.finfo(np.float32).max
    return isinstance(modality, Rescale) and bool((np.abs(modality.apply(ends)) > largest).any())


def _range(pixels: Pixels, modality: Modality) -> tuple[int, int]:
    """Return the lowest and highest value, in whole numbers of any size."""
    if isinstance(modality, LookupTable):
        return 0, (1 << modality.bits) - 1
    assert isinstance(modality, Rescale)
    slope, intercept = int(modality.slope), int(modality.intercept)
    ends = [end * slope + intercept for end in (pixels.lowest, pixels.highest)]
    return min(ends), max(ends)


def _smallest(ranges: Iterable[tuple[int, int]]) -> np.dtype[Any] | None:
    lows, highs = zip(*ranges, strict=True)
    for kind in _INTEGERS:
        limits = np.iinfo(kind)
        if limits.min <= min(lows) and max(highs) <= limits.max:
            return np.dtype(kind)
    return None
