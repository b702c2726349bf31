"""Smooth space curves: the raw material of vessels, ribs, catheters and wires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WAVES = 3  # of each wavelength


def arc_length(points: Array) -> Array:
    """Arc length (n,) along a polyline (n, d), from 0."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def resample(points: Array, spacing: float) -> Array:
    """Points at (nearly) equal steps of `spacing` along a polyline (n, d); keeps both ends."""
    length = arc_length(points)
    count = max(2, round(length[-1] / spacing) + 1)
    at = np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(at, length, axis) for axis in points.T], axis=1)


def smooth(values: Array, sigma: float) -> Array:
    """Gaussian smoothing along the first axis, `sigma` in samples; both ends stay where they are.

    The values are continued by point reflection about the ends, which pins the ends.
    """
    radius = min(int(3.0 * sigma) + 1, len(values) - 1)
    if sigma <= 0.0 or radius < 1:
        return values
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    columns = values.reshape(len(values), -1)
    before = 2.0 * columns[0] - columns[radius:0:-1]
    after = 2.0 * columns[-1] - columns[-2 : -radius - 2 : -1]
    padded = np.concatenate([before, columns, after])
    result = np.stack([np.convolve(axis, kernel, "valid") for axis in padded.T], axis=1)
    return result.reshape(values.shape)


def through(controls: Array, spacing: float, softness: float) -> Array:
    """Smooth curve near the control points (n, d): resampled at `spacing`, rounded by `softness`.

    Both in the units of the points. The ends are met exactly.
    """
    return resample(smooth(resample(controls, spacing), softness / spacing), spacing)


def wander(
    rng: np.random.Generator,
    at: Array,
    wavelengths: tuple[float, ...],
    amplitudes: tuple[float, ...],
) -> Array:
    """Smooth random signal over positions `at` (n,), zero on average and never periodic.

    A few waves share each wavelength, detuned at random, so that no pattern repeats.
    """
    count = WAVES * len(wavelengths)
    length = np.repeat(wavelengths, WAVES) * rng.uniform(0.7, 1.4, count)
    height = np.repeat(amplitudes, WAVES) * rng.normal(0.0, WAVES**-0.5, count)
    phase = rng.uniform(0.0, 2.0 * np.pi, count)
    return np.asarray(height @ np.sin(2.0 * np.pi * at / length[:, None] + phase[:, None]))


def unit(vectors: Array) -> Array:
    """Vectors (..., d) scaled to length 1."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.asarray(vectors / lengths)


def catmull_rom(controls: Array) -> Array:
    """Dense smooth curve (m, d) through control points (n, d)."""
    ends = 2.0 * controls[[0, -1]] - controls[[1, -2]]
    p = np.concatenate([ends[:1], controls, ends[1:]])[:, None]
    t = np.linspace(0.0, 1.0, 24, endpoint=False)[None, :, None]
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    cubic = (3.0 * b - a - 3.0 * c + d) * t**3 + (2.0 * a - 5.0 * b + 4.0 * c - d) * t**2
    curve = 0.5 * (2.0 * b + (c - a) * t + cubic)
    return np.concatenate([curve.reshape(-1, controls.shape[1]), controls[-1:]])
