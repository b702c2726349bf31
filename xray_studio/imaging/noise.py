"""How much of a picture is noise, and how the noise grows with the value.

The variance of noise is a straight line over the value (Poisson plus Gauss). In every block of the
pictures a high-pass residual (Immerkaer, "Fast noise variance estimation", 1996; between two frames
their difference) gives a variance, the block its mean; in each range of means the blocks with the
least structure are believed, and a line is laid through them.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Noise
from xray_studio.core.step import Image

_BLOCK = 16  # pixels
_RANGES, _LEAST = 24, 6  # ranges of means; blocks that one needs
_QUIET = 0.25  # part of the blocks of a range, those with the least variance, that are believed
_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6.0
_Line = npt.NDArray[np.float64]


def estimate_noise(frames: Image) -> Noise:
    """Return the noise of frames of one clip, float32 (frames, rows, columns).

    Pictures too small to tell have none.
    """
    means, variances = [], []
    for frame in frames:
        residual: Image = cv2.filter2D(frame, -1, _MASK).astype(np.float32)
        mean, variance = _blocks(frame, residual)
        means.append(mean)
        variances.append(variance)
    return _line(np.concatenate(means), np.concatenate(variances))


def _blocks(frame: Image, residual: Image) -> tuple[_Line, _Line]:
    """Return the mean of each block and the robust variance of its residual."""
    rows, columns = (side // _BLOCK for side in frame.shape)
    if not rows or not columns:
        return np.zeros(0), np.zeros(0)
    means = _cut(frame, rows, columns).mean(axis=1)
    spread = np.median(np.abs(_cut(residual, rows, columns)), axis=1) / 0.6745
    return means.astype(np.float64), spread.astype(np.float64) ** 2


def _cut(image: Image, rows: int, columns: int) -> Image:
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
    if np.ptp(places) < 1e-9 * max(1.0, abs(places[0])):
        return Noise(0.0, float(np.median(spreads)))
    gain, ground = np.polyfit(places, spreads, 1)
    if gain <= 0:
        return Noise(0.0, float(np.median(spreads)))
    return Noise(float(gain), float(ground))
