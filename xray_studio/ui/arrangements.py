"""Arrangements: the grid of each patient, so that going back to one finds it as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from xray_studio.core.study import PatientKey, Series
from xray_studio.ui.browser.series_text import owner, same
from xray_studio.ui.layout import PLACES, Layout
from xray_studio.ui.session import State, View


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the grid showed of one patient."""

    views: tuple[View, ...]
    active: int
    layout: Layout
    alone: int | None

    def changes(self) -> dict[str, Any]:
        """Return the parts of the state that show it again."""
        return {name: getattr(self, name) for name in self.__slots__}


class Arrangements:
    """Remembers grids by patient."""

    def __init__(self) -> None:
        self._kept: dict[PatientKey, Arrangement] = {}

    def keep(self, state: State) -> None:
        """Remember the grid of the patient on screen; loops stand when it comes back."""
        key = patient_on_screen(state)
        if key is not None:
            views = tuple(map(_still, state.views))
            self._kept[key] = Arrangement(views, state.active, state.layout, state.alone)

    def of(self, key: PatientKey) -> Arrangement | None:
        """Return the grid of a patient, None when there is none."""
        return self._kept.get(key)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def _still(view: View) -> View:
    cine = replace(view.cine, playing=False)
    return replace(view, cine=cine, rate=None, cached=(), histogram=None)


def empty(state: State) -> Arrangement:
    """Return the grid of a patient of whom nothing was shown yet."""
    return Arrangement((View(),) * PLACES, state.active, state.layout, state.alone)


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
