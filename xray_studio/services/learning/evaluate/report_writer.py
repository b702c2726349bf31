"""Drafts of a report network for studies that it has not learned from."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.fusion import probabilities
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.sentence import Source
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.reports.seen import Seen
from xray_studio.services.learning.reports.studies import ReportStudies
from xray_studio.services.learning.tasks.known import NONE, Known
from xray_studio.services.report_engines.encoder_decoder import (
    NAME,
    WRITTEN,
    drafted,
    words_for,
    written_draft,
)


def by_writer(
    chosen: ReportStudies, answers: Seen, rows: Sequence[int], writer: Installed
) -> Job[dict[int, ReportText]]:
    """Return the draft of each row. Raises UsageError where the network has learned from one.

    Findings come from the network of the classifier that has not seen the study.
    """
    known = Known.of(writer)
    _check(known, chosen, rows, {row: [] for row in rows})
    numbers = [n for row in rows for view in chosen.studies.cases[row] for n in view[:1]]
    spec = writer.model.input
    films = np.zeros((len(numbers), spec.rows, spec.columns), np.uint8)
    yield from squash_films([chosen.studies.paths[n] for n in numbers], spec, films)
    places = {number: place for place, number in enumerate(numbers)}
    views = {
        row: [films[[places[n] for n in view[:1]]] for view in chosen.studies.cases[row]]
        for row in rows
    }
    seen = {row: [film for view in own for film in view] for row, own in views.items()}
    _check(known, chosen, rows, seen)
    found, chances = dict[int, ReportText](), probabilities(answers.logits)
    with Engine() as engine:
        for number, row in enumerate(rows):
            given = tuple(spec.normalised(view) for view in views[row])
            words: tuple[str, ...] = yield from engine.asked(
                WRITTEN, (str(writer.folder), writer.model.sha256, given, answers.logits[row]),
                Progress(number, len(rows), f"Writing drafts of {NAME}"),
            )  # fmt: skip
            found[row] = drafted(words, dict(zip(FINDINGS, chances[row], strict=True)))
    return found


def _check(
    known: Known, chosen: ReportStudies, rows: Sequence[int], films: dict[int, list[Squashed]]
) -> None:
    learned = sum(known.fold(chosen.studies.owners[row], films[row]) != NONE for row in rows)
    if learned:
        raise UsageError(
            f"It has learned from {learned:,} of these {len(rows):,} studies, so it is not judged"
            " on them; --split val holds none of those."
        )


def timed(engine: Engine, models: Models, writer: Installed, clips: Sequence[Clip]) -> Job[float]:
    """Return the seconds from an opened study to its whole draft."""
    begun = time.perf_counter()
    asked = Asked(tuple((clip, len(clip) // 2) for clip in clips))
    told = yield from assess(engine, models, [Shown(*film) for film in asked.films])
    if not told.abstained:
        words = yield from words_for(engine, writer, told, asked)
        yield from written_draft(words, told, asked, Source(NAME))
    return time.perf_counter() - begun
