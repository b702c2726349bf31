"""Fields of the form of a node: lines with checks of their own, and lines that name files."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from xray_studio.core.errors import UsageError
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark, px

NUMBER: Final = 72  # pixels
_CERTIFICATES: Final = "Certificates (*.pem *.crt *.cer *.key);;All files (*)"


def line(name: str, parent: QWidget, hint: str = "") -> QLineEdit:
    """Return a line to type in; `hint` stands in it while it is empty."""
    made = QLineEdit(parent)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def number_line(name: str, parent: QWidget) -> QLineEdit:
    """Return a line for a number."""
    made = line(name, parent)
    made.setFixedWidth(px(NUMBER))
    return made


def number(field: QLineEdit) -> int:
    """Return the whole number in a line. Raises UsageError where there is none."""
    text = field.text().strip()
    if not (text.isascii() and text.isdecimal()):
        raise UsageError(f"{field.accessibleName()}: type a whole number.")
    return int(text)


def seconds(field: QLineEdit) -> float:
    """Return the seconds in a line. Raises UsageError where there is no number."""
    try:
        return float(field.text().strip().replace(",", "."))
    except ValueError:
        raise UsageError(f"{field.accessibleName()}: type a number of seconds.") from None


def worded(parent: QWidget, *parts: QWidget | str) -> QWidget:
    """Return controls and words in one row."""
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        if isinstance(part, str):
            label = QLabel(part, holder)
            mark(label, role="secondary")
            row.addWidget(label)
        else:
            part.setParent(holder)
            row.addWidget(part)
    row.addStretch(1)
    return holder


class FileLine(QWidget):
    """The path of a file, typed or chosen. `edited` tells that the user changed it."""

    edited = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.path = line(name, self, hint)
        self.choose = button("Choose\N{HORIZONTAL ELLIPSIS}", self)
        self.choose.setAccessibleName(f"Choose {name.lower()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        self.path.textEdited.connect(self.edited)
        self.choose.clicked.connect(self._ask)

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), self._name, self.path.text(), _CERTIFICATES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, path: str) -> None:
        self.path.setText(path)
        self.edited.emit()
