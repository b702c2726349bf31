"""An engine that writes in words learned from reports: a network that sees, a network that writes.

What the finding classifier says goes into the writing, and its probability stands behind every
sentence that tells or denies a finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessment, ModelMark
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.findings import FINDINGS, NORMAL
from xray_studio.core.learning.input_spec import InputSpec, Normalised
from xray_studio.core.reasons import why_not
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import FINDINGS as HEADING
from xray_studio.core.report.report import IMPRESSION, TECHNIQUE
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.reporting.basis import Said, founded
from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.core.reporting.labels import Told, labels_of
from xray_studio.core.reporting.templates import TEMPLATES
from xray_studio.core.reporting.vocabulary import written
from xray_studio.core.reporting.writing import Written, impression
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import (
    VIEWS,
    Models,
    Shown,
    assess,
    picture_of,
)
from xray_studio.services.learning.models.installed import Installed, checked, model_for
from xray_studio.services.report_engines.findings import (
    points_of,
    summary_of,
    unjudged,
    untold,
    views_told,
)
from xray_studio.services.report_engines.refusals import check_asked, refused

if TYPE_CHECKING:
    from xray_studio.core.reporting.finding_f1 import Numbers

NAME: Final = "encoder-decoder"
TASK: Final = "report"
VOCABULARY: Final = "vocabulary.txt"
LEARNED: Final = (
    "The words are those that a network has learned from reports: it writes what such reports"
    " mostly say, and may tell what these films do not show or leave out what they do."
)
KEPT_BACK: Final = (
    "{} of the {} sentences that the network wrote are left out, or stand in words of the program"
    " as far as they rest on findings: nothing here is a basis for the rest."
)
WRITTEN: Final = "xray_studio.ai.reports.writer:written"
_WRITING: Final = Progress(message="Writing the draft")
_NOTHING: Final = "The network wrote nothing that findings of these films are a basis for."
UNTOLD: Final = "No abnormal finding is told."
_SUREST: Final = 1e-6  # of a probability whose odds are asked for


class EncoderDecoderEngine:
    """Writes what a network has learned to write; needs its model and the finding classifier."""

    name = NAME
    title = "Words learned from reports"

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    def unavailable(self) -> str:
        """Return why it cannot be used here and what to do, "" where it can."""
        return why_not(lambda: _usable(self._model))

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write a draft; abstains on what is no film of the chest, in colour, or tiny.

        Raises StudioError where a film cannot be read or a model cannot be used.
        """
        check_asked(asked)
        writer, models = _usable(self._model)
        model = writer.model
        source = Source(NAME, ModelMark(model.name, model.version, model.sha256))
        if refused(asked):
            return Draft(source, abstained=refused(asked))
        with Engine() as engine:
            told = asked.assessment
            if told is None or not _fits(told, asked):
                told = yield from assess(engine, models, [Shown(*film) for film in asked.films])
            if told.abstained:
                return Draft(source, abstained=told.abstained)
            words = yield from words_for(engine, writer, told, asked)
        whole = yield from written_draft(words, told, asked, source)
        return whole


def _usable(named: Path | None) -> tuple[Installed, Models]:
    """Return the models that are needed. Raises StudioError with what is missing."""
    writer, models = model_for(TASK, named), Models.installed()
    problem = checked(writer.folder).problem
    if problem:
        raise UnreadableError(problem)
    if not (writer.folder / VOCABULARY).is_file():
        raise UnreadableError(
            f"{writer.folder.name} has no {VOCABULARY}, so nobody knows which words the numbers of"
            " its network are; install the model again."
        )
    if models.findings.model.labels != FINDINGS:
        raise UnsupportedError(
            f"{models.findings.model.name} tells other findings than the words were learned with;"
            " choose the finding classifier that ships."
        )
    return writer, models


def _fits(told: Assessment, asked: Asked) -> bool:
    """Tell whether an assessment is on these films and tells every finding."""
    names = {score.name for score in told.findings}
    return len(told.pictures) == len(asked.films) and (bool(told.abstained) or names >= {*FINDINGS})


