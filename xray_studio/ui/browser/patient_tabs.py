"""Patient tabs: who is on view, and the patients looked at before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from xray_studio.core.study import Series
from xray_studio.ui.arrangements import on_view
from xray_studio.ui.browser.series_text import patient_titles
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

LEAST = 128  # pixels of a tab


class PatientTabs(QTabBar):
    """One tab for each patient looked at; choosing one leads back to the series seen last."""

    series_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fronts: list[Series] = []
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
        if (
            old.front is not new.front
            or old.catalog is not new.catalog
            or old.arrangements is not new.arrangements
            or old.identity_hidden != new.identity_hidden
        ):
            self._show(new)

    def _show(self, state: State) -> None:
        """Give every patient on view a tab with the right name."""
        numbered = {p.key: (p, number) for number, p in enumerate(state.catalog.patients, 1)}
        here, grids = on_view(state)
        known = [grid for grid in grids if grid.patient in numbered]
        self._fronts = [grid.front for grid in known]
        titles = patient_titles(
            [numbered[grid.patient] for grid in known], hidden=state.identity_hidden
        )
        current = next((n for n, grid in enumerate(known) if grid is here), -1)
        self._set(titles, current)

    def _set(self, titles: Sequence[str], current: int) -> None:
        self.blockSignals(True)
        while self.count() > len(titles):
            self.removeTab(self.count() - 1)
        while self.count() < len(titles):
            self.addTab("")
        for number, title in enumerate(titles):
            self.setTabText(number, title.replace("&", "&&"))
        self.setCurrentIndex(current)
        self.blockSignals(False)

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._fronts):
            self.series_chosen.emit(self._fronts[number])
