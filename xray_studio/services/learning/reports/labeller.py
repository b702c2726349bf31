"""The labeller of reports beside what indexers found in them."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np

from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.reporting.labels import Told, labels_of
from xray_studio.services.learning.reports.studies import ReportStudies, whole_text

_JUDGED: Final = 1  # of the two halves: rules were written with the other one in view


def labeller_facts(chosen: ReportStudies) -> dict[str, Any]:
    """Return precision, recall and F1 of the labeller against the labels of the collection.

    Only the half of the studies that no rule was written for is judged; a finding counts as told
    where it is present or uncertain.
    """
    rows = [n for n, case in enumerate(chosen.cases) if _half(case.study) == _JUDGED]
    labels = [labels_of(whole_text(chosen.reports[n])) for n in rows]
    found, f1s = {}, []
    for name in FINDINGS:
        told = np.array([one[name] in (Told.PRESENT, Told.UNCERTAIN) for one in labels], np.bool_)
        truth = np.array([name in (chosen.cases[n].labels or ()) for n in rows], np.bool_)
        right, either = int((told & truth).sum()), int(told.sum() + truth.sum())
        found[name] = {
            "indexed": int(truth.sum()), "told": int(told.sum()),
            "precision": right / int(told.sum()) if told.any() else None,
            "recall": right / int(truth.sum()) if truth.any() else None,
            "f1": 2 * right / either if either else None,
        }  # fmt: skip
        f1s += [2 * right / either] if either else []
    return {"n": len(rows), "macro_f1": float(np.mean(f1s)) if f1s else None, "labels": found}


def _half(study: str) -> int:
    name = study.rpartition("/")[2]  # whatever the folder of the collection is called
    digest = hashlib.sha256(f"labels/{name}".encode("utf-8", "surrogateescape")).digest()
    return digest[0] % 2
