"""What is told of maps and scores of films beside what people said and marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.scoring import (
    MarkedFilm,
    is_peak_inside,
    pixel_auroc,
    region_overlap,
    thresholds,
)
from xray_studio.core.learning.bootstrap import interval, interval_of
from xray_studio.core.learning.finding_scores import Judged as Pairs
from xray_studio.core.learning.finding_scores import areas
from xray_studio.core.learning.scores import auprc, auroc, dice, overlap
from xray_studio.services.learning.evaluate.anomaly_films import Judged

METRICS: Final = (
    "image_auroc", "image_auroc_ci", "image_auprc", "image_auroc_within_view",
    "image_auroc_within_view_ci", "pixel_auroc", "pixel_auroc_ci", "aupro", "dice", "dice_ci",
    "iou", "dice_best", "peak_in_box", "peak_in_box_ci",
)  # fmt: skip
_LEAST: Final = 2  # normal films and others, for an area
Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a detector or baseline gives of films: their scores, and maps (films, 128, 128).

    Of films whose score is NaN nothing is told: it has learned from them.
    `marked` (films, 128, 128) is what is marked at the stored threshold, None where there is none.
    """

    films: Values | None
    maps: npt.NDArray[np.floating] | None
    marked: Mask | None = None

    def told(self, number: int) -> bool:
        """Whether it tells anything of a film."""
        return self.films is None or bool(np.isfinite(self.films[number]))


def metrics(judged: Judged, given: Given, lungs: Mask, seed: int) -> dict[str, Any]:
    """Return METRICS by name, null where a collection cannot give one."""
    found: dict[str, Any] = dict.fromkeys(METRICS)
    if given.films is not None:
        found |= _of_films(judged, given.films, seed)
    if given.maps is not None:
        found |= _of_places(judged, given, lungs, seed) | _of_boxes(judged, given, lungs, seed)
    return found


def _of_films(judged: Judged, scores: Values, seed: int) -> dict[str, Any]:
    known = (judged.abnormal >= 0) & np.isfinite(scores)
    truth, values = judged.abnormal[known] > 0, scores[known]
    if min(int(truth.sum()), int((~truth).sum())) < _LEAST:
        return {}
    owners = [o for o, told in zip(judged.owners, known, strict=True) if told]
    views = [v for v, told in zip(judged.projections, known, strict=True) if told]
    pairs = Pairs(
        values[:, None], truth[:, None].astype(float),
        np.unique(views, return_inverse=True)[1].astype(np.int64), owners,
    )  # fmt: skip
    within = areas(pairs, [0], seed)
    return {
        "image_auroc": float(auroc(values, truth)[0]),
        "image_auroc_ci": interval_of(lambda w: auroc(values, truth, w), owners, seed),
        "image_auprc": float(auprc(values, truth)[0]),
        "image_auroc_within_view": within.labels.get(0),
        "image_auroc_within_view_ci": within.intervals.get(0),
    }


def _of_places(judged: Judged, given: Given, lungs: Mask, seed: int) -> dict[str, Any]:
    """Return how marked lesions and maps agree: areas in lungs as marked, masks in those found."""
    assert given.maps is not None
    own = [n for n, one in enumerate(judged.lesions) if one is not None and given.told(n)]
    if not own:
        return {}
    lesions = [np.asarray(judged.lesions[n]) for n in own]
    fields = [judged.lungs[n] for n in own]
    films = [
        MarkedFilm(given.maps[n], lesion, lungs[n] if field is None else field, judged.owners[n])
        for n, lesion, field in zip(own, lesions, fields, strict=True)
    ]
    owners = [judged.owners[n] for n in own]
    area, ends = pixel_auroc(films, seed)
    best = max(_dice_at(value, films, lungs[own]) for value in thresholds(films))
    told = {
        "pixel_auroc": area, "pixel_auroc_ci": ends, "aupro": region_overlap(films),
        "dice_best": best,
    }  # fmt: skip
    if given.marked is not None:
        pairs = [(given.marked[n], lesion > 0) for n, lesion in zip(own, lesions, strict=True)]
        values = [dice(*pair) for pair in pairs]
        told |= {
            "dice": float(np.mean(values)), "dice_ci": interval(values, owners, seed),
            "iou": float(np.mean([overlap(*pair) for pair in pairs])),
        }  # fmt: skip
    return told


def _dice_at(value: float, films: Sequence[MarkedFilm], lungs: Mask) -> float:
    pairs = zip(films, lungs, strict=True)
    return float(np.mean([dice((one.scores >= value) & lung, one.lesion) for one, lung in pairs]))


def _of_boxes(judged: Judged, given: Given, lungs: Mask, seed: int) -> dict[str, Any]:
    """Return in how many films with boxes the highest place of the lungs lies in one."""
    assert given.maps is not None
    own = [n for n, boxes in enumerate(judged.boxes) if boxes and given.told(n)]
    if not own:
        return {}
    inner = (np.where(lungs[n], given.maps[n], -np.inf) for n in own)
    pairs = zip(inner, (judged.boxes[n] for n in own), strict=True)
    hits = [float(is_peak_inside(*pair)) for pair in pairs]
    owners = [judged.owners[n] for n in own]
    return {
        "peak_in_box": float(np.mean(hits)), "peak_in_box_ci": interval(hits, owners, seed),
    }  # fmt: skip
