"""From outputs of networks for single films to calibrated probabilities of a study.

Outputs of films of one view are averaged, then those of both views; a line for each finding makes
them the logarithm of the odds that come true (Platt, "Probabilistic Outputs for Support Vector
Machines", 1999).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SEEN: Final = ("frontal", "lateral", "both")  # what a study is judged by
_STRENGTH: Final = (20.0, 4.0)  # how much slopes and shifts are held to those of all findings
_STEPS: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Slopes and shifts (labels,) by which outputs become probabilities, for each of `SEEN`."""

    slopes: Mapping[str, Numbers]
    shifts: Mapping[str, Numbers]

    def logits(self, outputs: Numbers, seen: str) -> Numbers:
        """Return the logarithm of odds from outputs (studies, labels)."""
        return np.asarray(outputs * self.slopes[seen] + self.shifts[seen], np.float64)


def joined(frontal: Numbers | None, lateral: Numbers | None) -> tuple[Numbers, str]:
    """Return the outputs (studies, labels) of studies, and by what they are judged.

    Raises ValueError where there is neither view.
    """
    if frontal is not None and lateral is not None:
        return (frontal + lateral) / 2.0, "both"
    if frontal is not None:
        return frontal, "frontal"
    if lateral is None:
        raise ValueError("neither view")
    return lateral, "lateral"


def probabilities(logits: Numbers) -> Numbers:
    """Return probabilities, 0 to 1, from logarithms of odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), np.float64)


def fitted(outputs: Numbers, truth: Numbers) -> tuple[Numbers, Numbers]:
    """Return the slope and the shift of each label from outputs and truth (studies, labels).

    `truth` is 1, 0, or NaN where nobody looked. First one slope and one shift are found for all
    labels together; each label departs from them only as far as its studies tell clearly.
    """
    known = ~np.isnan(truth)
    slope, shift = _line(outputs[known], truth[known], (1.0, 0.0), (1.0, 1.0))
    lines = [
        _line(outputs[known[:, n], n], truth[known[:, n], n], (slope, shift), _STRENGTH)
        for n in range(outputs.shape[1])
    ]
    return np.array([one for one, _ in lines]), np.array([other for _, other in lines])


def _line(
    outputs: Numbers, truth: Numbers, prior: Sequence[float], strength: Sequence[float]
) -> tuple[float, float]:
    """Return slope and shift: logistic regression held to `prior`, by Newton's method."""
    values = np.stack([outputs, np.ones_like(outputs)], axis=1)
    centre, hold = np.array(prior), np.diag(strength)
    found = centre.copy()
    for _ in range(_STEPS):
        chances = probabilities(values @ found)
        slope = values.T @ (chances - truth) + hold @ (found - centre)
        bend = (values * (chances * (1.0 - chances))[:, None]).T @ values + hold
        step = np.linalg.solve(bend, slope)
        found = found - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(found[0]), float(found[1])
