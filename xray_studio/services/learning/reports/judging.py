"""Drafts beside the reports that were written: scores as the command tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import draws, ends_of
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.reporting.finding_f1 import (
    LEAST,
    NAMES,
    each_finding,
    finding_scores,
    told_in,
)
from xray_studio.core.reporting.text_scores import References, text_scores
from xray_studio.core.reporting.words import words_of
from xray_studio.services.learning.reports.studies import ReportStudies, whole_text

ABNORMAL: Final = ("cardiomegaly", "effusion", "opacity", "nodule")
_SAMPLE: Final = 300  # films among which different drafts are counted

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The studies that are judged, ready to be compared with drafts."""

    owners: tuple[str, ...]
    words: References
    told: Truth
    abnormal: Truth
    over: tuple[int, ...]

    @classmethod
    def of(cls, chosen: ReportStudies, rows: Sequence[int], over: Sequence[int]) -> Reference:
        """Return rows of studies; scores of findings are the mean over those numbered `over`."""
        from snowballstemmer import stemmer

        stem = cache(stemmer("english").stemWord)
        reports = [chosen.reports[n] for n in rows]
        labels = [chosen.cases[n].labels or frozenset() for n in rows]
        return cls(
            tuple(chosen.studies.owners[n] for n in rows),
            References([words_of(one.findings) for one in reports], stem),
            told_matrix(reports),
            np.array([not own.isdisjoint(ABNORMAL) for own in labels], np.bool_),
            tuple(over),
        )

    def facts(self, drafts: Sequence[ReportText], seed: int) -> dict[str, Any]:
        """Return every score of drafts, one for each study, with its 95 % interval (`_ci`)."""
        told = told_matrix(drafts)
        counted = self.words.counts([words_of(one.findings) for one in drafts])
        facts = text_scores(counted, self.owners, seed)
        facts |= finding_scores(told, self.told, self.over, self.owners, seed)
        # The mean over every finding, however few reports tell it.
        every = finding_scores(told, self.told, range(len(NAMES)), self.owners, seed)
        facts |= {
            f"findings_every_f1{end}": every[f"findings_macro_f1{end}"] for end in ("", "_ci")
        }
        facts |= self._distinct([one.findings for one in drafts], seed)
        facts |= self._share(
            "normal_on_abnormal", np.logical_not(told.any(axis=1)), self.abnormal, seed
        )
        return facts | {"labels": each_finding(told, self.told)}

    def _share(self, name: str, found: Truth, among: Truth, seed: int) -> dict[str, Any]:
        """Return how often something is found among some studies."""
        blocks = [
            (weights @ (found & among)) / np.maximum(weights @ among, 1)
            for weights in draws(self.owners, seed)
        ]
        share = float((found & among).sum() / among.sum()) if among.any() else None
        return {name: share, f"{name}_ci": ends_of(np.concatenate(blocks)) if blocks else None}

    def _distinct(self, texts: Sequence[str], seed: int) -> dict[str, Any]:
        """Return the share of different drafts among 300 drawn studies, or all of fewer."""
        _, numbers = np.unique(np.array(texts), return_inverse=True)
        chance, size = np.random.default_rng(seed), min(_SAMPLE, len(texts))
        drawn = [
            len(set(numbers[chance.choice(len(texts), size, replace=False)])) for _ in range(200)
        ]
        shares = [count / size for count in drawn]
        ends = [float(end) for end in np.percentile(shares, (2.5, 97.5))]
        return {"distinct": float(np.mean(shares)), "distinct_ci": ends}


def told_matrix(reports: Sequence[ReportText]) -> Truth:
    """Return which findings each report tells, (reports, findings); each text is read once."""
    known = {text: told_in(text) for text in dict.fromkeys(map(whole_text, reports))}
    return np.array([known[whole_text(one)] for one in reports], np.bool_).reshape(-1, len(NAMES))


def counted(told: Truth, parts: npt.NDArray[np.int64]) -> list[int]:
    """Return the findings, by number, that enough reports of every part tell: these count."""
    least = np.min([told[parts == part].sum(axis=0) for part in np.unique(parts)], axis=0)
    return [int(number) for number in np.flatnonzero(least >= LEAST)]
