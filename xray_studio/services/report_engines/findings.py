"""The default engine: findings of the classifier, said in sentences of the program's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.cases import ReportText, View
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.reasons import why_not
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import FINDINGS, IMPRESSION, TECHNIQUE
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.reporting.templates import certainty_of
from xray_studio.core.reporting.writing import Points, Written, impression, listed, sentences
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.models.installed import installed_for
from xray_studio.services.report_engines.refusals import check_asked, refused

NAME: Final = "findings"
FOUNDED: Final = (
    "Sentences rest on calibrated probabilities; sides, sizes and changes are never told."
)
UNTOLD: Final = "Counts as seen, but is too unsure to be told in the draft; look for it: {}."
_WRITING: Final = "Writing the draft"
_MOST: Final = 3  # findings in the summary


class FindingsEngine:
    """Writes what a finding classifier says, with its probability behind every sentence."""

    name = NAME
    title = "Findings of the classifier, in sentences"

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    def unavailable(self) -> str:
        """Return why it cannot be used here and what to do, "" where it can."""
        return why_not(lambda: Models.installed(self._model))

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write a draft; abstains on what is no film of the chest, in colour, or tiny.

        Raises StudioError where a film cannot be read or a model cannot be used.
        """
        check_asked(asked)
        reason = refused(asked)
        if reason:
            return Draft(Source(NAME), abstained=reason)
        told = asked.assessment
        if told is None:
            models = Models.installed(self._model)
            with Engine() as engine:
                told = yield from assess(engine, models, [Shown(*film) for film in asked.films])
        whole = yield from written_draft(told, asked)
        return whole


def written_draft(told: Assessment, asked: Asked) -> Job[Draft]:
    """Write what was found; each progress holds the draft so far, a sentence longer each time."""
    source = Source(NAME, told.model)
    if told.abstained:
        return Draft(source, abstained=told.abstained)
    points = points_of(told)
    written = list(sentences(_chances(told), points))
    notes = (*told.notes, FOUNDED, *untold(told, written), *unjudged(points))
    draft = Draft(source, notes=notes)
    for heading, sentence in _sentences(told, written, asked, source):
        draft = draft.with_sentence(heading, sentence)
        yield Progress(message=_WRITING, partial=draft)
    summary = Sentence(summary_of(told, asked, written), source)
    return replace(draft, summary=summary)


def points_of(told: Assessment) -> Points:
    """Return the points for reports of the model that answered, else its operating points."""
    for one in installed_for("classifier"):
        if one.model.sha256 == told.model.sha256:
            return Points.of(one.model.thresholds)
    return Points.of({score.name: score.threshold for score in told.findings})


def drafted(chances: Mapping[str, float], points: Points) -> ReportText:
    """Return what is written for probabilities, as findings section and impression."""
    written = list(sentences(chances, points))
    ends = [one.text for one in impression(written)]
    return ReportText(findings=" ".join(one.text for one in written), impression=" ".join(ends))


def _sentences(
    told: Assessment, written: Sequence[Written], asked: Asked, source: Source
) -> Iterator[tuple[str, Sentence]]:
    """Yield every sentence with its heading, as a report goes on."""
    yield TECHNIQUE, Sentence(f"{views_told(told, asked)}.", source)
    for one in written:
        yield FINDINGS, _said(one, source)
    for one in impression(written):
        yield IMPRESSION, _said(one, source)


def _said(one: Written, source: Source) -> Sentence:
    return Sentence(one.text, source, one.probability, one.finding)


def _chances(told: Assessment) -> dict[str, float]:
    return {score.name: score.probability for score in told.findings}


def views_told(told: Assessment, asked: Asked) -> str:
    """Return modality and views in words: "DX of the chest, frontal and lateral"."""
    kinds = dict.fromkeys(clip.acquisition.modality for clip, _ in asked.films)
    modality = ", ".join(filter(None, kinds)) or "Film"
    seen = {picture.view for picture in told.pictures}
    views = [view.value for view in (View.FRONTAL, View.LATERAL) if view in seen]
    return f"{modality} of the chest, {' and '.join(views)}"


def summary_of(told: Assessment, asked: Asked, written: Sequence[Written]) -> str:
    """Return modality, view and main findings in one line."""
    found = sorted((one for one in written if one.positive), key=lambda one: -one.probability)
    words = [
        f"{certainty_of(one.probability).value} {listed([one.finding])}"
        f" ({100.0 * one.probability:.0f} %)"
        for one in found[:_MOST]
    ]
    return f"{views_told(told, asked)}: {', '.join(words) or 'nothing told'}."


def untold(told: Assessment, written: Sequence[Written]) -> Sequence[str]:
    """Return the sentence that names what counts as seen and is not told, where something does."""
    said = {NORMAL, *(one.finding for one in written if one.positive)}
    left = [one for one in told.findings if one.positive and one.name not in said]
    names = [f"{one.name} ({100.0 * one.probability:.0f} %)" for one in left]
    return (UNTOLD.format(", ".join(names)),) if names else ()


def unjudged(points: Points) -> Sequence[str]:
    """Return the sentence that names the findings which are never written of, where some are."""
    names = points.unjudged()
    return (f"Not judged: {', '.join(names)}.",) if names else ()
