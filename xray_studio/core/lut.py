"""Grey transforms: Modality LUT, VOI LUT, presentation, collapsed into one table.

PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.11.6 (Presentation LUT). A table has 65,536
entries and is indexed by the stored value taken as an unsigned 16-bit number, so signed values are
indexed by their two's complement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.presentation import VoiFunction, Window

HALF = 0.5 + 1e-7  # rounds up what is half way but for the last digit of its calculation
TABLE_SIZE = 65_536
Values: TypeAlias = npt.NDArray[np.float64]
Table: TypeAlias = npt.NDArray[np.uint8]
DeepTable: TypeAlias = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Rescale:
    """Rescale Slope and Intercept; `unit` is what the result is in ("HU", "US", "")."""

    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""

    def apply(self, values: npt.NDArray[np.generic]) -> Values:
        """Return modality values of stored values, any shape."""
        return np.asarray(values.astype(np.float64) * self.slope + self.intercept)


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A LUT of the standard: `first` is the first stored value mapped, `bits` the output depth.

    Values below `first` give the first entry, values beyond the end the last (PS3.3 C.11.1.1.1).
    `entries` is little-endian unsigned 16-bit data, so the table can be hashed and compared.
    """

    first: int
    bits: int
    entries: bytes
    explanation: str = ""
    unit: str = ""

    @property
    def values(self) -> npt.NDArray[np.uint16]:
        """Entries as an array, shape (n,)."""
        return np.frombuffer(self.entries, dtype="<u2")

    def apply(self, values: npt.NDArray[np.generic]) -> Values:
        """Return the table's output for input values, any shape."""
        entries = self.values
        index = np.clip(np.floor(values.astype(np.float64)) - self.first, 0, len(entries) - 1)
        return np.asarray(entries[index.astype(np.intp)], dtype=np.float64)


Modality: TypeAlias = Rescale | LookupTable
Voi: TypeAlias = Window | LookupTable | None


@dataclass(frozen=True, slots=True)
class Pixels:
    """What the stored numbers of a grey frame can be.

    `bits` is Bits Stored; `inverted` stands for MONOCHROME1 (or Presentation LUT Shape INVERSE);
    `padding` is the inclusive range of stored values that are no picture (PS3.3 C.7.5.1.1.2).
    `presentation_lut` is Presentation LUT Sequence, from the values of the window to P-values
    (PS3.3 C.11.6); its first input is that of the lowest one.
    """

    bits: int = 16
    signed: bool = False
    inverted: bool = False
    padding: tuple[float, float] | None = None
    presentation_lut: LookupTable | None = None

    @property
    def lowest(self) -> int:
        """Smallest stored value."""
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        """Largest stored value."""
        return (1 << (self.bits - (1 if self.signed else 0))) - 1


def is_padding(
    stored: npt.NDArray[Any], padding: tuple[float, float] | None
) -> npt.NDArray[np.bool_]:
    """Tell which stored values are padding, a range with both ends included; none without one."""
    if padding is None:
        return np.zeros(stored.shape, np.bool_)
    low, high = padding
    return np.asarray((stored >= low) & (stored <= high))


def apply_window(values: Values, window: Window) -> Values:
    """Return display fractions 0 to 1 of modality values under a window (PS3.3 C.11.2.1.2-3)."""
    center, width = window.center, window.width
    if window.function is VoiFunction.SIGMOID:
        exponent = np.clip(-4.0 * (values - center) / width, -700.0, 700.0)
        return np.asarray(1.0 / (1.0 + np.exp(exponent)))
    if window.function is VoiFunction.LINEAR_EXACT:
        return np.clip((values - center) / width + 0.5, 0.0, 1.0)
    if width <= 1.0:
        return np.where(values > center - 0.5, 1.0, 0.0)
    return np.clip((values - (center - 0.5)) / (width - 1.0) + 0.5, 0.0, 1.0)


