"""Uptake box: chooses what the values of a PET volume stand for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xray_studio.core.volume.suv import Uptake
from xray_studio.core.volume.volume import Volume
from xray_studio.ui.volume.rows import choice_box, labelled_row
from xray_studio.ui.volume.uptake import NAMES, key_of
from xray_studio.ui.widgets.hint import hint


class UptakeBox(QWidget):
    """Takes no room for what is no PET. `chosen` tells the name of the values."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = choice_box(name, self)
        for key, title in NAMES.items():
            self.box.addItem(title, key)
        self.box.activated.connect(lambda row: self.chosen.emit(str(self.box.itemData(row))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(labelled_row("Values", self.box, self))

    def show_values(self, stored: Volume, uptake: Uptake | None, *, why_not: str = "") -> None:
        """Show what the values are, nothing for what is no PET of DICOM.

        `why_not` tells why they cannot be others now.
        """
        self.setVisible(stored.pet is not None)
        self.box.setCurrentIndex(self.box.findData(key_of(uptake)))
        self.box.setEnabled(not why_not)
        hint(self.box, why_not)
