"""Voxels without a header: a person says how they lie, and is told whether that can be."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.errors import UsageError
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    beside,
    button,
    captioned,
    footer,
    framed,
    heading,
    sized,
)
from xray_studio.ui.layout import TIMES
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.volume.raw import TYPES, RawForm

WIDTH, HEIGHT = 560, 470
ABOUT: Final = (
    "A file of voxels alone tells nothing of itself. It is written as NIfTI as you describe it, and"
    " that is opened."
)
ORDERS: Final = (("little", "Little-endian"), ("big", "Big-endian"))
NUMBERS: Final = "Type whole numbers for size and offset, and millimetres for the spacing."


class RawDialog(QDialog):
    """`chosen` tells how the voxels lie."""

    chosen = Signal(object)

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = path.stat().st_size
        self.setWindowTitle("Voxels without a header")
        self.told, self.problem = QLabel(self), QLabel(self)
        self.take = button("Save as NIfTI and open\N{HORIZONTAL ELLIPSIS}", self, "accent")
        cancel = button("Cancel", self)
        cancel.clicked.connect(self.reject)
        self.take.clicked.connect(self._take)
        head = heading("Voxels without a header", path.name, self)
        framed(self, head, self._body(), footer((), (cancel, self.take)))
        sized(self, WIDTH, HEIGHT)
        self._look()
        self.sizes[0].setFocus()

    def form(self) -> RawForm:
        """Return what is described. Raises UsageError for what cannot be."""
        try:
            sizes = tuple(int(field.text()) for field in self.sizes)
            offset = int(self.offset.text())
            x, y, z = (float(field.text().replace(",", ".")) for field in self.spacing)
        except ValueError as error:
            raise UsageError(NUMBERS) from error
        several = sizes if sizes[3] > 1 else sizes[:3]
        big = self.order.value() == "big"
        letters = self.letters.text().strip().upper()
        return RawForm(several, self.kind.currentText(), big, offset, (x, y, z), letters)

    def _body(self) -> QWidget:
        body = QWidget(self)
        about = QLabel(ABOUT, body)
        about.setWordWrap(True)
        mark(about, role="secondary")
        mark(self.told, role="caption")
        mark(self.problem, role="danger")
        self.problem.setWordWrap(True)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(about)
        column.addLayout(self._fields(body))
        column.addWidget(self.told)
        column.addWidget(self.problem)
        column.addStretch(1)
        return body

    def _fields(self, body: QWidget) -> QGridLayout:
        self.sizes = [self._field(name, text, body) for name, text in _FIRST]
        ways = ("Column spacing in mm", "Row spacing in mm", "Plane spacing in mm")
        self.spacing = [self._field(name, "1", body) for name in ways]
        self.offset = self._field("Bytes before the first voxel", "0", body)
        self.letters = self._field("Where columns, rows and planes grow to", "LPH", body)
        self.kind = QComboBox(body)
        self.kind.setAccessibleName("Type of a voxel")
        self.kind.addItems(TYPES)
        self.kind.setCurrentText("uint16")
        self.kind.currentTextChanged.connect(lambda _text: self._look())
        self.order = Segmented("Order of bytes", ORDERS, body)
        self.order.chosen.connect(lambda _key: self._look())
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        captioned(grid, "Columns, rows, planes, moments", beside(body, *_even(self.sizes)))
        captioned(grid, "Type of a voxel", beside(body, (self.kind, 1), (self.order, 1)))
        captioned(grid, "Spacing in mm", beside(body, *_even(self.spacing)))
        captioned(grid, "Bytes before the first", self.offset)
        captioned(grid, "They grow to", self.letters)
        return grid

    def _field(self, name: str, text: str, body: QWidget) -> QLineEdit:
        field = QLineEdit(text, body)
        field.setAccessibleName(name)
        field.textEdited.connect(lambda _text: self._look())
        return field

    def _look(self) -> None:
        """Tell how much that would be, beside what the file holds."""
        try:
            form = self.form()
        except UsageError as error:
            self.told.setText("")
            self.problem.setText(str(error))
            self.take.setEnabled(False)
            return
        voxels = int(np.prod([int(n) for n in form.sizes], dtype=object))
        needed = voxels * np.dtype(form.type).itemsize + form.offset
        size = f" {TIMES} ".join(map(str, form.sizes))
        self.told.setText(f"{size} voxels are {needed:,} bytes; the file holds {self._size:,}.")
        fits = needed == self._size
        self.problem.setText("" if fits else "The numbers of bytes have to be equal.")
        self.take.setEnabled(fits)

    def _take(self) -> None:
        self.chosen.emit(self.form())
        self.accept()


_FIRST: Final = (("Columns", "512"), ("Rows", "512"), ("Planes", "1"), ("Moments", "1"))


def _even(fields: list[QLineEdit]) -> tuple[tuple[QLineEdit, int], ...]:
    return tuple((field, 1) for field in fields)
