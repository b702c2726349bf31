"""Links of the panel: buttons that look like words, and begin where other words do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from xray_studio.ui.dialogs.parts import button

EDGE = 5  # pixels of border and padding round the words of a link
CHEVRON = 4  # empty pixels of a chevron beside its strokes


def link(text: str, parent: QWidget) -> QPushButton:
    """Return a link that the mouse leaves the focus to where it is."""
    made = button(text, parent, "link")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def flush_left(made: QPushButton) -> QHBoxLayout:
    """Return a row in which a link begins at the left edge, whatever surrounds its words."""
    row = QHBoxLayout()
    row.setContentsMargins(-EDGE - (0 if made.icon().isNull() else CHEVRON), 0, 0, 0)
    row.addWidget(made)
    row.addStretch(1)
    return row


def flush_right(left: QWidget, made: QPushButton) -> QHBoxLayout:
    """Return a row with something at the left and a link whose words end at the right edge."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, -EDGE, 0)
    row.addWidget(left, 1)
    row.addWidget(made)
    return row
