"""What shapes the beam: lead blades, the semi-transparent wedge, the heel effect, the shutter."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.phantom.raster import Image, enlarge, shrink
from xray_studio.imaging.phantom.texture import power_law

WEDGE = 0.85  # attenuation of the filter at full depth
WEDGE_EDGE, WEDGE_SOFTNESS = 0.42, 0.22  # in half image widths
LEAKAGE = 0.004  # part of the radiation that passes the blades


def edges(size: int, seed: int) -> tuple[float, float, float, float]:
    """Left, right, upper and lower edge of the blades in pixels from 0."""
    rng = np.random.default_rng([seed, 7])
    gaps = (np.array([14.0, 10.0, 12.0, 16.0]) + rng.uniform(-3.0, 3.0, 4)) * size / 512.0
    last = size - 1.0
    return float(gaps[0]), float(last - gaps[1]), float(gaps[2]), float(last - gaps[3])


def blades(size: int, seed: int) -> Image:
    """Transmission (size, size) of the four lead blades, whose edges have a penumbra."""
    left, right, upper, lower = edges(size, seed)
    x, y = _pixels(size)
    inside = np.ones((size, size), np.float32)
    for distance in (x - left, right - x, y - upper, lower - y):
        inside *= 0.5 + 0.5 * np.tanh(distance * (512.0 / size / 3.2))
    return (LEAKAGE + (1.0 - LEAKAGE) * inside).astype(np.float32)


def shutter(size: int) -> Image:
    """Electronic shutter (size, size): 1 inside an octagon, 0 outside."""
    x, y = _pixels(size)
    middle = (size - 1) / 2.0
    sides = np.maximum(np.abs(x - middle), np.abs(y - middle))
    corners = (np.abs(x - middle) + np.abs(y - middle)) / np.sqrt(2.0)
    inside = np.minimum(size * 0.494 - sides, size * 0.60 - corners)
    return np.asarray(np.clip(inside + 0.5, 0.0, 1.0), np.float32)


def heel(size: int, seed: int) -> Image:
    """Uneven brightness (size, size) of the beam and of the detector's gain, close to 1."""
    rng = np.random.default_rng([seed, 8])
    x, y = (2.0 * a / (size - 1) - 1.0 for a in _pixels(size))
    uneven = power_law(rng, size // 8, 4.0, 0.5)
    wide = enlarge(uneven, size)
    return (1.0 - 0.05 * (x * x + y * y) + 0.02 * y + 0.006 * wide).astype(np.float32)


def wedge(attenuation: Image) -> Image:
    """Attenuation (size, size) of the filter that is driven in over the brightest side.

    `attenuation` (size, size) is the patient's; the filter's long soft edge crosses the field.
    """
    size = attenuation.shape[0]
    bright = shrink(np.exp(-attenuation), 16)
    at = np.linspace(-1.0, 1.0, 16)
    pull = np.array([(bright * at[None]).sum(), (bright * at[:, None]).sum()])
    way = pull / np.hypot(*pull)
    x, y = (2.0 * a / (size - 1) - 1.0 for a in _pixels(size))
    depth = (x * way[0] + y * way[1] - WEDGE_EDGE) / WEDGE_SOFTNESS
    return np.asarray(WEDGE * (0.5 + 0.5 * np.tanh(depth)), np.float32)


def _pixels(size: int) -> tuple[Image, Image]:
    at = np.arange(size, dtype=np.float32)
    x, y = np.meshgrid(at, at)
    return x, y
