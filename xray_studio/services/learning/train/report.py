"""A network that writes reports is trained from folders of films with reports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.reporting.consensus import Writing
from xray_studio.core.reporting.learnable import flat, learnable
from xray_studio.core.reporting.vocabulary import Vocabulary
from xray_studio.core.reporting.words import words_of
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.reports.judging import told_matrix
from xray_studio.services.learning.reports.seen import Seen as Answers
from xray_studio.services.learning.reports.seen import seen
from xray_studio.services.learning.reports.studies import ReportStudies, report_studies
from xray_studio.services.learning.tasks.classifier import EVERY
from xray_studio.services.learning.tasks.classifier import LABELS as FOUND
from xray_studio.services.learning.tasks.kind import Learnt, source
from xray_studio.services.learning.tasks.known import known_studies
from xray_studio.services.learning.tasks.report import DECODERS, LITE, report_kind
from xray_studio.services.learning.train.asked import Trained, Training
from xray_studio.services.learning.train.ending import best_of, ended, left_out
from xray_studio.services.learning.train.running import prepare, run_training
from xray_studio.services.learning.train.seen import BATCH, seen_stated
from xray_studio.services.learning.train.sights import Chosen, encoder_called
from xray_studio.services.learning.train.store import stored_films
from xray_studio.services.learning.train.writing import chosen_writing

if TYPE_CHECKING:
    from xray_studio.ai.training.report import ReportTask
    from xray_studio.ai.training.seen import Seen
    from xray_studio.ai.training.state import State
    from xray_studio.ai.weights import Weights

_LEAST: Final = 4  # reports that are learned from, and that steer
_RARE: Final = 0.25  # findings in fewer reports than this share are drawn more often
_MOST: Final = 3.0  # times as often as a report that tells nothing

Values = npt.NDArray[np.float64]
Marked = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Made:
    """What a report network is made of: its decoder, its encoder, and who tells it of findings."""

    decoder: str = DECODERS[0]
    encoder: str = LITE
    classifier: Path | None = None


def train_report(data: Path, out: Path, asked: Training, made: Made) -> Job[Trained]:
    """Train a report network on the reports in `data`, or go on with what `out` holds.

    What the publisher holds out is never learned from. Raises StudioError where there is too little
    to learn from or `out` cannot be written.
    """
    if made.decoder not in DECODERS:
        raise UsageError(
            f"There is no decoder {made.decoder!r}; choose one of: {', '.join(DECODERS)}."
        )
    encoder, classifier = encoder_called(made.encoder), model_for("classifier", made.classifier)
    if classifier.model.labels != FOUND:
        raise UsageError(f"{classifier.model.name} tells other findings than reports here need.")
    prepare(out)
    chosen = report_studies((yield from read_collections(data)))
    chosen, answers = yield from seen(chosen, classifier, out)
    films, failed = yield from stored_films(chosen.studies.paths, encoder.spec, out)
    copies = _copies(films, chosen)
    sight = encoder.sight(asked.compute().device)
    grids, needed = yield from seen_stated(films, encoder.spec, sight, asked, out)
    work = _Work(chosen, answers, films, grids, frozenset(failed) | frozenset(copies), asked, made)
    task = work.task(encoder.sha256)
    state = yield from run_training(task, work.plan(), asked.compute(), out)
    how = yield from chosen_writing(task, state)
    weights, model = _weights(work, task, state, encoder), work.model(task, state, how, encoder)
    beside = {**encoder.beside, _words_file(): task.vocabulary.text().encode()}
    told = {**best_of(state), "writing": how.facts(), "words": len(task.vocabulary)}
    trained = ended(out, model, weights, told, needed, beside=beside)
    lost = left_out(chosen.studies.paths, {**failed, **copies})
    return replace(trained, unreadable=(*answers.unreadable, *lost))


def _copies(films: Squashed, chosen: ReportStudies) -> dict[int, str]:
    """Return films that are nearly the same as one that is held out, each with the reason."""
    whose = {
        number: row
        for row, case in enumerate(chosen.studies.cases)
        for view in case
        for number in view
    }
    found = dict[int, str]()
    for pair in alike_among(films, sorted(whose)):
        held = [bool(chosen.held_out[whose[number]]) for number in pair]
        if held[0] != held[1]:
            name = Path(chosen.studies.paths[pair[held.index(True)]]).name
            found[pair[held.index(False)]] = f"it is nearly the same as {name}, which is held out"
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """Studies, what is said and seen of them, films that are left out, and what is asked for."""

    chosen: ReportStudies
    answers: Answers
    films: Squashed
    grids: tuple[Seen, ...]
    lost: frozenset[int]
    asked: Training
    made: Made

    def task(self, digest: str) -> ReportTask:
        """Return what the network learns, from reports that nobody holds out."""
        from xray_studio.ai.training.report import Reports, ReportTask

        texts = [flat(learnable(one.findings)) for one in self.chosen.reports]
        open_ones = self._open(texts)
        steers = self.chosen.studies.steering(self.asked.seed)
        learned, steering = np.flatnonzero(open_ones & ~steers), np.flatnonzero(open_ones & steers)
        if min(len(learned), len(steering)) < _LEAST:
            raise UsageError(
                f"{len(learned)} reports are left to learn from and {len(steering)} to steer by;"
                f" at least {_LEAST} of each are needed: name more studies."
            )
        told = told_matrix(self.chosen.reports)
        vocabulary = Vocabulary.of([texts[row] for row in learned])
        reports = Reports(
            self.grids, self._cases(), self.answers.logits,
            [vocabulary.numbers(text) for text in texts], shares(told, learned),
            [words_of(one.findings) for one in self.chosen.reports], told, learned, steering,
        )  # fmt: skip
        network = {
            **report_kind(self.made.decoder).network,
            "channels": self.grids[0].shape[1], "words": len(vocabulary),
        }  # fmt: skip
        return ReportTask(reports, vocabulary, network, digest=digest, seed=self.asked.seed)

    def _open(self, texts: list[tuple[str, ...]]) -> Marked:
        """Mark the studies that may be learned from: what all networks know is told otherwise."""
        there = np.array([bool(case[0]) for case in self._cases()], np.bool_)
        told = np.array([bool(text) for text in texts], np.bool_)
        known: Marked = self.chosen.held_out | (self.answers.parts == EVERY)
        return ~known & there & told

    def _cases(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        return [
            (self._left(frontal), self._left(lateral))
            for frontal, lateral in self.chosen.studies.cases
        ]

    def _left(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(number for number in numbers if number not in self.lost)

    def plan(self) -> Any:
        """Return how it is trained."""
        from xray_studio.ai.training import Plan

        return Plan(
            epochs=self.asked.epochs, batch=BATCH, rate=1e-3, decay=0.05, warm=0.1, average=0.995,
            patience=max(self.asked.epochs // 3, 4), seed=self.asked.seed,
        )  # fmt: skip

    def model(self, task: ReportTask, state: State, how: Writing, encoder: Chosen) -> Model:
        """Return what the model says of itself."""
        from xray_studio.ai.reports.writer import SEEING, WORDS_SHA256, WRITING

        words = hashlib.sha256(task.vocabulary.text().encode()).hexdigest()
        kind = report_kind(self.made.decoder)
        network = {
            **kind.network, "channels": self.grids[0].shape[1], "words": len(task.vocabulary),
            WORDS_SHA256: words, SEEING: encoder.encoder.facts, WRITING: how.facts(),
        }  # fmt: skip
        known = self._learned(task)
        best = best_of(state)
        training = {
            "epochs": self.asked.epochs, "best_epoch": best["best_epoch"], "seed": self.asked.seed,
            "studies": int(known.sum()), **self.asked.compute().facts(),
        }  # fmt: skip
        kind = replace(kind, network=network, input=encoder.spec)
        return kind.model(Learnt(self._sources(known), training))

    def _learned(self, task: ReportTask) -> Marked:
        found = np.zeros(len(self.chosen), np.bool_)
        found[np.concatenate([task.reports.learned, task.reports.steering])] = True
        return found

    def _sources(self, known: Marked) -> list[Any]:
        names = [case.study.rpartition("/")[0] for case in self.chosen.cases]
        found = []
        for one in self.chosen.studies.sources:
            rows = [n for n in np.flatnonzero(known) if names[n] in {one.name, ""}]
            films = sum(len(view) for n in rows for view in self._cases()[n])
            found += [source(one.name, self.asked.licences, len(rows), films)] if rows else []
        return found

    def known(self, task: ReportTask) -> Mapping[str, npt.NDArray[np.int64]]:
        """Return the marks of the studies that were learned from or steered."""
        own = self.chosen.studies.which(self._learned(task))
        return known_studies(own, self.films, np.zeros(len(own.cases), np.int64))


def shares(told: Marked, learned: npt.NDArray[np.int64]) -> Values:
    """Return how often each report is drawn: 1 where it tells no finding, else up to 3.

    By the rarest of its findings, the root of a quarter over its share: reports of healthy chests
    are alike, and would teach to write nothing else.
    """
    often = np.maximum(told[learned].mean(axis=0), 1e-4)
    rarest = np.where(told, often, np.inf).min(axis=1)
    return np.asarray(np.clip(np.sqrt(_RARE / rarest), 1.0, _MOST), np.float64)


def _weights(work: _Work, task: ReportTask, state: State, encoder: Chosen) -> Weights:
    from xray_studio.ai.reports.writer import packed_writer

    return packed_writer(encoder.encoder.weights, state.best, work.known(task))


def _words_file() -> str:
    from xray_studio.ai.reports.writer import VOCABULARY

    return VOCABULARY
