"""How much of what a filter lets through is noise, seen in the quiet parts of what comes out.

Detectors blur, so noise is grainy, and how much of it a filter keeps is not known from the noise of
single pixels. Unlike in the finest differences, which `noise` looks at, most parts of coarse detail
hold structure: in each range of values the parts with the least of it are believed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Noise
from xray_studio.core.step import Image

_BLOCK: Final = 16  # pixels
_RANGES, _LEAST = 24, 6  # ranges of means; blocks that one needs
_QUIET: Final = 0.25  # part of the blocks of a range, those with the least variance
_TO_DEVIATION: Final = 1.4826  # from the median size of Gaussian noise
_ROUNDING: Final = 1e-6  # of the range: what computing leaves of nothing
_Line: TypeAlias = npt.NDArray[np.float64]


def noise_of_detail(frame: Image, detail: Image) -> Noise:
    """Return how much of a detail image is noise, over the values of the frame it was taken from.

    Both are float32 (rows, columns). Pictures too small to tell have none.
    """
    means = _cut(frame).mean(axis=1, dtype=np.float64)
    sizes = np.median(np.abs(_cut(detail)), axis=1).astype(np.float64)
    return _line(means, (_TO_DEVIATION * sizes) ** 2)


def deviation(values: Image, noise: Noise, span: float) -> Image:
    """Return the standard deviation of the noise at every value, in the same shape, above 0.

    `span` is the range that values have.
    """
    variance = np.maximum(noise.gain * values + noise.ground, 0.0)
    return np.asarray(np.sqrt(variance + (_ROUNDING * span) ** 2), np.float32)


def _cut(image: Image) -> Image:
    """Return the whole blocks of a picture, (blocks, pixels)."""
    rows, columns = (side // _BLOCK for side in image.shape)
    part = image[: rows * _BLOCK, : columns * _BLOCK]
    blocks = part.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2)
    return blocks.reshape(rows * columns, _BLOCK * _BLOCK)


def _line(means: _Line, variances: _Line) -> Noise:
    """Lay a line through the quiet blocks of every range of means."""
    if len(means) < _LEAST:
        return Noise()
    order = np.argsort(means, kind="stable")
    places, spreads = [], []
    for part in np.array_split(order, min(_RANGES, len(order) // _LEAST)):
        quiet = np.sort(variances[part])[: max(2, round(len(part) * _QUIET))]
        places.append(float(means[part].mean()))
        spreads.append(float(np.median(quiet)))
    level = Noise(0.0, float(np.median(spreads)))
    if np.ptp(places) < 1e-9 * max(1.0, abs(places[0])):
        return level
    gain, ground = np.polyfit(places, spreads, 1)
    return Noise(float(gain), float(ground)) if gain > 0 else level
