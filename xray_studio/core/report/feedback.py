"""What people made of drafts: the draft beside the final text, and agreement by finding and month.

Nothing learns from it by itself: it is counted, and written where somebody asks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.report.report import SUMMARY, Report, Section
from xray_studio.core.report.sentence import Review, Sentence
from xray_studio.core.reporting.labels import Told, labels_of

REMOVED, ADDED = "removed", "added"
_TOLD = frozenset((Told.PRESENT, Told.UNCERTAIN))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What became of a model's sentences about a finding in a month ("2026-11").

    The finding is "" for sentences that tell none. A finding is agreed on as far as sentences were
    accepted as they stood. `added` are sentences of a person in such reports, by the finding that
    the labeller of reports reads in them.
    """

    model: ModelMark
    finding: str
    month: str
    accepted: int
    changed: int
    removed: int
    added: int = 0

    @property
    def total(self) -> int:
        """How many sentences the model wrote."""
        return self.accepted + self.changed + self.removed

    @property
    def share(self) -> float:
        """The part of them, 0 to 1, that was accepted as it stood."""
        return self.accepted / self.total if self.total else 0.0


def learnable(reports: Iterable[Report]) -> list[Report]:
    """Return the latest signed version of each report that a model has drafted.

    Of one that is not signed nobody has said what is right.
    """
    latest = dict[str, Report]()
    for report in sorted(reports, key=lambda one: one.version):
        made = report.provenance
        if report.is_signed and made is not None and made.source.is_ai:
            latest[report.identifier] = report
    return sorted(latest.values(), key=lambda one: one.created)


def outcomes(report: Report) -> Iterator[tuple[Sentence, str]]:
    """Yield each sentence of a draft as the model wrote it, and what became of it.

    That is "accepted", "changed" or "removed".
    """
    left = list[tuple[str, Review]]()
    for _, one in report.each():
        if one.is_ai:
            left.append((one.original or one.text, one.review))
    made = report.provenance
    for section in made.draft if made else ():
        for sentence in section.sentences:
            if not sentence.is_ai:
                continue
            found = next((one for one in left if one[0] == sentence.text), None)
            if found is not None:
                left.remove(found)
            yield sentence, REMOVED if found is None else found[1].value


def agreement(reports: Iterable[Report]) -> list[Agreement]:
    """Return how often people agreed, by model, finding and month of signing."""
    counts = Counter[tuple[ModelMark, str, str, str]]()
    for report in learnable(reports):
        assert report.signature is not None
        month = f"{report.signature.time:%Y-%m}"
        for sentence, outcome in outcomes(report):
            assert sentence.source is not None
            assert sentence.source.model is not None
            counts[sentence.source.model, sentence.finding, month, outcome] += 1
        assert report.provenance is not None
        assert report.provenance.source.model is not None
        for finding in added(report):
            counts[report.provenance.source.model, finding, month, ADDED] += 1
    keys = dict.fromkeys(key[:3] for key in counts)
    found = [
        Agreement(*key, *(counts[(*key, kind)] for kind in ("accepted", "changed", REMOVED, ADDED)))
        for key in keys
    ]
    return sorted(
        found, key=lambda one: (one.model.name, one.model.version, one.finding, one.month)
    )


def added(report: Report) -> Iterator[str]:
    """Yield what a person told in sentences of their own: each finding, "" where none is told."""
    for where, one in report.each():
        if one.source is None and where != SUMMARY:
            told = labels_of(one.text)
            named = [name for name, how in told.items() if how in _TOLD and name != NORMAL]
            yield from named or [""]


def example(report: Report) -> dict[str, Any]:
    """Return a signed report as something to learn from: pixels, draft, final text, outcomes.

    It names no person, study or object: films are told by the SHA-256 of their pixels. Words that
    people typed stand in it as they are.
    """
    made = report.provenance
    assert made is not None
    assert made.source.model is not None
    assert report.signature is not None
    model = made.source.model
    return {
        "engine": made.source.engine,
        "model": {"name": model.name, "version": model.version, "sha256": model.sha256},
        "signed": f"{report.signature.time:%Y-%m-%d}",
        "films": [
            {"pixels_sha256": film.pixels_sha256, "frame": film.frame, "view": film.view}
            for film in report.films
        ],
        "draft": _texts(made.draft),
        "final": _texts(report.sections),
        "draft_summary": made.draft_summary,
        "final_summary": report.summary.text if report.summary else "",
        "sentences": [
            {"text": one.text, "finding": one.finding, "probability": one.probability,
             "outcome": outcome}
            for one, outcome in outcomes(report)
        ],
    }  # fmt: skip


def _texts(sections: tuple[Section, ...]) -> dict[str, str]:
    found = dict[str, str]()
    for section in sections:
        before = found.get(section.heading, "")
        found[section.heading] = " ".join(filter(None, (before, section.text)))
    return found
