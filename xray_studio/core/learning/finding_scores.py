"""How well findings are told: areas under curves within each part, their means and intervals.

A part is what one network judges: in cross-validation each fold has a network of its own, whose
numbers are not compared with those of another. Areas are the share of pairs, a positive and a
negative of one part, that are in the right order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import Interval, draws, ends_of
from xray_studio.core.learning.scores import auroc

POSITIVES: Final = 18  # in each part, for a label to count in the mean

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Scores and truth (studies, labels), truth NaN where nobody looked; parts and owners."""

    scores: Values
    truth: Values
    parts: Numbers
    owners: Sequence[str]

    def counted(self) -> list[int]:
        """Return the labels that have positives enough in each part."""
        kinds = np.unique(self.parts)
        counts = np.array([np.nansum(self.truth[self.parts == part], axis=0) for part in kinds])
        return [int(n) for n in np.flatnonzero((counts >= POSITIVES).all(axis=0))]

    def area(self, label: int, weights: npt.ArrayLike | None = None) -> Values:
        """Return the area of a label, one for each row of weights (draws, studies); else NaN."""
        rows = np.ones((1, len(self.parts))) if weights is None else np.asarray(weights)
        right, pairs = np.zeros(len(rows)), np.zeros(len(rows))
        for part in np.unique(self.parts):
            own = (self.parts == part) & ~np.isnan(self.truth[:, label])
            yes, some = self.truth[own, label] > 0.5, rows[:, own]
            count = some[:, yes].sum(axis=1) * some[:, ~yes].sum(axis=1)
            if count.any():
                areas = auroc(self.scores[own, label], yes, some)
                right += np.where(count > 0, areas * count, 0.0)
                pairs += count
        found: Values = np.full(len(rows), np.nan)
        np.divide(right, pairs, out=found, where=pairs > 0)
        return found


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas of labels by number, their mean over labels that count, and 95 % intervals."""

    labels: dict[int, float]
    intervals: dict[int, Interval | None]
    mean: float | None
    mean_interval: Interval | None


def areas(judged: Judged, counted: Sequence[int], seed: int, *, each: bool = True) -> Areas:
    """Return the areas of all labels, and their mean over those `counted`.

    Intervals come from drawing owners anew 2,000 times; without `each` only that of the mean and of
    the first label.
    """
    count = judged.truth.shape[1]
    plain = {n: float(judged.area(n)[0]) for n in range(count)}
    plain = {n: value for n, value in plain.items() if not np.isnan(value)}
    wanted = list(plain) if each else sorted({0, *counted} & set(plain))
    blocks = [
        np.stack([judged.area(n, block) for n in wanted], axis=1)
        for block in draws(judged.owners, seed)
    ] if wanted else []  # fmt: skip
    drawn = np.concatenate(blocks) if blocks else np.zeros((0, len(wanted)))
    places = [wanted.index(n) for n in counted if n in wanted]
    mean = float(np.mean([plain[n] for n in counted])) if places else None
    return Areas(
        plain,
        {n: ends_of(drawn[:, place]) for place, n in enumerate(wanted)},
        mean,
        ends_of(drawn[:, places].mean(axis=1)) if places else None,
    )
