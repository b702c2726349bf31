"""Contrast box: which contrast of a case is shown, and its labels over it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.volume.contrasts import OpenCase
from xray_studio.ui.volume.rows import choice_box, labelled_row
from xray_studio.ui.widgets.hint import hint


class ContrastBox(QWidget):
    """Takes no room for what is no case. `chosen` tells a title, `labels_asked` a file."""

    chosen = Signal(str)
    labels_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case: OpenCase | None = None
        self.box = choice_box("Contrast of the case", self)
        hint(self.box, "Show another contrast where the planes are", "next_contrast")
        self.box.activated.connect(lambda row: self.chosen.emit(self.box.itemText(row)))
        self.labels = button("Labels over it", self)
        hint(self.labels, "Lay the labels of the case over it, as segments")
        self.labels.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(labelled_row("Contrast", self.box, self))
        column.addWidget(self.labels)

    def show_case(self, case: OpenCase | None) -> None:
        """Show the contrasts of a case and which is on screen, nothing without one."""
        self.setVisible(case is not None)
        if case is None:
            return
        if self._case is None or self._case.files is not case.files:
            self.box.clear()
            self.box.addItems(list(case.titles))
        self._case = case
        self.box.setCurrentText(case.title)
        self.labels.setVisible(case.labels is not None)

    def _ask(self) -> None:
        if self._case is not None:
            self.labels_asked.emit(self._case.labels)
