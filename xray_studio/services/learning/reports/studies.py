"""Studies with films and a report: what drafts are learned from and compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Case, Collection, ReportText, View
from xray_studio.core.reporting.words import words_of
from xray_studio.services.learning.tasks.classifier import StudySet, study_set

HELD_OUT = ("val", "test")  # parts that a publisher names for judging


@dataclass(frozen=True, slots=True, eq=False)
class ReportStudies:
    """Labelled studies with a frontal film and a findings section; `cases` are in their order.

    `held_out` marks those that the publisher keeps for judging.
    """

    studies: StudySet
    cases: tuple[Case, ...]
    held_out: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of studies."""
        return len(self.cases)

    @property
    def reports(self) -> tuple[ReportText, ...]:
        """What a radiologist wrote of each study."""
        return tuple(case.report for case in self.cases)

    def without(self, films: Sequence[int]) -> ReportStudies:
        """Return the studies that keep a frontal film without some films."""
        lost = frozenset(films)
        kept = [any(n not in lost for n in frontal) for frontal, _ in self.studies.cases]
        cases = tuple(case for case, keep in zip(self.cases, kept, strict=True) if keep)
        return ReportStudies(
            self.studies.without(films), cases, self.held_out[np.array(kept, np.bool_)]
        )


def report_studies(collections: Sequence[Collection]) -> ReportStudies:
    """Return the studies of collections that have reports. Raises UsageError where none has."""
    told = [replace(one, cases=tuple(filter(_usable, one.cases))) for one in collections]
    told = [one for one in told if one.cases and one.findings and one.layout != "files"]
    if not told:
        raise UsageError(
            "No study here has a frontal film, labels and a findings section; name a folder whose"
            " table holds reports (see docs/learning.md)."
        )
    most = max(len(one.findings) for one in told)
    told = [one for one in told if len(one.findings) == most]
    cases = tuple(case for one in told for case in one.cases)
    held_out = np.array([case.part in HELD_OUT for case in cases], np.bool_)
    return ReportStudies(study_set(told, {}), cases, held_out)


def _usable(case: Case) -> bool:
    told = case.labels is not None and bool(words_of(case.report.findings))
    return told and bool(case.seen(View.FRONTAL))


def whole_text(report: ReportText) -> str:
    """Return findings and impression as one text, in which findings are looked for."""
    return f"{report.findings.strip()} . {report.impression.strip()}"
