"""What needs no network: findings from how bright a film is, and from films that look alike.

Each is learned in the folds of the studies that are judged, from all but the fold itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging.squash import squashed

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

_SMALL: Final = InputSpec(rows=32, columns=32)  # at which films are compared
_NEIGHBOURS: Final = 50  # at most, and a tenth of the studies


def baselines(films: Squashed, truth: Values, folds: Numbers) -> dict[str, Values]:
    """Return scores (studies, labels) by name, from one frontal film of each study.

    `films` are uint8 (studies, rows, columns), `truth` (studies, labels) with NaN where nobody
    looked.
    """
    return {
        "prevalence": np.zeros_like(truth),
        "mean intensity": _by_intensity(films, truth, folds),
        "nearest neighbours": _by_neighbours(films, truth, folds),
    }


def _by_intensity(films: Squashed, truth: Values, folds: Numbers) -> Values:
    """Return how bright each film is, with the sign that fits the other folds."""
    bright = np.array([film.mean() for film in films])
    found = np.zeros_like(truth)
    for fold in np.unique(folds):
        own, others = folds == fold, folds != fold
        rest, known = truth[others], ~np.isnan(truth[others])
        apart = bright[others, None] - bright[others].mean() if others.any() else np.zeros((0, 1))
        moments = np.where(known, rest * apart, 0.0).sum(axis=0)
        found[own] = bright[own, None] * np.where(moments < 0.0, -1.0, 1.0)
    return found


def _by_neighbours(films: Squashed, truth: Values, folds: Numbers) -> Values:
    """Return how many of the most alike films of other folds have the finding, as a share."""
    small = np.stack([squashed(film, _SMALL).ravel() for film in films]).astype(np.float32)
    small -= small.mean(axis=1, keepdims=True)
    small /= np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-6)
    found = np.zeros_like(truth)
    for fold in np.unique(folds):
        own, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if len(others):
            alike = small[own] @ small[others].T
            count = max(1, min(_NEIGHBOURS, len(others) // 10))
            nearest = np.argsort(-alike, axis=1, kind="stable")[:, :count]
            found[own] = _shares(truth[others][nearest])
    return found


def _shares(truth: Values) -> Values:
    """Return the share of positives among neighbours (studies, neighbours, labels) that tell."""
    known = ~np.isnan(truth)
    told = np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.where(known, truth, 0.0).sum(axis=1) / told, np.float64)
