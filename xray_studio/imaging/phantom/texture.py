"""Random fields with the statistics of tissue: no direction, no scale of their own."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.phantom.raster import Image, enlarge

FINEST = 512  # pixels across that show all of it


def power_law(rng: np.random.Generator, size: int, slope: float, longest: float) -> Image:
    """Field (size, size) with mean 0, deviation 1 and spectrum 1/f**slope.

    Waves longer than `longest` (a fraction of the image) are damped. A larger field is made and
    cut, so that opposite edges do not match.
    """
    full = size + 2 * (size // 8)
    row = np.fft.fftfreq(full)[:, None]
    column = np.fft.rfftfreq(full)[None]
    low = 1.0 / (longest * size)
    gain = (row**2 + column**2 + low**2) ** (-slope / 4.0)
    white = rng.standard_normal((full, full), dtype=np.float32)
    whole = np.fft.irfft2(np.fft.rfft2(white) * gain, (full, full))
    field = whole[:size, :size]
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def grain(rng: np.random.Generator, size: int, slope: float, longest: float) -> Image:
    """Make a field as `power_law` does, no finer than `FINEST` pixels across and then enlarged."""
    small = min(size, FINEST)
    field = power_law(rng, small, slope, longest)
    return field if small == size else enlarge(field, size)
