"""What panels that ask a model share: words that wrap, and a button with words beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from xray_studio.ui.look.theme import mark


def words_of_role(role: str, parent: QWidget) -> QLabel:
    """Return a label that wraps, in the look of a role such as "caption"."""
    made = QLabel(parent)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)  # what files and models say is no markup
    mark(made, role=role)
    return made


def button_row(button: QWidget, words: QWidget) -> QHBoxLayout:
    """Return a row of a button and words, which keeps the button's width where there are none."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(button)
    row.addWidget(words, 1)
    row.addStretch()
    return row


def show_part(bar: QProgressBar, part: float | None) -> None:
    """Show how much is done, 0 to 1; a bar that moves where nobody knows."""
    bar.setRange(0, 0 if part is None else 100)
    bar.setValue(round(100.0 * (part or 0.0)))


def show_words(label: QLabel, words: str) -> None:
    """Show words, and no label without any."""
    label.setText(words)
    label.setVisible(bool(words))
