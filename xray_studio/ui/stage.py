"""Stage: the middle of the window, where pictures are, or what stands there without one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.browser.patient_tabs import PatientTabs
from xray_studio.ui.cine_bar import CineBar
from xray_studio.ui.empty import EmptyPage
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session, State
from xray_studio.ui.viewer.viewport import Viewport


class Stage(QStackedWidget):
    """Patient tabs, viewport and cine bar; the empty page while no series is chosen."""

    def __init__(self, session: Session, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = EmptyPage(session, actions, self)
        self.tabs = PatientTabs(session, self)
        self.viewport = Viewport(session, self)
        self.cine = CineBar(session, self)
        self._viewer = QWidget(self)
        mark(self._viewer, area="background")
        column = QVBoxLayout(self._viewer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.viewport, 1)
        column.addWidget(self.cine)
        self.addWidget(self.empty)
        self.addWidget(self._viewer)
        session.changed.connect(self._follow)
        self._follow(session.state, session.state)

    def focus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the focus to what is shown, so that plain keys mean the picture."""
        (self.empty if self.currentWidget() is self.empty else self.viewport).setFocus(reason)

    def _follow(self, _old: State, new: State) -> None:
        page = self.empty if new.view.series is None else self._viewer
        if page is not self.currentWidget():
            had_focus = self.isAncestorOf(self.focusWidget())
            self.setCurrentWidget(page)
            if had_focus:
                self.focus()
