"""Side panel: what the rail chooses, under its full name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from xray_studio.ui.areas import holds_focus
from xray_studio.ui.look.theme import mark
from xray_studio.ui.panel_rail import Entry, PanelRail
from xray_studio.ui.widgets.icon_button import IconButton

INSET = 16  # logical pixels: the name begins where the panels do
CLOSE, PICTURE = 28, 18  # the button that hides the panel, and its icon


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: what the rail says of it, its widget, and what gives its first control the focus."""

    entry: Entry
    widget: QWidget
    focus: Callable[[], object]


class SidePanel(QWidget):
    """Panels of which one is shown; a panel that is not shown does no work.

    `tabs` is the rail that chooses one. It stands beside this panel, also while that is hidden.
    """

    def __init__(self, panels: Sequence[Panel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Panel")
        self._panels = tuple(panels)
        self.tabs = PanelRail([panel.entry for panel in panels], parent)
        self.heading = QLabel(self)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        mark(self.heading, role="title")
        self.stack = QStackedWidget(self)
        for panel in panels:
            self.stack.addWidget(panel.widget)
        self._lay_out()
        self.tabs.currentChanged.connect(self._turn)
        self.tabs.tabBarClicked.connect(self._press)
        self.tabs.entered.connect(self.enter)
        self._turn(0)

    def show_widget(self, panel: QWidget) -> None:
        """Show a panel."""
        self.tabs.setCurrentIndex(self.stack.indexOf(panel))

    def show_panel(self, number: int) -> None:
        """Show a panel by its place."""
        self.tabs.setCurrentIndex(number)

    def step(self, by: int) -> None:
        """Show the next panel or the one before, round the ends."""
        self.show()
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    def enter(self) -> None:
        """Show the panel and give the focus to what can be done there."""
        self.show()
        self._panels[self.tabs.currentIndex()].focus()
        if not holds_focus(self):  # nothing can be done there now
            self.close_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Mark the panel in the rail."""
        super().showEvent(event)
        self.tabs.set_open(is_open=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Mark no panel in the rail while none is in sight."""
        super().hideEvent(event)
        self.tabs.set_open(is_open=not self.isHidden())

    def _lay_out(self) -> None:
        self.close_button = IconButton("panel-right-close", "Hide the panel", "panels", side=CLOSE,
            size=PICTURE, parent=self)  # fmt: skip
        self.close_button.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 2, INSET - 4, 2)
        head.addWidget(self.heading, 1)
        head.addWidget(self.close_button)
        line = QFrame(self)
        mark(line, line="horizontal")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self.stack, 1)

    def _turn(self, number: int) -> None:
        """Show what was chosen; whoever walks along the rail wants to see it."""
        self.heading.setText(self._panels[number].entry.title)
        self.stack.setCurrentIndex(number)
        if self.isHidden() and self.tabs.hasFocus():
            self.show()

    def _press(self, number: int) -> None:
        """Hide the panel when it is chosen again, show it when it was hidden."""
        if self.isHidden():
            self.show()
        elif number == self.tabs.currentIndex():
            self.hide()
