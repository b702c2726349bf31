"""Value slider: a name, a number that can be typed, and a slider below."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.number_field import NumberField
from xray_studio.ui.widgets.validators import DecimalValidator

STEPS = 1000
LARGEST = 1e9
DECIMALS = 9  # that can be typed: quantities of parametric maps lie within a thousandth


class ValueSlider(QWidget):
    """One number. `chosen` tells a value that the user typed or slid to.

    A logarithmic slider gives small values as much room as large ones.
    """

    chosen = Signal(float)

    def __init__(
        self, label: str, *, logarithmic: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._log, self._stops = logarithmic, STEPS
        self._low, self._high = (1.0, 2.0) if logarithmic else (0.0, 1.0)
        self.edit, self.unit = NumberField(label, self), QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self._prepare(label)
        self._lay_out(label)

    def follow_look(self) -> None:
        """Take the room for the size of letters in use."""
        self.edit.setFixedWidth(px(88))

    def set_range(self, low: float, high: float) -> None:
        """Let the slider run from `low` to `high`; what is typed may lie beyond."""
        self._low, self._high = low, max(high, low + 1e-9)

    def set_stops(self, stops: int) -> None:
        """Let the slider stop at so many places above the lowest one, evenly spaced."""
        self._stops = max(1, stops)
        self.slider.setRange(0, self._stops)
        self.slider.setPageStep(max(1, self._stops // 20))

    def set_limits(self, low: float, high: float = LARGEST) -> None:
        """Accept typed numbers from `low` to `high`."""
        self.edit.setValidator(DecimalValidator(low, high, DECIMALS, self.edit.shown, self.edit))

    def set_value(self, value: float | None, unit: str = "") -> None:
        """Show a value without telling, nothing for None; what is being typed is left alone."""
        self.unit.setText(unit)
        self.unit.setVisible(bool(unit) or self.unit.minimumWidth() > 0)
        self.edit.show_number("" if value is None else number_words(value))
        if value is not None and not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(self._step_of(value))
            self.slider.blockSignals(False)

    def keep_room(self, width: int) -> None:
        """Leave so many pixels for a unit, also where there is none."""
        self.unit.setMinimumWidth(width)
        self.unit.setVisible(bool(self.unit.text()) or width > 0)

    def _prepare(self, label: str) -> None:
        self.follow_look()
        self.edit.editingFinished.connect(self._tell_typed)
        self.set_limits(-LARGEST)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.slider.setAccessibleName(f"{label} slider")
        self.slider.valueChanged.connect(self._tell_slid)
        mark(self.unit, role="secondary")

    def _lay_out(self, label: str) -> None:
        caption = QLabel(label, self)
        caption.setBuddy(self.edit)
        mark(caption, role="secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(caption)
        head.addStretch(1)
        head.addWidget(self.edit)
        head.addWidget(self.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.slider)

    def _tell_typed(self) -> None:
        text = self.edit.text()
        self.edit.setModified(False)
        if text not in {"", self.edit.shown()}:
            self.chosen.emit(float(text))

    def _tell_slid(self, step: int) -> None:
        self.chosen.emit(self._value_of(step))

    def _step_of(self, value: float) -> int:
        low, high, value = self._scaled(self._low), self._scaled(self._high), self._scaled(value)
        return round(min(max((value - low) / (high - low), 0.0), 1.0) * self._stops)

    def _value_of(self, step: int) -> float:
        low, high = self._scaled(self._low), self._scaled(self._high)
        value = low + (high - low) * step / self._stops
        exact = math.exp(value) if self._log else value
        return float(round(exact)) if self._high - self._low >= STEPS / 10 else exact

    def _scaled(self, value: float) -> float:
        return math.log(max(value, 1e-9)) if self._log else value


def number_words(value: float) -> str:
    """Return a number as it is typed: no more digits than it needs.

    Three after the point, more for a number below a tenth, of which three would tell little.
    """
    places = 3 if abs(value) >= 0.1 or value == 0.0 else 2 - math.floor(math.log10(abs(value)))
    places = min(places, DECIMALS)
    rounded = round(value, places) + 0.0  # no minus before a nought
    return f"{rounded:.{places}f}".rstrip("0").rstrip(".")
