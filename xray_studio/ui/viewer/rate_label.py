"""Rate label: the rate achieved and wanted with its source, in room that stays the same.

Speeds of frames change several times a second; nothing beside them may move for that.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.elided import SPARE, Elided

LEAST_SOURCE = 64  # pixels; a source elided to less tells nothing


class RateLabel(QWidget):
    """The rate achieved in strong figures, then the rest, which is elided where room is short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.achieved, self.rest = QLabel(self), Elided(self)
        mark(self.achieved, role="strong")
        mark(self.rest, role="secondary")
        self.achieved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.achieved.ensurePolished()
        self.rest.ensurePolished()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.achieved)
        row.addWidget(self.rest, 1)

    def full(self, achieved: str, rest: str) -> int:
        """Return the room for all of the rate while it plays, in pixels."""
        return self._figures(achieved) + self._words(rest)

    def least(self, achieved: str, rest: str) -> int:
        """Return the room below which no source can be told."""
        return self._figures(achieved) + min(self._words(rest), LEAST_SOURCE)

    def reserve(self, width: int, achieved: str) -> None:
        """Take a width and keep it, with room for figures as wide as `achieved`."""
        self.setFixedWidth(width)
        self.achieved.setFixedWidth(min(self._figures(achieved), width))

    def show_words(self, achieved: str, rest: str, whole: str) -> None:
        """Show the rate achieved, none for "", and the rest; the tooltip has the `whole`."""
        self.achieved.setVisible(bool(achieved))
        self.achieved.setText(achieved)
        self.rest.setVisible(bool(rest))
        self.rest.set_words(rest, whole)

    def _figures(self, achieved: str) -> int:
        figures = "".join("0" if letter.isdigit() else letter for letter in achieved)
        return self.achieved.fontMetrics().horizontalAdvance(figures) + SPARE

    def _words(self, rest: str) -> int:
        return self.rest.fontMetrics().horizontalAdvance(rest) + SPARE if rest else 0
