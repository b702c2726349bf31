"""Stage: the middle of the window, where pictures are, or what stands there without one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.browser.patient_tabs import PatientTabs
from xray_studio.ui.cine_bar import CineBar
from xray_studio.ui.document.reading import Reading
from xray_studio.ui.empty import EmptyPage
from xray_studio.ui.grid.grid import Grid
from xray_studio.ui.grid.offer_bar import OfferBar
from xray_studio.ui.grid.stage_bar import StageBar
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.displays import Displays
from xray_studio.ui.viewer.viewport import Viewport


class Stage(QWidget):
    """What is offered, patients, grid and cine bar; the empty page while nothing was found."""

    def __init__(
        self,
        session: Session,
        actions: Actions,
        displays: Displays,
        reading: Reading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.offers = OfferBar(self)
        self.pages = QStackedWidget(self)
        self.empty = EmptyPage(session, actions, self)
        self.bar = StageBar(session, actions, self)
        self.grid = Grid(session, actions, displays, reading, self)
        self.cine = CineBar(session, self)
        self._viewer = QWidget(self)
        mark(self._viewer, area="background")
        inside = _column(self._viewer)
        inside.addWidget(self.bar)
        inside.addWidget(self.grid, 1)
        inside.addWidget(self.cine)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self._viewer)
        column = _column(self)
        column.addWidget(self.offers)
        column.addWidget(self.pages, 1)
        session.changed.connect(self._follow)
        self._follow(session.state, session.state)

    @property
    def viewport(self) -> Viewport:
        """The active viewport."""
        return self.grid.viewport

    @property
    def tabs(self) -> PatientTabs:
        """The tabs of patients."""
        return self.bar.tabs

    def focus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the focus to what is shown, so that plain keys mean the picture."""
        empty = self.pages.currentWidget() is self.empty
        (self.empty if empty else self.grid.face).setFocus(reason)

    def _follow(self, _old: State, new: State) -> None:
        page = self.empty if new.front is None and not new.catalog.patients else self._viewer
        if page is not self.pages.currentWidget():
            had_focus = self.isAncestorOf(self.focusWidget())
            self.pages.setCurrentWidget(page)
            if had_focus:
                self.focus()


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
