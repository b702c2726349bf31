"""From radiation to stored numbers: scatter, glare, blur, quanta, 12 bits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.phantom.raster import (
    Image,
    blur,
    correlated_noise,
    enlarge,
    shrink,
    square_root,
)

BITS_STORED = 12
WHITE = (1 << BITS_STORED) - 1
COARSE = 32  # pixels across the image that are enough for scatter and glare
FULL_SIZE = 512  # pixels across the image for which `blur` and `grain` are stated


@dataclass(frozen=True)
class Detector:
    """An image chain with a linear response (Pixel Intensity Relationship LIN).

    `scatter` is scattered to primary radiation behind the grid, `glare` the light that spreads far
    within the detector, `blur` the deviation of the point spread function in pixels, `gain` the
    stored numbers per detected quantum, `grain` how far in pixels neighbours share their noise (its
    fine and its wide part), `electronic` the noise without radiation in stored numbers.
    """

    scatter: float = 0.38
    glare: float = 0.06
    blur: float = 0.85
    gain: float = 0.45
    grain: tuple[float, float] = (0.6, 2.6)
    electronic: float = 3.0

    def at_dose(self, dose: float) -> Detector:
        """Return the image chain with a fraction of the quanta, scaled back to the same signal."""
        return replace(self, gain=self.gain / dose, electronic=self.electronic / dose)

    def expose(self, primary: Image) -> Image:
        """Return the mean signal of primary radiation (rows, columns), both in stored numbers."""
        size = primary.shape[0]
        small = shrink(primary, COARSE)
        veil = self.scatter * blur(small, COARSE / 9.0)
        veil += self.glare * blur(small, COARSE / 3.5, dark_outside=True)
        signal = blur(primary, self.blur * size / FULL_SIZE)
        signal += enlarge(veil, size)
        return signal

    def variance(self, signal: Image) -> Image:
        """Noise variance of a mean signal, in stored numbers squared (Poisson and Gauss)."""
        variance = signal * np.float32(self.gain)
        variance += np.float32(self.electronic**2)
        return variance

    def read(self, signal: Image, seed: int, shutter: Image | None = None) -> NDArray[np.uint16]:
        """Return stored pixels (rows, columns): a mean signal with its noise, in 12 bits.

        The quanta spread in the detector, so neighbours share their noise. `shutter` (0 to 1)
        hides what the collimator covers.
        """
        size = signal.shape[0]
        fine, wide = (grain * size / FULL_SIZE for grain in self.grain)
        pixels = correlated_noise(size, seed, fine, wide)
        pixels *= square_root(self.variance(signal))
        pixels += signal
        if shutter is not None:
            pixels *= shutter
        np.rint(pixels, out=pixels)
        return np.clip(pixels, 0.0, WHITE, out=pixels).astype(np.uint16)
