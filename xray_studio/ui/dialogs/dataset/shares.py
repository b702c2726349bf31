"""The split of a data set: the share of each part, and what falls into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from xray_studio.ui.look.theme import mark, px

PARTS: Final = {"train": "Training", "val": "Validation", "test": "Test"}
LARGEST = 1000


class Shares(QWidget):
    """A row for each part. `changed` tells that the user changed a share."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = {part: QLineEdit(self) for part in PARTS}
        self.words = {part: QLabel(self) for part in PARTS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        for row, (part, name) in enumerate(PARTS.items()):
            field = self.fields[part]
            field.setValidator(QIntValidator(0, LARGEST, self))
            field.setFixedWidth(px(56))
            field.setAccessibleName(f"{name}: share of the patients")
            field.textEdited.connect(lambda _text: self.changed.emit())
            mark(self.words[part], role="secondary")
            for column, cell in enumerate((QLabel(name, self), field, self.words[part])):
                grid.addWidget(cell, row, column)

    def split(self) -> str:
        """Return the shares as in a recipe: "80/10/10"."""
        return "/".join(str(int(field.text() or 0)) for field in self.fields.values())

    def show_shares(self, shares: tuple[int, int, int]) -> None:
        """Show shares of training, validation and test."""
        for field, share in zip(self.fields.values(), shares, strict=True):
            field.setText(str(share))

    def show_counts(self, patients: Mapping[str, int], samples: Mapping[str, int]) -> None:
        """Show what falls into each part; without numbers nothing."""
        for part, label in self.words.items():
            label.setText(counted(patients[part], samples[part]) if part in samples else "")


def counted(patients: int, samples: int) -> str:
    """Return "8 patients, 640 samples"."""
    who = "1 patient" if patients == 1 else f"{patients:,} patients"
    what = "1 sample" if samples == 1 else f"{samples:,} samples"
    return f"{who}, {what}" if samples else "nothing"
