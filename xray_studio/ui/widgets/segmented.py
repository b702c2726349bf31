"""Segmented choice: a few exclusive options side by side, in lines where they are more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.look.theme import mark


class Segmented(QFrame):
    """A few options a line, one of all chosen. `chosen` tells a choice of the user."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        lines: int = 1,
    ) -> None:
        """Show `options`, pairs of key and text; `name` is what assistive tools read."""
        super().__init__(parent)
        self.setAccessibleName(name)
        mark(self, kind="segmented")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self.lines = lines
        across = -(-len(options) // lines) or 1
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        rows = [QHBoxLayout() for _ in range(lines)]
        for row in rows:
            row.setSpacing(0)
            column.addLayout(row)
        for number, (key, text) in enumerate(options):
            rows[number // across].addWidget(self._segment(key, text), 1)
        if options:
            self.set_value(options[0][0])

    def value(self) -> str:
        """Return the key of the chosen option."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose an option without telling."""
        self._buttons[key].setChecked(True)

    def set_text(self, key: str, text: str) -> None:
        """Rename an option."""
        self._buttons[key].setText(text)
        self._buttons[key].setAccessibleName(f"{self.accessibleName()}: {text}")

    def set_available(self, key: str, *, available: bool, reason: str = "") -> None:
        """Offer an option or not; `reason` is shown as its tooltip while it is not offered."""
        self._buttons[key].setEnabled(available)
        self._buttons[key].setToolTip("" if available else reason)

    def button(self, key: str) -> QPushButton:
        """Return the button of an option."""
        return self._buttons[key]

    def _segment(self, key: str, text: str) -> QPushButton:
        button = QPushButton(self)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        self.set_text(key, text)
        return button
