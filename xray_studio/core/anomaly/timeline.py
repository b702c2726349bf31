"""Frames that stand out: the peaks of the scores of a loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def peaks(scores: Sequence[float], threshold: float) -> list[int]:
    """Return the frames (from 0) at which scores are highest, one for each run of them.

    A run is of frames that follow one another and reach the threshold; of equal ones the first is
    taken.
    """
    values = np.asarray(scores, np.float64)
    over = np.concatenate([[False], values >= threshold, [False]])
    starts, ends = np.flatnonzero(~over[:-1] & over[1:]), np.flatnonzero(over[:-1] & ~over[1:])
    return [int(a + values[a:b].argmax()) for a, b in zip(starts, ends, strict=True)]
