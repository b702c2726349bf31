"""Rows of the volume panel: a name on the left, what is chosen on the right."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from xray_studio.ui.look.theme import mark


def choice_box(name: str, parent: QWidget) -> QComboBox:
    """Return a box to choose in, as wide as its neighbours; `name` is what assistive tools read."""
    made = QComboBox(parent)
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(16)
    return made


def labelled_row(
    words: str, control: QWidget, parent: QWidget, role: str = "secondary"
) -> QHBoxLayout:
    """Return words and a control on one line."""
    label = QLabel(words, parent)
    mark(label, role=role)
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label, 1)
    row.addWidget(control)
    return row
