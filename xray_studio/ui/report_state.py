"""The report on the study in view, its history, and what is being written. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from xray_studio.core.job import Progress
from xray_studio.core.kinds import FILMS
from xray_studio.core.report.engine import Draft
from xray_studio.core.report.report import SUMMARY, Report, Section, Where
from xray_studio.core.report.sentence import Sentence
from xray_studio.core.study import Series
from xray_studio.ui.browser.series_text import owner
from xray_studio.ui.finding_state import other_films
from xray_studio.ui.nearest_state import Nearest

if TYPE_CHECKING:
    from xray_studio.ui.state import State

MOST = 200  # steps that can be undone
STALE = (
    "The picture in view is another one than this report was written about: its pixels have"
    " changed since."
)


StudyKey: TypeAlias = tuple[object, ...]
"""What tells studies apart (`ui.report_studies`); empty for none."""


@dataclass(frozen=True, slots=True)
class EngineFact:
    """An engine as a person chooses it; `unavailable` is a sentence, "" where it can be used."""

    name: str
    title: str
    unavailable: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reporting:
    """What is known of reports on one study.

    `study` tells studies apart; `looked` that kept reports of it have been looked for. `report` is
    the one on screen, `past` and `future` what it was before and after steps that were undone,
    `typed` what is being typed, so that letters of one word are undone together. `others` are
    further reports of the study. `writing` is a draft that
    an engine is writing. `busy` are words for what is being done, "" when nothing is; `told` is why
    the last of it did not work, or why an engine abstained. `at` is the sentence that has the
    cursor. `stale` tells that the picture in view has other pixels than the report was made of.
    `saved` is the version that lies on the disk. `slips` are words that no list knows, with those
    that may be meant. `nearest` are cases like the film in view.
    """

    study: StudyKey = ()
    looked: bool = False
    report: Report | None = None
    past: tuple[Report, ...] = ()
    future: tuple[Report, ...] = ()
    typed: tuple[object, ...] = ()
    others: tuple[Report, ...] = ()
    writing: Draft | None = None
    busy: str = ""
    progress: Progress | None = None
    told: str = ""
    engines: tuple[EngineFact, ...] | None = None
    at: Where | None = None
    stale: bool = False
    saved: Report | None = None
    slips: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nearest: Nearest = field(default_factory=Nearest)

    @property
    def is_under_way(self) -> bool:
        """Tell whether anything is being done about the study."""
        return bool(self.busy or self.nearest.busy)

    @property
    def is_open(self) -> bool:
        """Tell whether the report on screen can be edited."""
        return self.report is not None and not self.report.is_signed and self.writing is None

    def put(self, report: Report, typed: tuple[object, ...] = ()) -> Reporting:
        """Return it with another report, which can be undone; the same one changes nothing."""
        if report is self.report or report == self.report:
            return self
        joins = bool(typed) and typed == self.typed
        past = self.past if joins or self.report is None else (*self.past, self.report)[-MOST:]
        return replace(self, report=report, past=past, future=(), typed=typed)

    def idle(self) -> Reporting:
        """Return it with no draft being written."""
        if not self.busy and self.writing is None:
            return self
        return replace(self, busy="", progress=None, writing=None)

    def begun(self, report: Report) -> Reporting:
        """Return it with a new report on screen; the one before is among the others."""
        others = self.others if self.report is None else (*self.others, self.report)
        every = (where for where, _ in report.each())
        first = next(iter((*report.open_places(), *every)), None)
        return replace(self.shown(report), others=others, at=first)

    def shown(self, report: Report | None) -> Reporting:
        """Return it with a report that begins without a history."""
        return replace(
            self, report=report, past=(), future=(), typed=(), at=None, writing=None, told="",
            stale=False,
        )  # fmt: skip


def engine_shown(state: State) -> EngineFact | None:
    """Return the engine that is set, usable or not; else the first that is; None for none."""
    return engine_among(state.reporting.engines or (), state.settings.reports.engine)


def engine_among(known: Sequence[EngineFact], name: str) -> EngineFact | None:
    """Return the engine of a name, usable or not; else the first that is; None for none."""
    wanted = [one for one in known if one.name == name]
    usable = [one for one in known if not one.unavailable]
    return next(iter((*wanted, *usable)), None)


def is_looking(state: State) -> bool:
    """Tell whether cases like the film in view are looked for, or the library is indexed."""
    return bool(state.reporting.nearest.busy) or state.indexing is not None


def films_beside(state: State) -> tuple[Series, ...]:
    """Return the other films of the study of the film in view; loops and slices stand alone."""
    series = state.view.series
    if series is None or series.modality not in FILMS:
        return ()
    return other_films(state.catalog, series)


def series_beside(state: State) -> tuple[Series, ...]:
    """Return all series of the study in view, documents too."""
    found = owner(state.catalog, state.view.series)
    return () if found is None else found[2].series


def sections_shown(state: State) -> tuple[Section, ...]:
    """Return the sections on screen: those of a draft as it is written, else of the report."""
    reporting = state.reporting
    if reporting.writing is not None:
        return reporting.writing.sections
    return () if reporting.report is None else reporting.report.sections


def summary_shown(state: State) -> Sentence | None:
    """Return the summary on screen."""
    reporting = state.reporting
    if reporting.writing is not None:
        return reporting.writing.summary
    return None if reporting.report is None else reporting.report.summary


def sentence_at(state: State, where: Where | None = None) -> Sentence | None:
    """Return the sentence at a place, at that of the cursor when None; None for none."""
    place = state.reporting.at if where is None else where
    report = state.reporting.report
    if place is None or report is None:
        return None
    if place == SUMMARY:
        return report.summary
    if not 0 <= place.section < len(report.sections):
        return None
    sentences = report.sections[place.section].sentences
    return sentences[place.sentence] if 0 <= place.sentence < len(sentences) else None
