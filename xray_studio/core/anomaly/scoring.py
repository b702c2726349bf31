"""How well maps mark what was marked by people: areas, overlap and peaks.

Scores of places are counted in bins, so that the draws of a bootstrap need no sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import Interval, interval_of

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]

BINS: Final = 400
_FALSE: Final = 0.3  # share of places falsely marked up to which regions are judged


@dataclass(frozen=True, slots=True, eq=False)
class MarkedFilm:
    """A map of a film, what people marked in it, and where both count: (rows, columns) each.

    `regions` numbers the marked regions from 1; 0 is none. `owner` is the patient.
    """

    scores: npt.NDArray[np.floating]
    regions: npt.NDArray[np.int32]
    counted: Mask
    owner: str

    @property
    def lesion(self) -> Mask:
        """Return what is marked."""
        return np.asarray(self.regions > 0, np.bool_)


def pixel_auroc(films: Sequence[MarkedFilm], seed: int) -> tuple[float | None, Interval | None]:
    """Return the area under the curve of places of all films, and its interval by patient.

    None where there are only marked places, or none.
    """
    edges = _edges(films)
    counts = np.stack([_counted(one, edges) for one in films]).astype(np.float64)

    def areas(weights: npt.NDArray[np.int64]) -> Values:
        summed = np.tensordot(weights.astype(np.float64), counts, axes=1)
        return _area(summed[:, 0], summed[:, 1])

    plain = float(areas(np.ones((1, len(films)), np.int64))[0])
    if np.isnan(plain):
        return None, None
    return plain, interval_of(areas, [one.owner for one in films], seed)


def region_overlap(films: Sequence[MarkedFilm]) -> float | None:
    """Return the area under the mean share of each marked region over falsely marked places.

    Up to a share of 0.3, over which the area is divided (Bergmann et al., "The MVTec anomaly
    detection dataset", International Journal of Computer Vision 129, 2021). None where nothing is
    marked.
    """
    edges = _edges(films)[::-1]
    normal = np.concatenate([one.scores[one.counted & ~one.lesion] for one in films])
    regions = [
        one.scores[one.counted & (one.regions == number)]
        for one in films
        for number in range(1, int(one.regions.max(initial=0)) + 1)
    ]
    regions = [one for one in regions if one.size]
    if not regions or not normal.size:
        return None
    false = _share_over(normal, edges)
    found = np.mean([_share_over(one, edges) for one in regions], axis=0)
    line = np.linspace(0.0, _FALSE, 200)
    return float(np.interp(line, [0.0, *false], [0.0, *found]).mean())


def _share_over(values: npt.NDArray[np.floating], edges: Values) -> Values:
    ordered = np.sort(values)
    return 1.0 - np.searchsorted(ordered, edges, side="left") / len(ordered)


def thresholds(films: Sequence[MarkedFilm], count: int = 60) -> Values:
    """Return scores that are tried as thresholds: quantiles of the places that count."""
    whole = np.concatenate([one.scores[one.counted] for one in films])
    return np.unique(np.quantile(whole, np.linspace(0.0, 0.995, count)))


def is_peak_inside(
    scores: npt.NDArray[np.floating], boxes: Sequence[tuple[float, float, float, float]]
) -> bool:
    """Tell whether the highest place lies in a box: left, top, width, height, as shares."""
    rows, columns = scores.shape
    row, column = np.unravel_index(int(np.argmax(scores)), scores.shape)
    down, right = (int(row) + 0.5) / rows, (int(column) + 0.5) / columns
    return any(x <= right <= x + w and y <= down <= y + h for x, y, w, h in boxes)


def best_point(boxes: Sequence[Sequence[tuple[float, float, float, float]]], side: int) -> Values:
    """Return a map (side, side) whose highest place lies in boxes of most films."""
    found = np.zeros((side, side))
    line = (np.arange(side) + 0.5) / side
    for own in boxes:
        hit = np.zeros((side, side), np.bool_)
        for x, y, w, h in own:
            down, right = (line >= y) & (line <= y + h), (line >= x) & (line <= x + w)
            hit |= down[:, None] & right[None]
        found += hit
    return found


def _edges(films: Sequence[MarkedFilm]) -> Values:
    whole = np.concatenate([one.scores[one.counted] for one in films])
    return np.unique(np.quantile(whole.astype(np.float64), np.linspace(0.0, 1.0, BINS)))


def _counted(film: MarkedFilm, edges: Values) -> npt.NDArray[np.int64]:
    """Return how many marked and other places have a score in each bin, (2, bins)."""
    places = np.searchsorted(edges, film.scores[film.counted])
    marked = film.lesion[film.counted]
    count = len(edges) + 1
    return np.stack([np.bincount(places[part], minlength=count) for part in (marked, ~marked)])


def _area(positive: Values, negative: Values) -> Values:
    """Return areas of counts by bin, (draws, bins) each, ties as half."""
    below = np.cumsum(negative, axis=1) - negative
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    right = (positive * (below + 0.5 * negative)).sum(axis=1)
    found: Values = np.full_like(pairs, np.nan)
    np.divide(right, pairs, out=found, where=pairs > 0)
    return found
