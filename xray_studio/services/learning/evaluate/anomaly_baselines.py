"""What is simpler than any detector of the unusual: baselines, whose scores stand beside theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.normals import Subspace
from xray_studio.core.anomaly.scoring import best_point
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging import hog
from xray_studio.imaging.places import coarser, detail, finer
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.evaluate.anomaly_films import Judged
from xray_studio.services.learning.inference.film_scores import SIDE

BASELINES: Final = (
    "mean intensity", "inverse intensity", "sharpness", "view position", "whole lung field",
    "constant point", "mean image", "PCA residual", "HOG forest",
)  # fmt: skip
_SMALL: Final = InputSpec(rows=64, columns=64)
_PARTS: Final = 50  # principal components of small films
_LEAST: Final = 20  # normal films, below which nothing is told of what is normal
_TREES, _SAMPLE = 100, 256
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Scores of films (films,), and maps (films, 128, 128); None where it gives none of a kind."""

    films: Values | None = None
    maps: npt.NDArray[np.floating] | None = None


def baselines(judged: Judged, lungs: npt.NDArray[np.bool_]) -> Mapping[str, Baseline]:
    """Return BASELINES by name; `lungs` (films, 128, 128) is where lungs were found.

    Those that these films cannot give, as without normal films to learn from, give nothing.
    """
    films = judged.films
    bright = np.stack([coarser(film, SIDE) for film in films])
    edges = np.stack([coarser(detail(film), SIDE) for film in films])
    found = dict.fromkeys(BASELINES, Baseline()) | {
        "mean intensity": Baseline(bright.mean(axis=(1, 2)).astype(np.float64), bright),
        "inverse intensity": Baseline(-bright.mean(axis=(1, 2)).astype(np.float64), 255.0 - bright),
        "sharpness": Baseline(edges.mean(axis=(1, 2)).astype(np.float64), edges),
        "view position": Baseline(_is_ap(judged)),
        "whole lung field": Baseline(None, lungs.astype(np.float32)),
    }
    if any(judged.boxes):
        point = best_point([own for own in judged.boxes if own], SIDE)
        found["constant point"] = Baseline(None, np.broadcast_to(point, lungs.shape))
    if len(judged.normals) >= _LEAST:
        found |= _of_normals(films, judged.normals)
    return found


def _is_ap(judged: Judged) -> Values | None:
    """Return 1 for films that were taken from front to back, where all tell."""
    told = [one in {"AP", "PA"} for one in judged.projections]
    known = np.array([one == "AP" for one in judged.projections], np.float64)
    return known if all(told) else None


def _of_normals(films: Squashed, normals: Squashed) -> dict[str, Baseline]:
    small, known = (_small(one) for one in (films, normals))
    mean = np.abs(small - known.mean(axis=0))
    space = Subspace.of(known, _PARTS)
    left = space.left(small)
    return {
        "mean image": Baseline(mean.mean(axis=1).astype(np.float64), _maps(mean)),
        "PCA residual": Baseline(left.mean(axis=1).astype(np.float64), _maps(left)),
        "HOG forest": Baseline(_forest(films, normals)),
    }


def _small(films: Squashed) -> npt.NDArray[np.float32]:
    """Return films as rows of small pixels, each with a mean of 0 and a deviation of 1."""
    rows = np.stack([squashed(film, _SMALL).ravel() for film in films]).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / (rows.std(axis=1, keepdims=True) + 1.0), np.float32)


def _maps(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    whole = rows.reshape(len(rows), _SMALL.rows, _SMALL.columns)
    return np.stack([finer(one, SIDE) for one in whole])


def _forest(films: Squashed, normals: Squashed) -> Values:
    from xray_studio.ai.training.forest import grown

    rows, known = (
        np.stack([hog.gradients(squashed(film, hog.SPEC)) for film in some])
        for some in (films, normals)
    )
    return grown(known, trees=_TREES, sample=_SAMPLE, seed=0).scores(rows)
