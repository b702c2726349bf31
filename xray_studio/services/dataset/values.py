"""Frames as the numbers that a data set holds: normalised, polarity made one, resized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import apply_voi, is_padding, modality_range
from xray_studio.core.presentation import Window
from xray_studio.core.shown import voi_of
from xray_studio.imaging.canvas import framed
from xray_studio.services.export.options import Canvas
from xray_studio.services.presets import initial_presentation

WAYS: Final = ("window", "percentile", "z-score")
SPREAD: Final = 4.0  # standard deviations either way that a picture of whole numbers can hold
LOW, HIGH = 1.0, 99.0  # percentiles
SAMPLED: Final = 16  # frames of a series that its percentiles or mean are taken from
_PIXELS = 1 << 18  # of each of them
Values: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the values of a series are normalised by, in its own unit.

    With "window" and "percentile" `low` becomes 0 and `high` 1; with "z-score" `mean` becomes 0 and
    `deviation` 1.
    """

    low: float = 0.0
    high: float = 1.0
    mean: float = 0.0
    deviation: float = 1.0


class Normaliser:
    """Normalises the frames of one series, all of them in the same way."""

    def __init__(self, clip: Clip, way: str, window: Window | None, frames: list[Frame]) -> None:
        self._clip, self._way, self._window = clip, way, window
        self.scale = Scale() if clip.is_colour else self._measured(frames)

    def _measured(self, frames: list[Frame]) -> Scale:
        if self._way == "window":
            return self._of_window()
        some = np.concatenate([_thinned(self._values(0, frame)) for frame in frames])
        some = some[np.isfinite(some)]
        if not some.size:
            return Scale()
        if self._way == "percentile":
            low, high = (float(v) for v in np.percentile(some, (LOW, HIGH)))
            return Scale(low, high if high > low else low + 1.0)
        deviation = float(some.std(dtype=np.float64))
        return Scale(mean=float(some.mean(dtype=np.float64)), deviation=deviation or 1.0)

    def _of_window(self) -> Scale:
        voi = self._voi(0)
        if isinstance(voi, Window):
            return Scale(voi.center - voi.width / 2, voi.center + voi.width / 2)
        return Scale(*modality_range(self._clip.pixels, self._clip.modality[0]))

    def _voi(self, index: int) -> Any:
        if self._window is not None:
            return self._window
        return voi_of(self._clip, initial_presentation(self._clip), index)

    def made(self, index: int, frame: Frame, size: Canvas) -> Values:
        """Return a stored frame as numbers: 0 to 1, or deviations from the mean of the series.

        Shape (rows, columns) or (rows, columns, 3), float32. High values are bright, whatever the
        polarity of the file; padding is 0.
        """
        made = (
            frame.astype(np.float32) / 255.0 if self._clip.is_colour else self._grey(index, frame)
        )
        inner = (size.frame_rows, size.frame_columns)
        fitted: Any = framed(made, inner, (size.rows, size.columns))  # type: ignore[arg-type]  # any type is scaled
        return np.asarray(fitted, np.float32)

    def _grey(self, index: int, frame: Frame) -> Values:
        clip, scale = self._clip, self.scale
        values = self._values(index, frame)
        if self._way == "window":
            full = modality_range(clip.pixels, clip.modality_at(index))
            made = apply_voi(values, self._voi(index), full)
        elif self._way == "percentile":
            made = np.clip((values - scale.low) / (scale.high - scale.low), 0.0, 1.0)
        else:
            made = (values - scale.mean) / scale.deviation
        if clip.pixels.inverted:
            made = -made if self._way == "z-score" else 1.0 - made
        return np.nan_to_num(made, nan=0.0).astype(np.float32)

    def _values(self, index: int, frame: Frame) -> npt.NDArray[np.float64]:
        """Return modality values, NaN where the file says that there is no picture."""
        clip = self._clip
        values = clip.modality_at(index).apply(frame)
        values[is_padding(frame, clip.pixels.padding)] = np.nan
        return values


def _thinned(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return at most so many values, evenly spread."""
    step = max(1, int(np.sqrt(values.size / _PIXELS)))
    return values[::step, ::step].reshape(-1)


def whole_numbers(values: Values, way: str, bits: int) -> npt.NDArray[Any]:
    """Return values as a picture of 8 or 16 bits: 0 to 1, or -4 to 4 deviations, end to end."""
    fractions = (values + SPREAD) / (2.0 * SPREAD) if way == "z-score" else values
    top = (1 << bits) - 1
    levels = np.floor(np.clip(fractions, 0.0, 1.0) * top + 0.5)
    kind: Any = np.uint16 if bits == 16 else np.uint8
    return np.asarray(levels, kind)
