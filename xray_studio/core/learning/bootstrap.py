"""Intervals by drawing owners anew: patients or studies, never films, which are not independent.

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

RESAMPLINGS: Final = 2000
LEAST_OWNERS: Final = 3  # fewer cannot tell how far they scatter
_ENDS: Final = (2.5, 97.5)
_BLOCK: Final = 1 << 22  # weights at once, 32 MB

Weights = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Interval = list[float]


def draws(owners: Sequence[str], seed: int, count: int = RESAMPLINGS) -> Iterator[Weights]:
    """Yield how often each thing is drawn when owners are drawn anew, blocks of (draws, things).

    All things of an owner are drawn as often. Nothing for fewer than three owners.
    """
    known, places = np.unique(np.array(owners), return_inverse=True)
    if len(known) < LEAST_OWNERS:
        return
    chance = np.random.default_rng(seed)
    while count > 0:
        block = min(count, max(1, _BLOCK // len(owners)))
        drawn = chance.integers(0, len(known), (block, len(known)))
        numbers = drawn + np.arange(block)[:, None] * len(known)
        often = np.bincount(numbers.ravel(), minlength=block * len(known))
        yield often.reshape(block, len(known))[:, places]
        count -= block


def interval_of(
    score: Callable[[Weights], Values], owners: Sequence[str], seed: int
) -> Interval | None:
    """Return the 95 % interval of a score of weighted things, (draws, things) to (draws,).

    Draws for which there is no score (NaN: none of a kind was drawn) do not count. None for fewer
    than three owners, and where no draw has a score.
    """
    found = [score(block) for block in draws(owners, seed)]
    return ends_of(np.concatenate(found) if found else np.array([]))


def ends_of(values: Values) -> Interval | None:
    """Return the 95 % interval of scores of draws, without those that are NaN; else None."""
    known = values[~np.isnan(values)]
    return [float(end) for end in np.percentile(known, _ENDS)] if len(known) else None


def interval(values: Sequence[float], owners: Sequence[str], seed: int) -> Interval | None:
    """Return the 95 % interval of the mean of values; None for fewer than three owners."""
    known = np.array(values, np.float64)
    return interval_of(lambda weights: weights @ known / weights.sum(axis=1), owners, seed)
