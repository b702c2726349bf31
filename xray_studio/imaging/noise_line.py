"""The line that variances of noise lie on, among others that structure has made larger.

The logarithm of the variance of a block of noise is met most often at the variance itself (the
mode of a log-gamma distribution is the logarithm of its mean), whatever part of the blocks holds
structure, as long as that differs from block to block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Noise

_LEAST: Final = 12  # blocks that can tell anything
_RANGES: Final = 24  # of means
_IN_RANGE: Final = 24  # blocks of a range, at least
_MOST: Final = 1500  # values among which the most frequent one is looked for
_NARROWEST: Final = 0.15  # deviation of the logarithms of variances of noise, at least
_NEAR: Final = 0.4  # in logarithms of variances
_ROUNDS: Final = 12
_Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """`means` (n,) of blocks of pictures and `variances` (kinds, n) in them, all above 0."""

    means: _Line
    variances: _Line

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Return the blocks of several pictures."""
        if not parts:
            return cls(np.zeros(0), np.zeros((1, 0)))
        return cls(
            np.concatenate([part.means for part in parts]),
            np.concatenate([part.variances for part in parts], axis=1),
        )

    @property
    def enough(self) -> bool:
        """Tell whether a line can be laid through them."""
        return len(self.means) >= _LEAST


def most_frequent(values: _Line) -> float:
    """Return the value (of n, at least one) near which most others lie."""
    some = np.sort(values)[:: -(-len(values) // _MOST)]
    width = _width(some)
    near = np.exp(-0.5 * ((some[:, None] - some[None]) / width) ** 2)
    found = float(some[int(np.argmax(near.sum(axis=1)))])
    for _ in range(_ROUNDS):
        weights = np.exp(-0.5 * ((values - found) / width) ** 2)
        found = float((weights * values).sum() / weights.sum())
    return found


def line_through(means: _Line, variances: _Line) -> Noise:
    """Return the line through the variances of blocks that hold nothing but noise."""
    logarithms = np.log(variances)
    level = Noise(0.0, float(np.exp(most_frequent(logarithms))))
    if np.ptp(means) < 1e-6 * max(1.0, float(np.abs(means).max())):
        return level
    places, found = _by_range(means, logarithms)
    line = _laid(places, np.exp(found), np.exp(-2.0 * found))
    for turn in range(_ROUNDS):
        foreseen = np.maximum(line[0] * means + line[1], 1e-3 * level.ground)
        away = logarithms - np.log(foreseen)
        width = max(_width(away), 0.6 * (1.0 - turn / _ROUNDS))
        weights = np.exp(-0.5 * (away / width) ** 2) / foreseen**2
        line = _laid(means, variances, weights)
    gain, ground = line
    # A gain that adds next to nothing over the range is none.
    return Noise(gain, ground) if gain * np.ptp(means) > 0.02 * level.ground else level


def share_near(line: Noise, means: _Line, variances: _Line) -> float:
    """Return the part of blocks whose variance is that of the line, or nearly."""
    foreseen = np.maximum(line.gain * means + line.ground, 1e-12 * variances.max())
    return float((np.abs(np.log(variances / foreseen)) < _NEAR).mean())


def _width(values: _Line) -> float:
    """Return the deviation of values about their peak by what lies below it."""
    below, middle = np.quantile(values, (0.1, 0.3))
    return max(float(middle - below), _NARROWEST)


def _by_range(means: _Line, logarithms: _Line) -> tuple[_Line, _Line]:
    """Return the middle of each range of means, and the logarithm met most often there."""
    order = np.argsort(means, kind="stable")
    parts = np.array_split(order, int(np.clip(len(order) // _IN_RANGE, 1, _RANGES)))
    places = [float(means[part].mean()) for part in parts]
    return np.array(places), np.array([most_frequent(logarithms[part]) for part in parts])


def _laid(places: _Line, values: _Line, weights: _Line) -> tuple[float, float]:
    """Return slope and height of the weighted line, neither falling nor below 0 at its start."""
    total = weights.sum()
    middle, height = (weights @ places) / total, (weights @ values) / total
    away = places - middle
    spread = float(weights @ away**2)
    slope = max(float(weights @ (away * (values - height))) / max(spread, 1e-300), 0.0)
    start = float(places.min())
    if height + slope * (start - middle) < 0.0:
        slope = float(height / (middle - start))
    return slope, float(height - slope * middle)
