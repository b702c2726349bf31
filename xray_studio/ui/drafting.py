"""Drafting: what an engine is asked about the film in view, and the job in which it writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.mark import Kind
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.report import Measured
from xray_studio.core.study import Series
from xray_studio.services.report.dose import dose_lines, dose_reports
from xray_studio.services.report.drafting import Shown, Written, drafted, with_others
from xray_studio.services.report.films import measured_of
from xray_studio.ui.finding_state import film_of, holds
from xray_studio.ui.mark_state import rows_of
from xray_studio.ui.report_state import (
    EngineFact,
    engine_among,
    engine_shown,
    films_beside,
    series_beside,
)
from xray_studio.ui.state import State

WRITING = "Writing a draft"
LOOKING = "Looking for report engines"
NO_ENGINE = "No report engine can be used here; begin the report by hand."


def engine_chosen(state: State) -> str:
    """Return the engine that writes: the one that is shown, "" where it cannot be used."""
    shown = engine_shown(state)
    return "" if shown is None or shown.unavailable else shown.name


def asked_of(state: State) -> Asked:
    """Return what the session knows of the film in view; its films are added by the job."""
    told = holds(state)
    return Asked((), None if told is None else told.assessment, measured(state))


def measured(state: State) -> tuple[Measured, ...]:
    """Return the measurements on the clip in view as a report takes them."""
    clip = state.view.clip
    if clip is None:
        return ()
    rows = (row for row in rows_of(state) if row.mark.kind is not Kind.TEXT and not row.mark.hidden)
    return tuple(measured_of(clip, row.mark, row.frame, row.values) for row in rows)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A draft that is wanted: by the engine `name`, about a film and others of its study.

    `known` are the engines there are, None where nobody has looked for them yet; `doses` the files
    of dose reports on the study.
    """

    name: str
    known: tuple[EngineFact, ...] | None
    film: Shown
    others: tuple[Series, ...]
    doses: tuple[str, ...]
    asked: Asked


def wanted_of(state: State) -> Wanted | None:
    """Return the draft about the film in view that the settings ask for, None without a film."""
    film = film_of(state.view)
    if film is None:
        return None
    name, known = state.settings.reports.engine, state.reporting.engines
    doses = dose_reports(series_beside(state))
    return Wanted(name, known, film, films_beside(state), doses, asked_of(state))


def draft_of(wanted: Wanted) -> Job[Written]:
    """Let an engine write. Raises UsageError where no engine can be used."""
    yield Progress(message=WRITING)
    from xray_studio.services.report.engines import engine_called

    found = wanted.known if wanted.known is not None else (yield from engines_there())
    engine = engine_among(found, wanted.name)
    if engine is None:
        raise UsageError(NO_ENGINE)
    if engine.unavailable:
        raise UsageError(f"{engine.title}: {engine.unavailable}")
    films = yield from with_others(wanted.film, wanted.others)
    dose = yield from dose_lines(wanted.doses)
    asked = replace(wanted.asked, films=films, dose=dose)
    written = yield from drafted(engine_called(engine.name), asked, time_now())
    return written


def engines_there() -> Job[tuple[EngineFact, ...]]:
    """Return every engine, also those that cannot be used here."""
    yield Progress(message=LOOKING)
    from xray_studio.services.report.engines import engines_known

    return tuple(EngineFact(**one) for one in engines_known())


def time_now() -> datetime:
    """Return the time now, with its zone."""
    return datetime.now().astimezone()
