"""What networks said of studies as numbers: areas, operating points, calibration, baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.finding_scores import Areas, Judged, areas
from xray_studio.core.learning.findings import SENSITIVE
from xray_studio.core.learning.fusion import Calibration, probabilities
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.learning.scores import auprc, calibrated_band, calibration_error
from xray_studio.services.learning.evaluate.baselines import baselines
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.classifier import FOLDS, LABELS, StudySet
from xray_studio.services.learning.tasks.known import NONE

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Studies, the network that may judge each (its fold, or `NONE` for all), and their films.

    `notes` tell of studies that are not among them, `unreadable` films with their reasons.
    """

    model: Installed
    lines: list[Calibration]
    chosen: StudySet
    parts: Numbers
    films: Squashed
    notes: list[str]
    unreadable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Logarithms of odds (studies, labels) from all films, and from frontal films alone."""

    logits: Values
    frontal: Values
    notes: tuple[str, ...]


def facts_of(asked: Asked, told: Told, seed: int) -> dict[str, Any]:
    """Return all numbers by name; intervals and the band follow from `seed`."""
    chosen, parts = asked.chosen, asked.parts
    truth, model = chosen.truth.astype(np.float64), asked.model.model
    chances = probabilities(told.logits)
    judged = Judged(told.logits, truth, parts, chosen.owners)
    counted = judged.counted()
    found = areas(judged, counted, seed)
    known = [n for n in range(len(LABELS)) if not np.isnan(truth[:, n]).any()]
    return {
        "judged_by": {
            "the network of its fold": int((parts != NONE).sum()),
            "all networks": int((parts == NONE).sum()),
        },
        "labels": {
            label: _label(model, n, chances, truth, found) for n, label in enumerate(LABELS)
        },
        "macro_auroc": found.mean, "macro_auroc_ci": found.mean_interval,
        "macro_over": [LABELS[n] for n in counted],
        "all_auroc": float(np.mean(list(found.labels.values()))) if found.labels else None,
        "normal_auroc": found.labels.get(0), "normal_auroc_ci": found.intervals.get(0),
        "ece": calibration_error(chances[:, known], truth[:, known] > 0.5) if known else None,
        "ece_band": list(calibrated_band(chances[:, known], seed)) if known else None,
        "baselines": _baselines(asked, told, counted, seed),
        "notes": [*told.notes, *_few(judged, parts)],
    }  # fmt: skip


def _label(
    model: Model, number: int, chances: Values, truth: Values, found: Areas
) -> dict[str, Any]:
    own = ~np.isnan(truth[:, number])
    yes, scores = truth[own, number] > 0.5, chances[own, number]
    name = model.labels[number]
    return {
        "positives": int(yes.sum()),
        "n": int(own.sum()),
        "auroc": found.labels.get(number),
        "auroc_ci": found.intervals.get(number),
        "auprc": float(auprc(scores, yes)[0]) if yes.any() else None,
        "operating_points": [
            _point(float(model.thresholds[key]), scores, yes)
            for key in (name, f"{name}{SENSITIVE}")
            if key in model.thresholds
        ],
    }


def _point(threshold: float, scores: Values, yes: npt.NDArray[np.bool_]) -> dict[str, Any]:
    called = scores >= threshold
    return {
        "threshold": threshold,
        "sensitivity": float(called[yes].mean()) if yes.any() else None,
        "specificity": float((~called[~yes]).mean()) if not yes.all() else None,
    }


def _baselines(asked: Asked, told: Told, counted: list[int], seed: int) -> dict[str, Any]:
    chosen, parts = asked.chosen, asked.parts
    truth = chosen.truth.astype(np.float64)
    folds = np.where(parts == NONE, chosen.folds(FOLDS, 0), parts)
    shown = asked.films[[case[0][0] for case in chosen.cases]]
    scores = {name: (one, folds) for name, one in baselines(shown, truth, folds).items()}
    scores["frontal film only"] = told.frontal, parts
    facts = {}
    for name, (values, own) in scores.items():
        found = areas(Judged(values, truth, own, chosen.owners), counted, seed, each=False)
        facts[name] = {
            "macro_auroc": found.mean, "macro_auroc_ci": found.mean_interval,
            "normal_auroc": found.labels.get(0), "normal_auroc_ci": found.intervals.get(0),
        }  # fmt: skip
    return facts


def _few(judged: Judged, parts: Numbers) -> list[str]:
    """Return sentences on folds in which a finding is always or never there."""
    notes = []
    for part in np.unique(parts):
        counts = np.nansum(judged.truth[parts == part], axis=0)
        whole = (~np.isnan(judged.truth[parts == part])).sum(axis=0)
        for number in np.flatnonzero((counts == 0) | (counts == whole)):
            where = f"fold {part + 1}" if part != NONE else "the studies"
            notes.append(f"{LABELS[number]} cannot be judged in {where}: studies of one kind only")
    return notes
