"""Frames at unequal distances at the moments of one rate: which stands where, and which rate.

DICOM's videos have one rate. At a rate that is too low frames fall away, so the lowest one is
taken at which each frame stands at some moment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

_COMMON: Final = tuple(Fraction(rate) for rate in (24, 25, 30, 48, 50, 60))
_TIMES: Final = 8  # as fast as usual
_ROUNDING: Final = 0.25  # of a distance


def standing(times: Sequence[float], rate: Fraction) -> list[int]:
    """Return the number of the frame (from 0) that stands at each moment of a constant rate.

    `times` are the moments of frames in seconds, rising from 0.
    """
    step, stamps = 1.0 / float(rate), np.array(times)
    # Stamps are rounded, so that a moment may lie a hair before the frame that stands there.
    moments = np.arange(math.ceil(stamps[-1] / step - _ROUNDING) + 1) * step
    found = np.searchsorted(stamps, moments + _ROUNDING * step, side="right") - 1
    return [int(number) for number in found]


def even_rate(times: Sequence[float], usual: Fraction, most: Fraction) -> Fraction:
    """Return the lowest rate at which every frame stands somewhere, `most` where there is none.

    It is `usual`, a multiple of it, so that distances stay even, or a common rate.
    """
    multiples = (usual * factor for factor in range(1, _TIMES + 1))
    for rate in (*multiples, *(one for one in _COMMON if one > usual)):
        if rate <= most and not fallen(times, rate):
            return rate
    return most


def fallen(times: Sequence[float], rate: Fraction) -> int:
    """Return how many frames stand at no moment of a constant rate."""
    return len(times) - len(set(standing(times, rate)))
