"""How well a model tells one from the other, how true its probabilities are, how regions agree.

Scores take weights, one row for each draw of a bootstrap, so that all draws need one sorting.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Mask = npt.NDArray[np.bool_]

BINS: Final = 15
_DRAWS: Final = 1000
_BAND: Final = (5.0, 95.0)  # per cent: the middle 90 of what chance does to a calibrated model


def auroc(scores: Scores, truth: Truth, weights: npt.ArrayLike | None = None) -> Scores:
    """Return the area under the receiver operating characteristic, one for each row of weights.

    That is the share of pairs of a positive and a negative in which the positive has the higher
    score, ties as half (Hanley and McNeil, Radiology 143, 1982). NaN where there are only
    positives or only negatives. `scores` and `truth` are (things,), `weights` (draws, things);
    without them each thing counts once and the answer has one number.
    """
    positive, negative = _by_score(scores, truth, weights)
    below = np.cumsum(negative, axis=1) - negative
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return _share((positive * (below + 0.5 * negative)).sum(axis=1), pairs)


def auprc(scores: Scores, truth: Truth, weights: npt.ArrayLike | None = None) -> Scores:
    """Return the average precision: the area under precision over recall, without interpolation.

    The mean of the precision at each positive (Manning et al., "Introduction to Information
    Retrieval", 8.4). A model that knows nothing has the share of positives. Shapes as for `auroc`.
    """
    positive, negative = (part[:, ::-1] for part in _by_score(scores, truth, weights))
    found = np.cumsum(positive, axis=1)
    called = found + np.cumsum(negative, axis=1)
    precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
    return _share((positive * precision).sum(axis=1), positive.sum(axis=1))


def _by_score(scores: Scores, truth: Truth, weights: npt.ArrayLike | None) -> tuple[Scores, Scores]:
    """Return the weights of positives and of negatives at each score, lowest first."""
    rows = np.ones((1, len(scores))) if weights is None else np.asarray(weights, np.float64)
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=np.nan) != 0.0)
    rows, is_true = rows[:, order], np.asarray(truth, bool)[order]
    positive = np.add.reduceat(rows * is_true, starts, axis=1)
    return positive, np.add.reduceat(rows, starts, axis=1) - positive


def _share(part: Scores, whole: Scores) -> Scores:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def calibration_error(probabilities: Scores, truth: Truth, bins: int = BINS) -> float:
    """Return the expected calibration error: how far probabilities are from how often it is true.

    The mean distance over bins of equal width (Guo et al., "On Calibration of Modern Neural
    Networks", ICML 2017). Of several labels, (things, labels), it is the mean of theirs.
    """
    columns = probabilities.reshape(len(probabilities), -1).T
    answers = np.asarray(truth, np.float64).reshape(len(probabilities), -1).T
    return float(np.mean([_error(*pair, bins) for pair in zip(columns, answers, strict=True)]))


def _error(probabilities: Scores, answers: Scores, bins: int) -> float:
    places = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(places, probabilities - answers, bins)
    return float(np.abs(gaps).sum() / len(probabilities))


def calibrated_band(
    probabilities: Scores, seed: int, bins: int = BINS, draws: int = _DRAWS
) -> tuple[float, float]:
    """Return the middle 90 % of the calibration error of a model that is calibrated.

    Truth is drawn from the probabilities themselves: so far from 0 chance alone takes the error of
    so few things.
    """
    chance = np.random.default_rng(seed)
    found = [
        calibration_error(probabilities, chance.random(probabilities.shape) < probabilities, bins)
        for _ in range(draws)
    ]
    low, high = np.percentile(found, _BAND)
    return float(low), float(high)


def rank_correlation(one: Scores, other: Scores) -> float:
    """Return the rank correlation of two pictures of one shape, -1 to 1 (Spearman, 1904).

    Equal values share the mean of their ranks; 0 where all values of either are equal.
    """
    ranks = [_ranks(values) for values in (one, other)]
    flat = [values - values.mean() for values in ranks]
    power = float(np.sqrt((flat[0] ** 2).sum() * (flat[1] ** 2).sum()))
    return float((flat[0] * flat[1]).sum()) / power if power > 0.0 else 0.0


def _ranks(values: Scores) -> Scores:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - 0.5 * (counts - 1.0))[places.ravel()], np.float64)


def dice(one: Mask, other: Mask) -> float:
    """Return twice what two masks share over what they have; 1 where both are empty."""
    whole = int(one.sum()) + int(other.sum())
    return 2.0 * int((one & other).sum()) / whole if whole else 1.0


def overlap(one: Mask, other: Mask) -> float:
    """Return the intersection of two masks over their union; 1 where both are empty."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 1.0
