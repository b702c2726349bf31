"""Calibration: the true size of a length that was drawn on a picture."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.look.theme import mark, px

WIDTH, HEIGHT = 460, 290
MOST = 10_000.0  # mm
ABOUT = (
    "What this length measures in truth, as a catheter or a ball of known size. All lengths and "
    "areas on this picture then follow it. They hold in the plane of that object only: what lies "
    "nearer to the tube looks larger."
)
WRONG = "Type a size above 0, at most 10,000 mm."


class CalibrateDialog(QDialog):
    """`chosen` tells the true length in millimetres."""

    chosen = Signal(float)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Calibrate")
        self.field = QLineEdit(self)
        self.field.setAccessibleName("True length in millimetres")
        self.field.setFixedWidth(px(120))
        self.problem = QLabel("", self)
        mark(self.problem, role="danger")
        self.apply = button("Calibrate", self, "accent")
        cancel = button("Cancel", self)
        self.apply.clicked.connect(self._take)
        self.field.returnPressed.connect(self._take)
        self.field.textEdited.connect(lambda _text: self.problem.setText(""))
        cancel.clicked.connect(self.reject)
        foot = footer((), (cancel, self.apply))
        framed(self, heading("Calibrate", name, self), self._body(), foot)
        sized(self, WIDTH, HEIGHT)
        self.field.setFocus()

    def _body(self) -> QWidget:
        body = QWidget(self)
        about, unit = QLabel(ABOUT, body), QLabel("mm", body)
        about.setWordWrap(True)
        mark(about, role="secondary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field)
        row.addWidget(unit)
        row.addStretch(1)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addStretch(1)
        return body

    def _take(self) -> None:
        size = number_of(self.field.text())
        if size is None:
            self.problem.setText(WRONG)
            self.field.setFocus()
            return
        self.chosen.emit(size)
        self.accept()


def number_of(text: str) -> float | None:
    """Return a length that was typed, with a point or a comma; None for what is none."""
    try:
        size = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return size if math.isfinite(size) and 0.0 < size <= MOST else None
