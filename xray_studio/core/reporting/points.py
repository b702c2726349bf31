"""From which probability on a report tells a finding, chosen on studies to learn from alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import interval_of
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.scores import auroc
from xray_studio.core.reporting.templates import TEMPLATES
from xray_studio.core.reporting.writing import Points

Values = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

_SEED: Final = 1
ABNORMAL: Final = ("cardiomegaly", "effusion", "opacity", "nodule")


@dataclass(frozen=True, slots=True)
class Choice:
    """What points have to keep to.

    A finding is told where `precision` of its sentences at least are right, and only where the
    lower end of the interval of its AUROC is above `area`. It is denied below the point under
    which at most `missed` of the films have it, and never above the probability `doubt`. At most
    `unnoticed` of the films that show one of `ABNORMAL` get a draft in which nothing is told.
    """

    precision: float = 0.15
    area: float = 0.55
    missed: float = 0.05
    doubt: float = 0.1
    unnoticed: float = 0.08


def chosen_points(
    chances: Mapping[str, Values],
    truth: Mapping[str, Truth],
    owners: Sequence[str],
    how: Choice | None = None,
) -> Points:
    """Return points from probabilities and truth (studies,) of each finding; `owners` of studies.

    Probabilities are also those of "normal".

    A finding is told from where the harmonic mean of precision and sensitivity (F1) is best.
    """
    asked = how or Choice()
    mention, absent = dict[str, float](), dict[str, float]()
    for name in TEMPLATES:
        if name in chances and _can_be_told(chances[name], truth[name], owners, asked.area):
            point = best_f1(chances[name], truth[name], asked.precision)
            if point is not None:
                mention[name] = round(point, 4)
                low = denied_below(chances[name], truth[name], asked.missed)
                absent[name] = round(min(low, point, asked.doubt), 4)
    points = Points(mention, absent)
    return replace(points, normal=_normal(chances, truth, points, asked.unnoticed))


def _normal(
    chances: Mapping[str, Values], truth: Mapping[str, Truth], points: Points, unnoticed: float
) -> float:
    """Return from which probability of "normal" on a draft may tell nothing."""
    silent = np.ones(len(chances[NORMAL]), np.bool_)
    for name, point in points.mention.items():
        silent &= chances[name] < point
    abnormal = np.logical_or.reduce([truth[name] for name in ABNORMAL])
    allowed = int(unnoticed * abnormal.sum())
    left = np.sort(chances[NORMAL][silent & abnormal])[::-1]
    return round(float(np.nextafter(left[allowed], 2.0)), 4) + 1e-4 if len(left) > allowed else 0.0


def _can_be_told(chances: Values, truth: Truth, owners: Sequence[str], least: float) -> bool:
    """Tell whether a finding is told better than by chance, by drawing studies anew."""
    if truth.all() or not truth.any():
        return False
    ends = interval_of(lambda weights: auroc(chances, truth, weights), owners, _SEED)
    return ends is not None and ends[0] > least


def best_f1(chances: Values, truth: Truth, precision: float = 0.0) -> float | None:
    """Return from which probability on F1 is best where the precision is enough, else None."""
    order = np.argsort(-chances, kind="stable")
    values, right = chances[order], np.cumsum(truth[order])
    told = np.arange(1, len(values) + 1)
    scores = 2.0 * right / (told + truth.sum())
    ends = np.append(np.diff(values) != 0.0, True)
    scores[~ends | (right < precision * told) | (right == 0)] = -1.0
    best = int(scores.argmax())
    if scores[best] < 0.0:
        return None
    return float((values[best] + values[min(best + 1, len(values) - 1)]) / 2.0)


def denied_below(chances: Values, truth: Truth, missed: float) -> float:
    """Return the highest probability below which at most a share of `missed` has the finding."""
    order = np.argsort(chances, kind="stable")
    shares = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(chances[order]) != 0.0, True)
    fine = np.flatnonzero((shares <= missed) & ends)
    return float(np.nextafter(chances[order][fine[-1]], 2.0)) if len(fine) else 0.0
