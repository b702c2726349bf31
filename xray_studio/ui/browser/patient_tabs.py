"""Patient tabs: who is on view, and the patients looked at before."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from xray_studio.core.study import Patient, Series
from xray_studio.ui.browser.series_text import owner, patient_titles
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session, State

LEAST = 128  # pixels of a tab


@dataclass(slots=True)
class _Seen:
    patient: Patient
    series: Series
    title: str = ""


class PatientTabs(QTabBar):
    """One tab for each patient looked at; choosing one leads back to the series seen last."""

    series_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seen: list[_Seen] = []
        mark(self, kind="patients")
        self.setAccessibleName("Patients on view")
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        session.changed.connect(self._follow)
        self.currentChanged.connect(self._choose)

    def minimumTabSizeHint(self, number: int) -> QSize:
        """Return room in which a name can be told from another; more tabs than fit are scrolled."""
        return self.tabSizeHint(number).boundedTo(QSize(LEAST, self.height()))

    def _follow(self, old: State, new: State) -> None:
        if old.opened != new.opened:
            self._seen.clear()
        if (
            old.front is not new.front
            or old.catalog is not new.catalog
            or old.identity_hidden != new.identity_hidden
        ):
            self._note(new)

    def _note(self, state: State) -> None:
        """Remember the series on view and give every patient the right name."""
        front = state.front
        found = owner(state.catalog, front)
        if found is None or front is None:
            self._show(-1)
            return
        patient = found[1]
        seen = next((seen for seen in self._seen if seen.patient.key == patient.key), None)
        if seen is None:
            seen = _Seen(patient, front)
            self._seen.append(seen)
        seen.series = front
        numbers = {p.key: number for number, p in enumerate(state.catalog.patients, 1)}
        patients = [(one.patient, numbers.get(one.patient.key, 0)) for one in self._seen]
        titles = patient_titles(patients, hidden=state.identity_hidden)
        for one, title in zip(self._seen, titles, strict=True):
            one.title = title
        self._show(self._seen.index(seen))

    def _show(self, current: int) -> None:
        self.blockSignals(True)
        while self.count() > len(self._seen):
            self.removeTab(self.count() - 1)
        while self.count() < len(self._seen):
            self.addTab("")
        for number, seen in enumerate(self._seen):
            self.setTabText(number, seen.title.replace("&", "&&"))
        self.setCurrentIndex(current)
        self.blockSignals(False)

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._seen):
            self.series_chosen.emit(self._seen[number].series)
