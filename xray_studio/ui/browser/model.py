"""Rows of the browser: patients, their studies, their series."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from xray_studio.core.study import Catalog, Patient, PatientKey, Series, Study
from xray_studio.services.key_selections import key_series
from xray_studio.ui.browser.series_text import (
    begins_a_word,
    patient_details,
    patient_title,
    same,
    series_details,
    series_search_text,
    series_title,
    study_search_text,
    study_title,
)
from xray_studio.ui.look.theme import px

ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class Kind(enum.Enum):
    """What a row stands for."""

    PATIENT = "patient"
    STUDY = "study"
    SERIES = "series"


PATIENT_HEIGHT, STUDY_HEIGHT, SERIES_HEIGHT = 56, 28, 92


class Row(NamedTuple):
    """One row. `number` counts patients from 1; `folded` headers hide what belongs to them."""

    kind: Kind
    number: int
    patient: Patient
    study: Study | None = None
    series: Series | None = None
    foldable: bool = False
    folded: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list: every word of `words` must be found; `folded` are keys of patients.

    Words are in lower case. One is found where a word begins with it, or as the whole code of a
    modality: "xa" is no part of "example". `keys` are SOP Instance UIDs to list alone,
    `beside` files that stand with the series that they are about, `notes` what is said of series.
    """

    words: tuple[str, ...] = ()
    folded: frozenset[PatientKey] = frozenset()
    hidden: bool = False
    keys: frozenset[str] | None = None
    beside: frozenset[str] = frozenset()
    notes: Mapping[tuple[object, ...], str] = field(default_factory=dict)


def rows(catalog: Catalog, chosen: Filter) -> list[Row]:
    """Return the rows of a catalogue that pass a filter; a search opens folded headers."""
    several = len(catalog.patients) > 1
    found: list[Row] = []
    for number, patient in enumerate(catalog.patients, 1):
        folded = several and not chosen.words and patient.key in chosen.folded
        below = list(_studies(patient, number, chosen))
        if below:
            found.append(Row(Kind.PATIENT, number, patient, foldable=several, folded=folded))
            found.extend([] if folded else below)
    return found


def _studies(patient: Patient, number: int, chosen: Filter) -> Iterator[Row]:
    for study in patient.studies:
        series = _passing(patient, study, chosen) if chosen.words else study.series
        if chosen.keys is not None:
            series = key_series(series, chosen.keys)
        series = [s for s in series if not chosen.beside.intersection(s.paths[:1])]
        if series:
            yield Row(Kind.STUDY, number, patient, study)
            for found in series:
                note = chosen.notes.get(found.identity, "")
                yield Row(Kind.SERIES, number, patient, study, found, note=note)


def _passing(patient: Patient, study: Study, chosen: Filter) -> list[Series]:
    above = study_search_text(patient, study, hidden=chosen.hidden)
    words = [word for word in chosen.words if not begins_a_word(word, above)]
    return [s for s in study.series if _found(s, words, hidden=chosen.hidden)]


def _found(series: Series, words: Sequence[str], *, hidden: bool) -> bool:
    modality, text = series.modality.lower(), series_search_text(series, hidden=hidden)
    return all(word == modality or begins_a_word(word, text) for word in words)


class BrowserModel(QAbstractListModel):
    """The rows as Qt sees them. Rows that did not change keep their place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.hidden = False

    def show(self, wanted: list[Row], *, hidden: bool) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.rows, self.hidden = wanted, hidden
        self.endResetModel()

    def heights(self) -> list[int]:
        """Return the height of every row in pixels."""
        return [_height(row) for row in self.rows]

    def row_of(self, series: Series | None) -> int:
        """Return the position of a series, -1 when it is not listed."""
        if series is None:
            return -1
        return next(
            (n for n, row in enumerate(self.rows) if row.series and same(row.series, series)), -1
        )

    def row_like(self, row: Row) -> int:
        """Return the position of a row that stands for the same thing, -1 when it is gone."""
        return next((n for n, other in enumerate(self.rows) if _alike(row, other)), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Tell that series and foldable headers can be chosen, and series dragged."""
        row = self.rows[index.row()]
        if row.series is not None:
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            return flags | Qt.ItemFlag.ItemIsDragEnabled
        if row.foldable:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row itself, or its words for tooltips and assistive tools."""
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(filter(None, self._words(row)))
        if role == Qt.ItemDataRole.ToolTipRole and row.series is not None:
            return "\n".join(filter(None, self._words(row)))
        return None

    def _words(self, row: Row) -> tuple[str, ...]:
        if row.series is not None:
            series, hidden = row.series, self.hidden
            words = series_details(series, hidden=hidden)
            return series_title(series, hidden=hidden), *words, row.note
        if row.study is not None:
            return study_title(row.study, hidden=self.hidden)
        title = patient_title(row.patient, row.number, hidden=self.hidden)
        return title, patient_details(row.patient, hidden=self.hidden)


def _height(row: Row) -> int:
    if row.series is not None:
        return max(px(SERIES_HEIGHT - 14), SERIES_HEIGHT)
    return px(PATIENT_HEIGHT if row.study is None else STUDY_HEIGHT)


def _alike(one: Row, other: Row) -> bool:
    if one.kind is not other.kind:
        return False
    if one.series is not None:
        return other.series is not None and same(one.series, other.series)
    if one.study is not None and other.study is not None:
        uids = one.study.study_instance_uid, other.study.study_instance_uid
        return one.patient.key == other.patient.key and uids[0] == uids[1]
    return one.patient.key == other.patient.key
