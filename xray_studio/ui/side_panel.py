"""Side panel: the tabs on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from xray_studio.ui.look.theme import mark

INSET = 8  # logical pixels: titles begin where the panels do


class SidePanel(QWidget):
    """Panels of which one is shown; a panel that is not shown does no work."""

    def __init__(
        self, panels: Sequence[tuple[str, QWidget]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        mark(self, area="panel")
        self.setAccessibleName("Panels")
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("Panels")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.stack = QStackedWidget(self)
        for title, panel in panels:
            self.tabs.addTab(title)
            self.stack.addWidget(panel)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        line = QFrame(self)
        mark(line, line="horizontal")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, 0, 0)
        head.addWidget(self.tabs)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self.stack, 1)

    def show_widget(self, panel: QWidget) -> None:
        """Show a panel."""
        self.tabs.setCurrentIndex(self.stack.indexOf(panel))

    def show_panel(self, number: int) -> None:
        """Show a panel by its place."""
        self.tabs.setCurrentIndex(number)
