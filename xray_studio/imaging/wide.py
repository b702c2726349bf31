"""Display values of 32-bit and floating grey frames, for which no table is large enough.

Worked out in pieces that fit a processor's cache: a large frame at once would take many times its
memory, and most of the time would go into moving it.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Frame
from xray_studio.core.lut import (
    HALF,
    Modality,
    Pixels,
    Rescale,
    Voi,
    apply_voi,
    is_padding,
    modality_range,
    to_deep,
    to_display,
)
from xray_studio.core.presentation import VoiFunction, Window

Level = TypeVar("Level", np.uint8, np.uint16)
PIECE = 1 << 15  # pixels that are worked out at once


class Line(NamedTuple):
    """Display values, 0 to 1, as a line through stored values: `gain` * stored + `offset`."""

    gain: float
    offset: float


def wide_picture(
    frame: Frame,
    pixels: Pixels,
    modality: Modality,
    voi: Voi,
    kind: type[Level],
    *,
    invert: bool,
) -> npt.NDArray[Level]:
    """Return display values, uint8 or uint16 (rows, columns), of a frame of wide numbers.

    Under a VOI transformation padding and what is no number are black; without one the full range
    of the bits is shown, of floating numbers that of the frame.
    """
    floating = voi is None and frame.dtype.kind == "f"
    full = _extent(frame, modality) if floating else modality_range(pixels, modality)
    line = _line(pixels, modality, voi, full, invert=invert)
    shown = np.empty(frame.shape, kind)
    white = float(np.iinfo(kind).max)
    to_levels = to_display if kind is np.uint8 else to_deep
    stored, flat = np.ascontiguousarray(frame).reshape(-1), shown.reshape(-1)
    for piece in _pieces(stored):
        part = _finite(stored[piece])
        if line is None:
            fractions = apply_voi(modality.apply(part), voi, full)
            flat[piece] = to_levels(fractions, pixels, invert=invert)
        else:
            flat[piece] = _by_line(part, line, white)
        if voi is not None and (pixels.padding is not None or stored.dtype.kind == "f"):
            flat[piece][_is_padding(stored[piece], pixels)] = 0
    return shown


def _line(
    pixels: Pixels, modality: Modality, voi: Voi, full: tuple[float, float], *, invert: bool
) -> Line | None:
    """Return everything from stored value to screen as one line, None where it is none."""
    ends = _ends(voi, full)
    if ends is None or not isinstance(modality, Rescale) or pixels.presentation_lut is not None:
        return None
    low, high = ends
    gain = modality.slope / (high - low)
    offset = (modality.intercept - low) / (high - low)
    if pixels.inverted != invert:
        gain, offset = -gain, 1.0 - offset
    return Line(gain, offset)


def _ends(voi: Voi, full: tuple[float, float]) -> tuple[float, float] | None:
    """Return the modality values that are black and white (PS3.3 C.11.2.1.2-3)."""
    low, high = full
    if isinstance(voi, Window):
        center, width = voi.center, voi.width
        if voi.function is VoiFunction.LINEAR:
            center, width = center - 0.5, width - 1.0
        if voi.function is VoiFunction.SIGMOID:
            return None
        low, high = center - width / 2.0, center + width / 2.0
    elif voi is not None:
        return None
    return (low, high) if high - low > 1e-12 else None


def _by_line(stored: Frame, line: Line, white: float) -> npt.NDArray[np.float64]:
    """Return display values before they lose what stands behind the point."""
    values = np.multiply(stored, line.gain * white, dtype=np.float64)
    values += line.offset * white + HALF
    return np.clip(values, 0.0, white, out=values)


def _pieces(stored: Frame) -> list[slice]:
    return [slice(first, first + PIECE) for first in range(0, stored.size, PIECE)]


def _finite(stored: Frame) -> Frame:
    """Return numbers only: what is none counts as 0, infinities as the largest there are."""
    if stored.dtype.kind != "f" or np.isfinite(stored).all():
        return stored
    return np.nan_to_num(stored, nan=0.0)


def _extent(frame: Frame, modality: Modality) -> tuple[float, float]:
    """Return the lowest and highest modality value of a frame."""
    stored = frame.reshape(-1)
    parts = (modality.apply(_finite(stored[piece])) for piece in _pieces(stored))
    ends = np.array([(part.min(), part.max()) for part in parts])
    return float(ends[:, 0].min()), float(ends[:, 1].max())


def _is_padding(stored: Frame, pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Tell which pixels are no picture: padding, and what is no number."""
    floating = stored.dtype.kind == "f"
    nothing = is_padding(stored, pixels.padding)
    return np.asarray(nothing | ~np.isfinite(stored)) if floating else nothing
