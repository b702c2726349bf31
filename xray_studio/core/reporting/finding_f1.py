"""Whether drafts tell the findings that reports tell: precision, recall and F1 by the labeller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import draws, ends_of
from xray_studio.core.learning.findings import FINDINGS, NORMAL
from xray_studio.core.reporting.labels import Told, labels_of

Truth = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

NAMES: Final = tuple(name for name in FINDINGS if name != NORMAL)
LEAST: Final = 18  # reports that tell a finding, for it to count in the mean over findings
SCORES: Final = tuple(
    f"findings_{over}_{score}"
    for over in ("macro", "micro") for score in ("precision", "recall", "f1")
)  # fmt: skip
_TOLD: Final = (Told.PRESENT, Told.UNCERTAIN)


def told_in(text: str) -> list[bool]:
    """Return whether a report tells each of `NAMES`, surely or not."""
    labels = labels_of(text)
    return [labels[name] in _TOLD for name in NAMES]


def finding_scores(
    drafts: Truth, references: Truth, over: Sequence[int], owners: Sequence[str], seed: int
) -> dict[str, Any]:
    """Return scores with their 95 % intervals from what is told, (studies, findings).

    The mean (macro) is over the findings `over`, by number; counts of all findings together give
    the others (micro). What is neither told nor to be told in a draw does not count in it.
    """
    parts = [drafts & references, drafts & ~references, ~drafts & references]
    counts = np.stack([part.astype(np.float64) for part in parts])
    plain = _scores(counts, np.ones((1, len(owners))), over)[0]
    blocks = [_scores(counts, weights, over) for weights in draws(owners, seed)]
    facts: dict[str, Any] = {}
    for number, name in enumerate(SCORES):
        ends = ends_of(np.concatenate(blocks)[:, number]) if blocks else None
        facts |= {name: float(plain[number]), f"{name}_ci": ends}
    return facts


def each_finding(drafts: Truth, references: Truth) -> dict[str, dict[str, Any]]:
    """Return precision, recall and F1 of each finding by name, None where there is none."""
    right = (drafts & references).sum(axis=0)
    told, wanted = drafts.sum(axis=0), references.sum(axis=0)
    return {
        name: {
            "reports": int(wanted[n]), "drafts": int(told[n]),
            "precision": float(right[n] / told[n]) if told[n] else None,
            "recall": float(right[n] / wanted[n]) if wanted[n] else None,
            "f1": float(2 * right[n] / (told[n] + wanted[n])) if told[n] + wanted[n] else None,
        }
        for n, name in enumerate(NAMES)
    }  # fmt: skip


def _scores(counts: Numbers, weights: npt.NDArray[Any], over: Sequence[int]) -> Numbers:
    """Return (draws, 6) as `SCORES` has them."""
    right, wrong, missed = (np.asarray(weights, np.float64) @ part for part in counts)
    columns = []
    for r, w, m in (
        (right[:, over], wrong[:, over], missed[:, over]),
        tuple(part.sum(axis=1, keepdims=True) for part in (right, wrong, missed)),
    ):
        there = r + w + m > 0
        f1 = _shares(2 * r, 2 * r + w + m)
        # What is never told has no precision: it counts as 0 where it should have been told.
        precision = np.where(there, np.nan_to_num(_shares(r, r + w)), np.nan)
        recall = _shares(r, r + m)
        columns += [_means(one) for one in (precision, recall, f1)]
    return np.column_stack(columns)


def _shares(some: Numbers, whole: Numbers) -> Numbers:
    found: Numbers = np.full(np.broadcast_shapes(some.shape, whole.shape), np.nan)
    np.divide(some, whole, out=found, where=whole > 0)
    return found


def _means(values: Numbers) -> Numbers:
    """Return the mean of each row over what is a number; NaN where nothing is."""
    known = ~np.isnan(values)
    return _shares(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
