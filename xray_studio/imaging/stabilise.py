"""Variance stabilisation: Poisson and Gaussian noise made even, and back without bias.

The generalised Anscombe transform turns values whose noise has the variance gain * x + ground into
values whose noise has a variance near 1. Its closed inverse is biased at low counts; the exact
unbiased inverse is taken in the closed form of Mäkitalo and Foi (2013, "Optimal inversion of the
generalized Anscombe transformation for Poisson-Gaussian noise", IEEE Transactions on Image
Processing 22(1)), after which the mean of what was smoothed is the mean of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xray_studio.core.scene import Noise
from xray_studio.core.step import Image

_LEAST_SIGMA = 1e-6  # of the span: below it there is no noise to stabilise


@dataclass(frozen=True, slots=True)
class Stabiliser:
    """Forward and back for one noise. `sigma` is the noise of what comes forward."""

    noise: Noise
    low: float
    high: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise after `forward`."""
        if self._signal:
            return 1.0
        return float(max(self.noise.ground, 0.0) ** 0.5)

    @property
    def _signal(self) -> bool:
        """Tell whether noise grows with the value so much that stabilising pays."""
        span = max(self.high - self.low, 1e-12)
        return self.noise.gain > 0 and self.noise.gain * span > (_LEAST_SIGMA * span) ** 2

    @property
    def _ground(self) -> float:
        """Variance of the Gaussian part, at the lowest value: no line goes below 0 there."""
        return self.noise.variance(self.low)

    def forward(self, values: Image) -> Image:
        """Return values whose noise is even. Values below the lowest one are cut off."""
        if not self._signal:
            return values
        gain = np.float32(self.noise.gain)
        inside = gain * (values - np.float32(self.low)) + np.float32(0.375 * gain**2 + self._ground)
        made: Image = (2.0 / gain) * np.sqrt(np.maximum(inside, 0.0))
        return made

    def back(self, even: Image) -> Image:
        """Return the values whose stabilised mean this is."""
        if not self._signal:
            return even
        gain, ground = float(self.noise.gain), self._ground
        # Counts are values in units of the gain; the Gaussian part is in them as well.
        root = np.maximum(even.astype(np.float64), 2.0 * (0.375 + ground / gain**2) ** 0.5)
        third = 1.5**0.5
        counts = root**2 / 4 + third / 4 / root - 11 / 8 / root**2 + 5 * third / 8 / root**3 - 1 / 8
        counts = counts - ground / gain**2
        made: Image = (np.maximum(counts, 0.0) * gain + self.low).astype(np.float32)
        return made
