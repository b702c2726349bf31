"""What of the browser can be sent: a series, its study, its patient, everything. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.ui.browser.model import Kind, Row
from xray_studio.ui.browser.series_text import (
    owner,
    patient_title,
    series_title,
    study_title,
)

EVERYTHING = "Everything that is open"


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of what is open, in words, as a catalogue of its own."""

    words: str
    catalog: Catalog

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that hold it."""
        every = (path for series in self.catalog.all_series() for path in series.paths)
        return tuple(dict.fromkeys(every))


def of_files(words: str, paths: Sequence[str]) -> Scope:
    """Return objects that lie in files, whether they are open or not."""
    series = Series("", instances=tuple(Instance(path) for path in paths))
    return Scope(words, Catalog((Patient("", studies=(Study("", series=(series,)),)),)))


def scopes(
    catalog: Catalog, series: Series | None, row: Row | None = None, *, hidden: bool = False
) -> tuple[Scope, ...]:
    """Return what can be sent, at first what a row of the browser stands for, else a series.

    Each is a wider part of what is open; parts that are no wider are left out.
    """
    found: list[Scope] = []
    for scope in _scopes(catalog, series, row, hidden=hidden):
        if not found or len(scope.paths) > len(found[-1].paths):
            found.append(scope)
    return tuple(found)


def _scopes(
    catalog: Catalog, series: Series | None, row: Row | None, *, hidden: bool
) -> Iterator[Scope]:
    of = None if row is None else (row.number, row.patient, row.study)
    if row is not None:
        series = row.series
    elif series is not None:
        of = owner(catalog, series)
    if of is not None:
        number, patient, study = of
        if study is not None:
            yield from _of_study(patient, study, series, hidden=hidden)
        title = patient_title(patient, number, hidden=hidden)
        yield Scope(f"Patient: {title}", Catalog((patient,)))
    yield Scope(EVERYTHING, Catalog(catalog.patients))


def _of_study(
    patient: Patient, study: Study, series: Series | None, *, hidden: bool
) -> Iterator[Scope]:
    if series is not None:
        alone = replace(study, series=(series,))
        title = series_title(series, hidden=hidden)
        yield Scope(f"Series: {title}", _catalog(patient, alone))
    title, date = study_title(study, hidden=hidden)
    words = " · ".join(filter(None, (title, date)))
    yield Scope(f"Study: {words}", _catalog(patient, study))


def _catalog(patient: Patient, study: Study) -> Catalog:
    return Catalog((replace(patient, studies=(study,)),))


def menu_words(row: Row) -> str:
    """Return what the menu of a row offers."""
    what = {Kind.PATIENT: "patient", Kind.STUDY: "study", Kind.SERIES: "series"}[row.kind]
    return f"Send this {what}\N{HORIZONTAL ELLIPSIS}"
