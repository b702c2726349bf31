"""Stage bar: patients on the left; what is linked, and the layout, on the right."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.browser.patient_tabs import PatientTabs
from xray_studio.ui.header import ActionButton
from xray_studio.ui.layout import Link
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

# Actions of the buttons with their icons.
LINKS = {
    "link_window": "contrast",
    "link_zoom": "zoom-in",
    "link_pan": "move",
    "link_frame": "film",
    "link_slice": "layers",
    "link_time": "clock",
}
SIDE = 28
ROOMY = 560  # pixels


class StageBar(QWidget):
    """Stands above the grid. `layouts_asked` tells where (on the screen) their menu is to open."""

    layouts_asked = Signal(QPoint)

    def __init__(self, session: Session, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = PatientTabs(session, self)
        self.links = QWidget(self)
        self.words = QLabel("Link", self.links)
        self.buttons = {name: self._button(actions, name) for name in LINKS}
        self.pace = QPushButton(self)
        self.layout_button = QPushButton(icon("layout-grid"), "", self)
        self._build(actions)
        session.changed.connect(self._follow)
        self._show(session.state)

    def _button(self, actions: Actions, name: str) -> ActionButton:
        button = ActionButton(actions[name], LINKS[name], self.links)
        button.setFixedSize(SIDE, SIDE)
        return button

    def _build(self, actions: Actions) -> None:
        mark(self.words, role="caption")
        row = QHBoxLayout(self.links)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.words)
        row.addSpacing(4)
        for link in self.buttons.values():
            row.addWidget(link)
        row.addWidget(self.pace)
        for button in (self.pace, self.layout_button):
            mark(button, kind="quiet")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pace.clicked.connect(actions["stretch"].trigger)
        self.pace.setAccessibleName("How loops on one clock run")
        self.layout_button.setAccessibleName("Layout")
        self.layout_button.setToolTip("Rows and columns of viewports")
        self.layout_button.clicked.connect(self._ask_layouts)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 8, 0)
        whole.setSpacing(8)
        whole.addWidget(self.tabs, 1)
        whole.addWidget(self.links)
        whole.addWidget(self.layout_button)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Leave words out where tabs need the room; the menu of links has them all."""
        self._show(self._session.state)

    def _ask_layouts(self) -> None:
        corner = self.layout_button.rect().bottomRight()
        self.layouts_asked.emit(self.layout_button.mapToGlobal(corner))

    def _follow(self, old: State, new: State) -> None:
        if old.layout != new.layout or old.shown != new.shown:
            self._show(new)

    def _show(self, state: State) -> None:
        several = state.layout.count > 1 or bool(state.detached)
        self.links.setVisible(several)
        self.words.setVisible(self.width() >= ROOMY)
        self.pace.setVisible(state.has_link(Link.TIME) and self.width() >= ROOMY)
        stretched = state.layout.stretched
        self.pace.setText("Stretched" if stretched else "Own speed")
        self.pace.setToolTip(
            "Loops start together and are stretched to the longest; click for their own speed"
            if stretched
            else "Loops start together, each at its own speed; click to stretch them to the longest"
        )
        self.layout_button.setText(f" {state.layout.words}")
