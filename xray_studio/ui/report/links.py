"""Links of the panel: buttons that look like words, and begin or end where other words do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark


def link(text: str, parent: QWidget) -> QPushButton:
    """Return a link without room beside its words, which Tab reaches."""
    made = button(text, parent, "link")
    mark(made, edge="flush")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def at_left(made: QPushButton) -> QHBoxLayout:
    """Return a row with a link at its left edge."""
    row = QHBoxLayout()
    row.addWidget(made)
    row.addStretch(1)
    return row


def at_right(left: QWidget, made: QPushButton) -> QHBoxLayout:
    """Return a row with something at the left, and a link at the right edge."""
    row = QHBoxLayout()
    row.addWidget(left, 1)
    row.addWidget(made)
    return row
