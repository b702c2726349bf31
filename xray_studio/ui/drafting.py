"""Drafting: what an engine is asked about the film in view, and the job in which it writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.mark import Kind
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.report import Measured
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import Shown, Written, drafted, with_others
from xray_studio.services.report.films import measured_of
from xray_studio.ui.finding_state import holds
from xray_studio.ui.mark_state import rows_of
from xray_studio.ui.report_state import EngineFact, engine_among, engine_shown
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


def draft_of(
    known: Sequence[EngineFact] | None,
    name: str,
    film: Shown,
    others: tuple[Series, ...],
    asked: Asked,
) -> Job[Written]:
    """Let an engine write about a film and the others of its study.

    `known` are the engines there are, None where nobody has looked for them yet; `name` is the one
    that is set. Raises UsageError where no engine can be used.
    """
    yield Progress(message=WRITING)
    from xray_studio.services.report.engines import engine_called

    found = known if known is not None else (yield from engines_there())
    engine = engine_among(found, name)
    if engine is None:
        raise UsageError(NO_ENGINE)
    if engine.unavailable:
        raise UsageError(f"{engine.title}: {engine.unavailable}")
    films = yield from with_others(film, others)
    written = yield from drafted(
        engine_called(engine.name), replace(asked, films=films), time_now()
    )
    return written


def engines_there() -> Job[tuple[EngineFact, ...]]:
    """Return every engine, also those that cannot be used here."""
    yield Progress(message=LOOKING)
    from xray_studio.services.report.engines import engines_known

    return tuple(EngineFact(**one) for one in engines_known())


def time_now() -> datetime:
    """Return the time now, with its zone."""
    return datetime.now().astimezone()
