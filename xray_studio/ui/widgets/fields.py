"""Fields: a number with a label and unit, and a slider with its value."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QVBoxLayout, QWidget

from xray_studio.ui.theme import mark


class NumberField(QWidget):
    """A label above a number that is typed; `entered` tells a valid number that the user gave."""

    entered = Signal(float)

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        decimals: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown = ""
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(label)
        self.edit.setValidator(QDoubleValidator(low, high, decimals, self.edit))
        self.edit.editingFinished.connect(self._tell)
        caption = QLabel(label, self)
        caption.setBuddy(self.edit)
        mark(caption, role="secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption)
        column.addWidget(self.edit)

    def set_value(self, value: float | None) -> None:
        """Show a number without telling, nothing for None; what is being typed is left alone."""
        self._shown = "" if value is None else f"{value:.6g}"
        if not (self.edit.hasFocus() and self.edit.isModified()):
            self.edit.setText(self._shown)

    def _tell(self) -> None:
        text = self.edit.text()
        self.edit.setModified(False)
        if text and text != self._shown:
            self.entered.emit(float(text.replace(",", ".")))


class LabelledSlider(QWidget):
    """Label on the left, value on the right, slider below; `moved` tells what the user chose."""

    moved = Signal(int)

    def __init__(
        self,
        label: str,
        low: int,
        high: int,
        words: Callable[[int], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(low, high)
        self.slider.setAccessibleName(label)
        self.slider.valueChanged.connect(self._show)
        self.slider.valueChanged.connect(self.moved)
        self._value = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(label))
        column.addWidget(self.slider)
        self._show(low)

    def set_value(self, value: int) -> None:
        """Show a value without telling."""
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._show(value)

    def _head(self, label: str) -> QHBoxLayout:
        caption = QLabel(label, self)
        caption.setBuddy(self.slider)
        mark(caption, role="secondary")
        row = QHBoxLayout()
        row.addWidget(caption)
        row.addStretch(1)
        row.addWidget(self._value)
        return row

    def _show(self, value: int) -> None:
        self._value.setText(self._words(value))
