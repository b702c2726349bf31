"""Intervals by drawing owners anew: patients or studies, never films, which are not independent.

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

RESAMPLINGS: Final = 2000
LEAST_OWNERS: Final = 3  # fewer cannot tell how far they scatter
_ENDS: Final = (2.5, 97.5)

Weights = npt.NDArray[np.int64]
Interval = list[float]


def weights(owners: Sequence[str], seed: int, count: int = RESAMPLINGS) -> Weights | None:
    """Return how often each thing is drawn, (count, things), when owners are drawn anew.

    All things of an owner are drawn as often. None for fewer than three owners.
    """
    known, places = np.unique(np.array(owners), return_inverse=True)
    if len(known) < LEAST_OWNERS:
        return None
    drawn = np.random.default_rng(seed).integers(0, len(known), (count, len(known)))
    offsets = np.arange(count)[:, None] * len(known)
    often = np.bincount((drawn + offsets).ravel(), minlength=count * len(known))
    return often.reshape(count, len(known)).astype(np.int64)[:, places]


def interval(values: Sequence[float], owners: Sequence[str], seed: int) -> Interval | None:
    """Return the 95 % interval of the mean of values; None for fewer than three owners."""
    drawn = weights(owners, seed)
    return None if drawn is None else ends(drawn @ np.array(values) / drawn.sum(axis=1))


def interval_of(
    score: Callable[[Weights], npt.NDArray[np.float64]], owners: Sequence[str], seed: int
) -> Interval | None:
    """Return the 95 % interval of a score that takes weights (draws, things).

    Draws for which there is no score (NaN: none of a kind was drawn) do not count. None for fewer
    than three owners, and where no draw has a score.
    """
    drawn = weights(owners, seed)
    found = np.array([]) if drawn is None else score(drawn)
    found = found[~np.isnan(found)]
    return ends(found) if len(found) else None


def ends(values: npt.NDArray[np.float64]) -> Interval:
    """Return the ends of the middle 95 % of values."""
    return [float(end) for end in np.percentile(values, _ENDS)]
