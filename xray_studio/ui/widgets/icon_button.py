"""Icon button: a square button with one icon and a name."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from xray_studio.ui.look.icons import SIZE, icon
from xray_studio.ui.widgets.hint import hint


class IconButton(QToolButton):
    """A button of one icon; `text` is its tooltip and what assistive tools read.

    `actions` are the names of the actions that do the same, whose keys stand in the tooltip.
    """

    def __init__(
        self,
        name: str,
        text: str,
        actions: str = "",
        *,
        side: int = 34,
        size: int = SIZE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(size, size))
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("actions", actions)
        self.show_as(name, text)

    def show_as(self, name: str, text: str) -> None:
        """Change icon and name (a play button becomes a pause button)."""
        self.setIcon(icon(name))
        self.setAccessibleName(text)
        hint(self, text)
