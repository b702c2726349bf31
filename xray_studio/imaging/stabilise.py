"""Variance stabilisation: Poisson and Gaussian noise made even, and back without bias.

The generalised Anscombe transform turns values whose noise has the variance gain * x + ground into
values whose noise has a variance near 1 (Starck, Murtagh, Bijaoui, "Image Processing and Data
Analysis", 1998). Its algebraic inverse is biased at low counts. The exact unbiased inverse gives
back the mean whose noise has this mean after the transform (Mäkitalo and Foi, "Optimal inversion of
the generalized Anscombe transformation for Poisson-Gaussian noise", IEEE Transactions on Image
Processing 22(1), 2013); it is tabulated here rather than taken in their closed form, which is off
by up to 0.4 % for counts near 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Noise
from xray_studio.core.step import Image
from xray_studio.imaging.bands import in_bands

_NO_NOISE: Final = 1e-6  # of the span: less than this counts as none
_EVEN: Final = 0.05  # noise that changes less over the span is even as it is
_FLAT: Final = 0.375  # Anscombe's constant: below it the root goes on as a straight line
_STILL: Final = 1e-3  # squared counts: Gaussian variance that is none
_MOST: Final = 50.0  # stabilised value from which the inverse needs no table
_BELOW: Final = 8.0  # deviations of the noise below the lowest mean that are in the table too
_ENTRIES: Final = 1 << 16  # as many as cv2.LUT wants for 16 bits
_Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stabiliser:
    """Forward to values whose noise has a deviation of 1, and back, for one noise and range."""

    noise: Noise
    low: float
    high: float

    @property
    def _span(self) -> float:
        return max(self.high - self.low, 1e-12)

    @property
    def _poisson(self) -> bool:
        """Tell whether noise grows with the value so much that the transform pays."""
        grown = self.noise.gain * self._span
        return grown > max(_EVEN * self._ground, (_NO_NOISE * self._span) ** 2)

    @property
    def _start(self) -> float:
        """The value from which noise grows: no variance is below 0."""
        gain = self.noise.gain
        return max(self.low, -self.noise.ground / gain) if gain > 0 else self.low

    @property
    def _ground(self) -> float:
        """Variance of the Gaussian part."""
        return self.noise.variance(self._start)

    @property
    def _deviation(self) -> float:
        """Deviation of noise that is even as it is."""
        middle = self.noise.variance(0.5 * (self.low + self.high))
        return max(float(middle**0.5), _NO_NOISE * self._span)

    @property
    def _shift(self) -> float:
        """Gaussian variance in squared counts; one count is as much of the value as the gain."""
        return self._ground / self.noise.gain**2

    def forward(self, values: Image) -> Image:
        """Return float32 values whose noise has a deviation of 1."""
        if not self._poisson:
            return values * np.float32(1.0 / self._deviation)
        part = 4.0 / self.noise.gain
        added = 4.0 * (_FLAT + self._shift) - part * self._start

        def root(band: Image, into: Image) -> None:
            _root(cv2.addWeighted(band, part, band, 0.0, added, dst=into))

        return in_bands(root, values)

    def expected(self, values: Image) -> Image:
        """Return the mean of stabilised noisy values, float32, whose own mean is given.

        To second order, which holds from some five quanta on; `back` gives the values again.
        """
        even = self.forward(values)
        if not self._poisson:
            return even
        return np.asarray(even - 0.5 / np.maximum(even, 1.0), np.float32)

    def back(self, even: Image) -> Image:
        """Return the values, float32, whose noise has this mean after `forward`."""
        if not self._poisson:
            return even * np.float32(self._deviation)
        inverse = _inverse(self._shift, self.noise.gain, self._start)
        return in_bands(lambda band, into: _squared(band, inverse, into), even)


def _root(inside: Any) -> None:
    """Put the square root in place, straight below 4 `_FLAT` so that nothing is cut off there."""
    least = np.float32(4.0 * _FLAT)
    if not inside.size or inside.min() >= least:
        np.sqrt(inside, out=inside)
        return
    below = np.minimum(inside - least, np.float32(0.0)) * np.float32(0.25 * _FLAT**-0.5)
    np.maximum(inside, least, out=inside)
    np.sqrt(inside, out=inside)
    inside += below


@dataclass(frozen=True, slots=True, eq=False)
class _Inverse:
    """The way back: even**2 * `part` + a table of what is added, straight below its first entry.

    The table holds a value for each of `scale` places a unit from `first` on.
    """

    part: float
    first: float
    scale: float
    table: Image
    slope: float

    @property
    def start(self) -> float:
        """The value that `first` stands for."""
        return self.part * self.first**2 + float(self.table[0])


def _squared(even: Image, inverse: _Inverse, into: Image) -> None:
    """Write the values behind stabilised ones `into` a picture."""
    # Rounds and keeps within 0 and 65,535 at once.
    places = cv2.addWeighted(
        even, inverse.scale, even, 0.0,
        -inverse.first * inverse.scale, dtype=cv2.CV_16U,
    )  # fmt: skip
    added = cv2.LUT(places, inverse.table)
    cv2.scaleAdd(cv2.multiply(even, even, dst=into), inverse.part, added, dst=into)
    if even.size and even.min() < inverse.first:
        below = even < np.float32(inverse.first)
        away = even[below] - np.float32(inverse.first)
        into[below] = np.float32(inverse.start) + away * np.float32(inverse.slope)


@lru_cache(maxsize=32)
def _inverse(shift: float, gain: float, start: float) -> _Inverse:
    """Return the way back for one noise; `shift` is its Gaussian variance in squared counts."""
    end = max((0.5 * _MOST) ** 2 - shift, 25.0)
    counts = np.concatenate([np.linspace(0.0, 5.0, 80), np.geomspace(5.0, end, 120)[1:]])
    mean = _mean_root(counts, shift)
    beyond = counts - mean**2 / 4
    rise = float((beyond[1] - beyond[0]) / (mean[1] - mean[0])) + 0.5 * float(mean[0])
    if shift < _STILL:  # values below the start have no noise: they come back as they were
        rise = _FLAT**0.5
    places = np.linspace(mean[0] - _BELOW, mean[-1], _ENTRIES)
    inside = np.maximum(places, mean[0])
    added = np.interp(inside, mean, beyond) + (inside**2 - places**2) / 4
    added = (added + (places - inside) * rise) * gain + start
    scale = float((_ENTRIES - 1) / (places[-1] - places[0]))
    return _Inverse(0.25 * gain, float(places[0]), scale, added.astype(np.float32), gain * rise)


def _mean_root(counts: _Line, shift: float) -> _Line:
    """Return the mean of stabilised Poisson counts with Gaussian noise of variance `shift`."""
    nodes = np.linspace(-6.0, 6.0, 121)
    weights = np.exp(-0.5 * nodes**2)
    weights /= weights.sum()
    most = int(counts[-1] + 12 * counts[-1] ** 0.5 + 30)
    number = np.arange(most + 1, dtype=np.float64)
    inside = number[:, None] + shift**0.5 * nodes + _FLAT + shift
    straight = np.minimum(inside - _FLAT, 0.0) * _FLAT**-0.5
    root = (2.0 * np.sqrt(np.maximum(inside, _FLAT)) + straight) @ weights
    factorial = np.concatenate([[0.0], np.cumsum(np.log(number[1:]))])
    least = np.maximum(counts, 1e-12)[:, None]
    chance = np.exp(number * np.log(least) - least - factorial)
    made: _Line = chance @ root
    return made
