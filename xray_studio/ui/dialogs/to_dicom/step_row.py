"""The steps of a dialog of several pages, with the one that is on screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from xray_studio.ui.dialogs.parts import MARGIN
from xray_studio.ui.look.theme import mark


class StepRow(QWidget):
    """Numbered steps side by side."""

    def __init__(self, steps: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._steps = steps
        self.labels = [QLabel(f"{n}  {words}", self) for n, words in enumerate(steps, 1)]
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 10, MARGIN, 10)
        row.setSpacing(24)
        for label in self.labels:
            row.addWidget(label)
        row.addStretch(1)

    def show_step(self, current: int) -> None:
        """Mark the step that is on screen."""
        for place, label in enumerate(self.labels):
            mark(label, role="strong" if place == current else "secondary")
        words = f"Step {current + 1} of {len(self._steps)}: {self._steps[current]}"
        self.setAccessibleName(words)