def words_for(
    engine: Engine, writer: Installed, told: Assessment, asked: Asked
) -> Job[tuple[str, ...]]:
    """Return the words that the network writes of films, "." behind each sentence."""
    spec, shown = writer.model.input, [Shown(*film) for film in asked.films]
    pairs = list(zip(shown, told.pictures, strict=True))
    views = tuple(
        _given([film for film, picture in pairs if picture.view == view], spec) for view in VIEWS
    )
    found = _odds(told)
    asking = (str(writer.folder), writer.model.sha256, views, found)
    words: tuple[str, ...] = yield from engine.asked(WRITTEN, asking, _WRITING)
    return words


def _given(films: Sequence[Shown], spec: InputSpec) -> Normalised:
    """Return films as the network takes them, (films, rows, columns)."""
    some = [squashed(picture_of(film), spec) for film in films]
    return spec.normalised(np.array(some, np.uint8).reshape(-1, spec.rows, spec.columns))


def _odds(told: Assessment) -> Numbers:
    """Return the log-odds of all findings."""
    chances = {score.name: score.probability for score in told.findings}
    sure = [min(max(chances[name], _SUREST), 1.0 - _SUREST) for name in FINDINGS]
    return np.array([math.log(one / (1.0 - one)) for one in sure])


def written_draft(
    words: Sequence[str], told: Assessment, asked: Asked, source: Source
) -> Job[Draft]:
    """Write words as a draft; each progress holds the draft so far, a sentence longer each time.

    Of what the network wrote that stands which has a basis.
    """
    points = points_of(told)
    whole = list(_said(words, {score.name: score.probability for score in told.findings}))
    said = founded(whole, points)
    if not said:
        return Draft(source, notes=(LEARNED,), abstained=_NOTHING)
    changed = len(whole) - sum(one in said for one in whole)
    kept_back = (KEPT_BACK.format(changed, len(whole)),) if changed else ()
    each = list(found_in(said))
    notes = (*told.notes, LEARNED, *kept_back, *untold(told, each), *unjudged(points))
    draft = Draft(source, notes=notes)
    for heading, sentence in _sentences(said, each, told, asked, source):
        draft = draft.with_sentence(heading, sentence)
        yield Progress(message=_WRITING.message, partial=draft)
    return replace(draft, summary=Sentence(summary_of(told, asked, each), source))


def _said(words: Sequence[str], chances: dict[str, float]) -> Iterator[Said]:
    """Yield the sentences that have a basis."""
    for text in written(words):
        if is_unfounded(text):
            continue
        labels = labels_of(text)
        told = {n: p for n, p in chances.items() if labels[n] in {Told.PRESENT, Told.UNCERTAIN}}
        denied = {n: p for n, p in chances.items() if labels[n] is Told.ABSENT}
        yield Said(text, _no_normal(told), _no_normal(denied))


def _no_normal(chances: dict[str, float]) -> dict[str, float]:
    return {name: chance for name, chance in chances.items() if name != NORMAL}


def found_in(said: Sequence[Said]) -> Iterator[Written]:
    """Yield every finding that sentences tell or deny, once; what any tells is told."""
    told = {name: chance for one in said for name, chance in one.told.items()}
    denied = {name: chance for one in said for name, chance in one.denied.items()}
    for name in TEMPLATES:
        if name in told or name in denied:
            chance = told.get(name, denied.get(name, 0.0))
            yield Written(name, name, chance, positive=name in told)


def _sentences(
    said: Sequence[Said], each: Sequence[Written], told: Assessment, asked: Asked, source: Source
) -> Iterator[tuple[str, Sentence]]:
    yield TECHNIQUE, Sentence(f"{views_told(told, asked)}.", source)
    for one in said:
        name = one.finding
        chance = one.told.get(name, one.denied.get(name))
        yield HEADING, Sentence(one.text, source, chance, name)
    for end in ending(each):
        yield IMPRESSION, Sentence(end.text, source, end.probability, end.finding)


def ending(each: Sequence[Written]) -> Iterator[Written]:
    """Yield the sentences of the impression: what is told by certainty, or that nothing is."""
    if any(one.positive for one in each):
        yield from impression(each)
    elif each:
        worst = max(each, key=lambda one: one.probability)
        yield replace(worst, text=UNTOLD)


def drafted(words: Sequence[str], chances: dict[str, float]) -> ReportText:
    """Return what the network writes with such words, as findings section and impression.

    That is what is scored; a draft that a person sees leaves out what has no basis.
    """
    said = list(_said(words, chances))
    ends = [one.text for one in ending(list(found_in(said)))]
    return ReportText(findings=" ".join(one.text for one in said), impression=" ".join(ends))
