"""Icon button: a square button with one icon and a name."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from xray_studio.ui.look.icons import SIZE, icon


class IconButton(QToolButton):
    """A button of one icon; `text` is its tooltip and what assistive tools read."""

    def __init__(
        self,
        name: str,
        text: str,
        key: str = "",
        *,
        side: int = 34,
        size: int = SIZE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(size, size))
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_as(name, text, key)

    def show_as(self, name: str, text: str, key: str = "") -> None:
        """Change icon, name and key (a play button becomes a pause button)."""
        self.setIcon(icon(name))
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({key})" if key else text)
