"""Scores of maps against scikit-learn's, and against what can be told by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from xray_studio.core.anomaly.scoring import (
    MarkedFilm,
    best_point,
    is_peak_inside,
    pixel_auroc,
    region_overlap,
    thresholds,
)


def _film(seed: int, *, told: float) -> MarkedFilm:
    chance = np.random.default_rng(seed)
    regions = np.zeros((32, 32), np.int32)
    regions[4:12, 4:12], regions[20:26, 18:30] = 1, 2
    scores = chance.normal(size=(32, 32)) + told * (regions > 0)
    counted = np.ones((32, 32), np.bool_)
    counted[:2] = False
    return MarkedFilm(scores.astype(np.float32), regions, counted, f"P{seed}")


def test_the_area_of_places_is_that_of_scikit_learn() -> None:
    films = [_film(seed, told=1.0) for seed in range(5)]
    area, ends = pixel_auroc(films, 1)
    truth = np.concatenate([one.lesion[one.counted] for one in films])
    scores = np.concatenate([one.scores[one.counted] for one in films])
    assert area == pytest.approx(roc_auc_score(truth, scores), abs=2e-3)
    assert ends is not None
    assert ends[0] < area < ends[1]


def test_regions_that_are_told_cover_more() -> None:
    perfect = [
        MarkedFilm((f.regions > 0).astype(float), f.regions, f.counted, f.owner)
        for f in [_film(0, told=0)]
    ]
    assert region_overlap(perfect) == pytest.approx(1.0, abs=0.02)
    blind = region_overlap([_film(seed, told=0.0) for seed in range(8)])
    seeing = region_overlap([_film(seed, told=2.0) for seed in range(8)])
    assert blind is not None
    assert seeing is not None
    assert 0.1 < blind < 0.2 < seeing


def test_what_is_not_marked_gives_no_figure() -> None:
    film = MarkedFilm(np.ones((4, 4)), np.zeros((4, 4), np.int32), np.ones((4, 4), np.bool_), "P")
    assert pixel_auroc([film], 1) == (None, None)
    assert region_overlap([film]) is None
    assert len(thresholds([film])) == 1


def test_peaks_and_the_constant_point() -> None:
    scores = np.zeros((10, 10))
    scores[2, 7] = 1.0
    assert is_peak_inside(scores, [(0.7, 0.2, 0.1, 0.1)])
    assert not is_peak_inside(scores, [(0.0, 0.0, 0.5, 0.5)])
    point = best_point([[(0.0, 0.0, 0.5, 0.5)], [(0.4, 0.4, 0.5, 0.5)], [(0.9, 0.9, 0.1, 0.1)]], 10)
    assert point[4, 4] == point.max() == 2
