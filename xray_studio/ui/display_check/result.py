"""What measured luminances come to: the plot, the numbers, and a verdict for each class."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from xray_studio.core.display_check import CLASSES, LEVELS, Response
from xray_studio.ui.display_check.plot import NOTHING, DeviationPlot
from xray_studio.ui.look.theme import mark

PLOT = "Contrast of each step against the GSDF, by level"


class ResultView(QWidget):
    """Shows a response, or in a sentence why there is none yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = DeviationPlot(self)
        self.numbers = QLabel(self)
        self.verdicts = {limits.name: QLabel(self) for limits in CLASSES}
        title = QLabel(PLOT, self)
        mark(title, role="caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.plot, 1)
        for label in (self.numbers, *self.verdicts.values()):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            column.addWidget(label)

    def show_response(self, response: Response) -> None:
        """Show what 18 luminances come to."""
        self.plot.show_response(response)
        self.numbers.setText(
            f"Largest deviation {response.worst:.1f} % · luminance ratio {response.ratio:.0f} · "
            f"black {response.measured.seen[0]:.3g}, white {response.brightest:.0f} cd/m²"
        )
        mark(self.numbers, role="")
        for limits in CLASSES:
            label = self.verdicts[limits.name]
            failed = response.failed(limits)
            mark(label, role="danger" if failed else "done")
            label.setText(response.verdict(limits))
            label.show()

    def show_missing(self, missing: int) -> None:
        """Say how many luminances are still to be entered."""
        entered = len(LEVELS) - missing
        self.show_sentence(NOTHING if not entered else f"{entered} of {len(LEVELS)} entered.")

    def show_sentence(self, sentence: str, role: str = "secondary") -> None:
        """Show a sentence in place of a response."""
        self.plot.show_response(None)
        self.numbers.setText(sentence)
        mark(self.numbers, role=role)
        for label in self.verdicts.values():
            label.hide()
