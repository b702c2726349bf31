"""Operating points: from which probability on a finding counts."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

SENSITIVITY: Final = 0.9
LEAST: Final = 0.1


def counting_point(chances: Scores, truth: Truth) -> float:
    """Return the calibrated probability from which on a finding counts as seen.

    The best point, but at least `LEAST`: that of a rare finding which is told badly lies at a few
    per cent, and nearly all films that reach it have nothing. Raises ValueError where there are
    only positives or only negatives.
    """
    return max(best_point(chances, truth), LEAST)


def best_point(scores: Scores, truth: Truth) -> float:
    """Return the score from which on positives are told best: sensitivity + specificity - 1.

    Youden, "Index for rating diagnostic tests", Cancer 3, 1950. It lies half-way to the next lower
    score. Raises ValueError where there are only positives or only negatives.
    """
    _check(truth)
    order = np.argsort(-scores, kind="stable")
    values, yes = scores[order], truth[order]
    gains = np.cumsum(yes) / yes.sum() - np.cumsum(~yes) / (~yes).sum()
    ends = np.append(np.diff(values) != 0.0, True)  # between equal scores there is no point
    gains[~ends] = -2.0
    return _between(values, int(gains.argmax()))


def sensitive_point(scores: Scores, truth: Truth, least: float = SENSITIVITY) -> float:
    """Return the highest score that a share of `least` of the positives reaches.

    Raises ValueError where there are only positives or only negatives.
    """
    _check(truth)
    positives = np.sort(scores[truth])
    return float(positives[int(np.floor(len(positives) * (1.0 - least) + 1e-9))])


def _between(values: Scores, number: int) -> float:
    following = values[min(number + 1, len(values) - 1)]
    return float((values[number] + following) / 2.0)


def _check(truth: Truth) -> None:
    if truth.all() or not truth.any():
        raise ValueError("only one kind")
