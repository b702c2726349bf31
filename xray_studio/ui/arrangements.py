"""Arrangements: the grid of each patient, so that going back to one finds it as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from xray_studio.core.study import PatientKey, Series
from xray_studio.ui.beside import together
from xray_studio.ui.browser.series_text import owner, same
from xray_studio.ui.layout import PLACES, Layout
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.volume.look import left


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """What the grid showed of one patient; `front` is the series to go back to."""

    patient: PatientKey
    front: Series
    views: tuple[View, ...]
    active: int
    layout: Layout
    alone: int | None = None

    def changes(self) -> dict[str, Any]:
        """Return the parts of the state that show it again."""
        return {name: getattr(self, name) for name in _SHOWN}


_SHOWN = ("views", "active", "layout", "alone")


def on_view(state: State) -> tuple[Arrangement | None, tuple[Arrangement, ...]]:
    """Return the grid of the patient on screen, None while it is empty, and those of all.

    A picture that is shown twice, and a volume, are kept as they were before.
    """
    state = replace(state, **together(state))
    state = replace(state, **left(state))
    front, key = state.front, patient_on_screen(state)
    if front is None or key is None:
        return None, state.arrangements
    here = Arrangement(key, front, state.views, state.active, state.layout, state.alone)
    return here, put_in(state.arrangements, here)


def put_in(
    arrangements: tuple[Arrangement, ...], arrangement: Arrangement
) -> tuple[Arrangement, ...]:
    """Return grids with that of one patient, in place of the one before or behind all others."""
    patients = [one.patient for one in arrangements]
    if arrangement.patient not in patients:
        return (*arrangements, arrangement)
    number = patients.index(arrangement.patient)
    return (*arrangements[:number], arrangement, *arrangements[number + 1 :])


def without(
    arrangements: tuple[Arrangement, ...], patient: PatientKey | None
) -> tuple[Arrangement, ...]:
    """Return grids without that of one patient."""
    return tuple(one for one in arrangements if one.patient != patient)


def turned_to(state: State, series: Series) -> State:
    """Return a state with the grid of the patient of a series, empty where none was shown yet.

    The one on screen is kept; its loops stand when it comes back.
    """
    here, kept = on_view(state)
    state = replace(state, **together(state))
    state = replace(state, **left(state))
    if here is not None:
        kept = put_in(kept, replace(here, views=tuple(map(_still, here.views))))
    key = patient_of(state, series)
    found = next((one for one in kept if one.patient == key), None)
    shown = {"views": (View(),) * PLACES} if found is None else found.changes()
    return replace(state, arrangements=kept, **shown)


def _still(view: View) -> View:
    cine = replace(view.cine, playing=False)
    return replace(view, cine=cine, rate=None, cached=(), histogram=None)


def patient_on_screen(state: State) -> PatientKey | None:
    """Return whose pictures the grid shows, None while it is empty."""
    return patient_of(state, state.front)


def patient_of(state: State, series: Series | None) -> PatientKey | None:
    """Return whose a series is, None when it is not in the catalogue."""
    found = owner(state.catalog, series)
    return None if found is None else found[1].key


def is_of_another(state: State, series: Series) -> bool:
    """Tell whether a series is of another patient than the pictures in the grid."""
    here = patient_on_screen(state)
    return here is not None and patient_of(state, series) != here


def place_of(state: State, series: Series) -> int | None:
    """Return the place on screen that shows a series, the active one first."""
    places = (state.active, *state.shown)
    return next((place for place in places if same(series, state.views[place].series)), None)