def apply_voi(values: Values, voi: Voi, full: tuple[float, float]) -> Values:
    """Return display fractions 0 to 1; without a VOI transformation `full` (low, high) is shown."""
    if isinstance(voi, Window):
        return apply_window(values, voi)
    if isinstance(voi, LookupTable):
        return np.clip(voi.apply(values) / float((1 << voi.bits) - 1), 0.0, 1.0)
    low, high = full
    return np.clip((values - low) / max(high - low, 1e-12), 0.0, 1.0)


def modality_range(pixels: Pixels, modality: Modality) -> tuple[float, float]:
    """Return the lowest and highest modality value that the stored bits can give."""
    if isinstance(modality, LookupTable):
        return 0.0, float((1 << modality.bits) - 1)
    ends = modality.apply(np.array([pixels.lowest, pixels.highest]))
    return float(ends.min()), float(ends.max())


def p_values(fractions: Values, pixels: Pixels) -> Values:
    """Return P-values, 0 to 1, of what the VOI transformation gave, by the Presentation LUT.

    The whole range of the VOI transformation runs through the whole table (PS3.3 C.11.6.1.1).
    """
    table = pixels.presentation_lut
    if table is not None:
        entries = table.values
        place = np.floor(fractions * (len(entries) - 1) + 0.5).astype(np.intp)
        fractions = np.clip(entries[place] / float((1 << table.bits) - 1), 0.0, 1.0)
    return 1.0 - fractions if pixels.inverted else fractions


def to_display(fractions: Values, pixels: Pixels, *, invert: bool) -> Table:
    """Return 8-bit display values of what the VOI transformation gave, 0 to 1."""
    return np.asarray(_levels(fractions, pixels, 255.0, invert=invert), dtype=np.uint8)


def to_deep(fractions: Values, pixels: Pixels, *, invert: bool) -> DeepTable:
    """Return 16-bit display values of what the VOI transformation gave, 0 to 1."""
    return np.asarray(_levels(fractions, pixels, 65_535.0, invert=invert), dtype=np.uint16)


def _levels(fractions: Values, pixels: Pixels, white: float, *, invert: bool) -> Values:
    shown = p_values(fractions, pixels)
    return np.asarray(np.floor((1.0 - shown if invert else shown) * white + HALF))


@lru_cache(maxsize=64)
def display_table(pixels: Pixels, modality: Modality, voi: Voi, *, invert: bool = False) -> Table:
    """Return the one table from stored value to 8-bit display value, shape (65536,), read-only.

    Under a VOI transformation padding is shown black, whatever its value would give; without one
    everything is shown as stored. `invert` turns the result round, as the user asks.
    """
    fractions, black = _fractions(pixels, modality, voi)
    table = to_display(fractions, pixels, invert=invert)
    table[black] = 0
    table.flags.writeable = False
    return table


@lru_cache(maxsize=8)
def deep_table(pixels: Pixels, modality: Modality, voi: Voi, *, invert: bool = False) -> DeepTable:
    """Return the table to 16-bit display values, as `display_table`, shape (65536,), read-only."""
    fractions, black = _fractions(pixels, modality, voi)
    table = to_deep(fractions, pixels, invert=invert)
    table[black] = 0
    table.flags.writeable = False
    return table


def _fractions(
    pixels: Pixels, modality: Modality, voi: Voi
) -> tuple[Values, npt.NDArray[np.bool_]]:
    """Return what every stored value is shown as, 0 to 1, and which of them are black padding."""
    stored = np.arange(TABLE_SIZE, dtype=np.uint16)
    numbers = stored.view(np.int16) if pixels.signed else stored
    values = modality.apply(np.clip(numbers.astype(np.int64), pixels.lowest, pixels.highest))
    fractions = apply_voi(values, voi, modality_range(pixels, modality))
    if pixels.padding is None or voi is None:
        return fractions, np.zeros(TABLE_SIZE, np.bool_)
    return fractions, is_padding(numbers, pixels.padding)


def modality_values(frame: npt.NDArray[np.generic], modality: Modality) -> npt.NDArray[np.float32]:
    """Return a stored grey frame as modality values, float32, same shape.

    Numbers that float32 cannot hold are infinite.
    """
    with np.errstate(over="ignore"):
        return modality.apply(frame).astype(np.float32)
