"""A threshold from the scores of one clip alone, after Otsu."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from xray_studio.core.anomaly.detection import OTSU, Detection, ScoreMap, Threshold

_BINS: Final = 256


def by_otsu(found: Detection) -> Threshold | None:
    """Return the threshold that parts the scores of a detection best; None where all are alike."""
    value = otsu(found.maps)
    return None if value is None else Threshold(value, OTSU)


def otsu(maps: Iterable[ScoreMap]) -> float | None:
    """Return the score that parts all scores of maps into two groups as unlike as can be.

    (Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979.) It always parts them,
    whether or not anything is there. None where all fall into one of 256 bins.
    """
    counts = np.zeros(_BINS, np.int64)
    for one in maps:
        counts += np.histogram(one.values, _BINS, (0.0, 1.0))[0]
    if np.count_nonzero(counts) < 2:
        return None
    middles = (np.arange(_BINS) + 0.5) / _BINS
    weight = np.cumsum(counts)[:-1].astype(np.float64)
    total = np.cumsum(counts * middles)
    rest = counts.sum() - weight
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = weight * rest * (total[:-1] / weight - (total[-1] - total[:-1]) / rest) ** 2
    apart = np.nan_to_num(apart)
    best = np.flatnonzero(apart >= apart.max() * (1.0 - 1e-12))  # a plateau where bins are empty
    return float((best.mean() + 1.0) / _BINS)
