"""From outputs of networks for single films to calibrated probabilities of a study.

Outputs of films of one view are averaged. Each view then counts by a slope of its own, with a shift
for each finding, so that sums are the logarithm of odds that come true: logistic regression (Platt,
"Probabilistic Outputs for Support Vector Machines", 1999), held to what fits all findings together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

VIEWS: Final = ("frontal", "lateral")
SEEN: Final[Mapping[str, tuple[str, ...]]] = {  # what a study is judged by, and its views
    "frontal": VIEWS[:1], "lateral": VIEWS[1:], "both": VIEWS,
}  # fmt: skip
_STRENGTH: Final = (40.0, 1.0)  # how much slopes and shift are held to those of all findings
_WEAK: Final = 1.0  # how much those of all findings are held to what they were before
_STEPS: Final = 50
_FARTHEST: Final = 30.0  # shift
_RAREST: Final = 0.0005


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Slopes (labels, views) and shifts (labels,) for each of `SEEN`, views as told there."""

    slopes: Mapping[str, Numbers]
    shifts: Mapping[str, Numbers]

    def logits(self, frontal: Numbers | None, lateral: Numbers | None) -> Numbers:
        """Return the logarithm of odds from outputs (..., labels) of one view or of both."""
        seen = seen_by(frontal, lateral)
        given = [one for one in (frontal, lateral) if one is not None]
        told = np.stack(given, axis=-1) * self.slopes[seen]
        return np.asarray(told.sum(axis=-1) + self.shifts[seen], np.float64)

    def slope(self, view: str, seen: str) -> Numbers:
        """Return by what the mean output of a view counts (labels,) where studies are `seen` so."""
        return self.slopes[seen][:, SEEN[seen].index(view)]


def unchanged(labels: int) -> Calibration:
    """Return what leaves outputs as they are; those of two views become their mean."""
    slopes = {seen: np.full((labels, len(views)), 1.0 / len(views)) for seen, views in SEEN.items()}
    return Calibration(slopes, {seen: np.zeros(labels) for seen in SEEN})


def seen_by(frontal: Numbers | None, lateral: Numbers | None) -> str:
    """Return by what a study is judged. Raises ValueError where there is neither view."""
    if frontal is None and lateral is None:
        raise ValueError("neither view")
    return "lateral" if frontal is None else "frontal" if lateral is None else "both"


def probabilities(logits: Numbers) -> Numbers:
    """Return probabilities, 0 to 1, from logarithms of odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), np.float64)


def fitted(outputs: Numbers, truth: Numbers, shares: Numbers) -> tuple[Numbers, Numbers]:
    """Return slopes (labels, views) and shifts (labels,) from outputs (studies, labels, views).

    `truth` (studies, labels) is 1, 0, or NaN where nobody looked. One line is found for all labels
    together, and each label departs from it only as far as its studies tell clearly. Shifts make
    the mean probability what `shares` (labels,) say: how often each label is true in many more
    studies than there are outputs of, which tells it better than these few.
    """
    known, views = ~np.isnan(truth), outputs.shape[2]
    before = np.append(np.full(views, 1.0 / views), 0.0)
    line = _line(outputs[known], truth[known], before, np.full(views + 1, _WEAK))
    hold = np.append(np.full(views, _STRENGTH[0]), _STRENGTH[1])
    slopes = np.stack([
        _line(outputs[known[:, n], n], truth[known[:, n], n], line, hold)[:-1]
        for n in range(outputs.shape[1])
    ])  # fmt: skip
    return slopes, _shifts((outputs * slopes).sum(axis=2), shares)


def _shifts(logits: Numbers, shares: Numbers) -> Numbers:
    """Return what is added to logits (studies, labels) for their mean probability, by halving."""
    wanted = np.clip(shares, _RAREST, 1.0 - _RAREST)
    low, high = np.full(len(wanted), -_FARTHEST), np.full(len(wanted), _FARTHEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        above = probabilities(logits + middle).mean(axis=0) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2.0, np.float64)


def _line(outputs: Numbers, truth: Numbers, prior: Numbers, hold: Numbers) -> Numbers:
    """Return slopes, and the shift behind them, of outputs (studies, views), by Newton's method.

    They are held to `prior`, each by its part of `hold`.
    """
    values = np.concatenate([outputs, np.ones((len(outputs), 1))], axis=1)
    found = prior.copy()
    for _ in range(_STEPS):
        chances = probabilities(values @ found)
        slope = values.T @ (chances - truth) + hold * (found - prior)
        bend = (values * (chances * (1.0 - chances))[:, None]).T @ values + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        found = found - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-9:
            break
    return np.asarray(found, np.float64)
