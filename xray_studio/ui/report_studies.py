"""Which report belongs to which study: that of the study in view is on screen, and no other.

One that is left while a draft of it is being written is kept aside, and comes back with its study.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xray_studio.core.report.report import Report
from xray_studio.core.study import Series
from xray_studio.ui.finding_state import film_of, image_of
from xray_studio.ui.report_state import Reporting, StudyKey

if TYPE_CHECKING:
    from xray_studio.ui.state import State

OF_PATIENT, OF_STUDY = 2, 3  # how much of the owner of a series tells a patient, and a study


def study_of(state: State) -> StudyKey:
    """Return what tells the study of the film in view apart, () without a film.

    Its patient and its UID, since badly anonymised studies share UIDs; a picture that names no
    study is one of its own.
    """
    film = film_of(state.view)
    if film is None:
        return ()
    uid = film[0].acquisition.study_instance_uid
    own = (uid,) if uid else image_of(*film)
    return (*_owner(state.view.series)[:OF_PATIENT], *own)


def reporting_of(state: State, study: StudyKey) -> Reporting | None:
    """Return what is known of a study, in view or aside; None for one that nobody waits for."""
    if state.reporting.study == study:
        return state.reporting
    return next((one for one in state.reports_aside if one.study == study), None)


def change_of(
    state: State, study: StudyKey, change: Callable[[Reporting], Reporting]
) -> dict[str, Any]:
    """Return what changes in the state when what is known of a study does; nothing without it."""
    if state.reporting.study == study:
        return {"reporting": change(state.reporting)}
    aside = tuple(change(one) if one.study == study else one for one in state.reports_aside)
    return {"reports_aside": aside}


def is_of_another_patient(state: State, report: Report) -> bool:
    """Tell whether a report is about films that only another patient than that in view has.

    Badly anonymised studies share UIDs, and so the place where reports of them are kept.
    """
    uids = {film.sop_instance_uid for film in report.films} - {""}
    owners = {
        series.owner[:OF_PATIENT]
        for series in state.catalog.all_series()
        if any(one.sop_instance_uid in uids for one in series.instances)
    }
    return bool(owners) and _owner(state.front)[:OF_PATIENT] not in owners


def reported(old: State, new: State) -> State:
    """Return a state with the report of the study in view; nothing of another one stays on screen.

    What is under way for a study goes on while its patient is open.
    """
    if all(getattr(old, name) is getattr(new, name) for name in _LEADING):
        return new
    study, left = _study_in_front(new), new.reporting
    if study == left.study:
        return _without_closed(new)
    found = reporting_of(new, study)
    shown = Reporting(study) if found is None else found
    aside = tuple(one for one in new.reports_aside if one is not found)
    kept = (*aside, left) if left.is_under_way else aside
    shown = replace(shown, engines=left.engines)
    return _without_closed(replace(new, reporting=shown, reports_aside=kept))


_LEADING = ("views", "active", "arrangements")


def _study_in_front(state: State) -> StudyKey:
    """Return the study that the report is to be about.

    Where no film is in view, a document, an empty place or a clip that is being opened, it is that
    of the report on screen as long as that is of the study in front.
    """
    if film_of(state.view) is not None:
        return study_of(state)
    now = state.reporting.study
    return now if _is_of(now, state.front) else ()


def _is_of(study: StudyKey, series: Series | None) -> bool:
    """Tell whether a study is that of a series, also before its clip is open."""
    owner = _owner(series)
    if not study or series is None:
        return False
    if len(study) == len(owner[:OF_STUDY]):
        return study == owner[:OF_STUDY]
    return study[:OF_PATIENT] == owner[:OF_PATIENT] and study[OF_PATIENT] in series.paths


def _without_closed(state: State) -> State:
    """Return a state without what is aside for patients who are closed."""
    if not state.reports_aside:
        return state
    fronts = (state.front, *(one.front for one in state.arrangements))
    patients = [_owner(one)[:OF_PATIENT] for one in fronts if one is not None]
    kept = tuple(one for one in state.reports_aside if one.study[:OF_PATIENT] in patients)
    return state if len(kept) == len(state.reports_aside) else replace(state, reports_aside=kept)


def _owner(series: Series | None) -> StudyKey:
    return () if series is None else series.owner
