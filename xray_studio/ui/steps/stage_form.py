"""Stage form: a control for each parameter of a step or filter, made from these alone."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.parameter import Parameter, Value, parameters_of
from xray_studio.core.step import Step
from xray_studio.core.volume.filters import VolumeFilter
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import LARGEST, ValueSlider

MOST_SEGMENTS, MOST_LETTERS = 6, 32  # options side by side, and letters of all of them
WIDE = 40.0  # highest by lowest value from which on a slider is logarithmic
MOST_STOPS = 200  # of a slider

Parameterised = Step | VolumeFilter
Control = ValueSlider | Segmented | QComboBox | Switch


class StageForm(QWidget):
    """Shows the parameters of a step. `changed` tells the name of one and its value."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: type[Parameterised] | None = None
        self.controls: dict[str, Control] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_step(self, step: Parameterised | None) -> None:
        """Show the parameters of a step, nothing for None."""
        kind = None if step is None else type(step)
        if kind is not self._kind:
            self._build(kind)
        if step is not None:
            for parameter in parameters_of(step):
                show_value(self.controls[parameter.name], parameter, getattr(step, parameter.name))

    def follow_look(self) -> None:
        """Leave all fields the room of the widest unit, so that they stand below one another."""
        units = [one.unit for one in (() if self._kind is None else parameters_of(self._kind))]
        for control in self.controls.values():
            if isinstance(control, ValueSlider):
                letters = control.unit.fontMetrics()
                control.keep_room(max(letters.size(0, unit).width() for unit in units) + 1)

    def _build(self, kind: type[Parameterised] | None) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._kind, self.controls = kind, {}
        for parameter in () if kind is None else parameters_of(kind):
            self._column.addWidget(self._row(parameter))
        self.follow_look()

    def _row(self, parameter: Parameter) -> QWidget:
        row = QWidget(self)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        tell = partial(self.changed.emit, parameter.name)
        if parameter.choices:
            self._add_choice(parameter, column, row)
        elif isinstance(parameter.default, bool):
            switch = Switch(parameter.title, row)
            switch.chosen.connect(tell)
            self.controls[parameter.name] = switch
            column.addLayout(_beside(parameter.title, switch, row))
        else:
            slider = slider_for(parameter, row)
            slider.chosen.connect(lambda value: tell(snapped(parameter, value)))
            self.controls[parameter.name] = slider
            column.addWidget(slider)
        words = range_words(parameter)
        if words:
            about = QLabel(words, row)
            about.setWordWrap(True)
            mark(about, role="caption")
            column.addWidget(about)
        self.controls[parameter.name].setAccessibleDescription(words)
        return row

    def _add_choice(self, parameter: Parameter, column: QVBoxLayout, row: QWidget) -> None:
        caption, tell = QLabel(parameter.title, row), partial(self.changed.emit, parameter.name)
        mark(caption, role="secondary")
        column.addWidget(caption)
        letters = sum(len(title) for _, title in parameter.choices)
        if len(parameter.choices) <= MOST_SEGMENTS and letters <= MOST_LETTERS:
            segments = Segmented(parameter.title, parameter.choices, row)
            segments.chosen.connect(tell)
            self.controls[parameter.name] = segments
        else:
            box = QComboBox(row)
            box.setAccessibleName(parameter.title)
            for name, title in parameter.choices:
                box.addItem(title, name)
            box.activated.connect(lambda number: tell(str(box.itemData(number))))
            self.controls[parameter.name] = box
        column.addWidget(self.controls[parameter.name])


def slider_for(parameter: Parameter, parent: QWidget) -> ValueSlider:
    """Return a slider with a field for a number."""
    low, high = parameter.low, parameter.high
    wide = low > 0 and high / low >= WIDE
    slider = ValueSlider(parameter.title, logarithmic=wide, parent=parent)
    slider.set_range(low, high)
    slider.set_limits(-LARGEST)  # the step says what it cannot take
    stops = (high - low) / (2 if parameter.odd else 1)
    # Every key that moves the slider gives another value.
    few = parameter.whole and stops <= MOST_STOPS and not wide
    slider.set_stops(round(stops) if few else MOST_STOPS)
    return slider


def show_value(control: Control, parameter: Parameter, value: Any) -> None:
    """Show the value of a parameter without telling."""
    if isinstance(control, ValueSlider):
        control.set_value(float(value), parameter.unit)
    elif isinstance(control, Segmented):
        control.set_value(str(value))
    elif isinstance(control, Switch):
        control.setChecked(bool(value))
    else:
        control.setCurrentIndex(control.findData(value))


def snapped(parameter: Parameter, value: float) -> Value:
    """Return the value of a parameter next to a number in range: whole and odd where it is so.

    A number out of range is left as it is, for the step to refuse.
    """
    near = 1e-9 * (parameter.high - parameter.low)  # the end of a slider is not quite the end
    if not parameter.low - near <= value <= parameter.high + near:
        return value
    value = min(max(value, parameter.low), parameter.high)
    if not parameter.whole:
        return min(max(float(f"{value:.3g}"), parameter.low), parameter.high)
    if parameter.odd:
        odd = 2 * round((value - 1) / 2) + 1
        return int(odd if odd <= parameter.high else odd - 2)
    return round(value)


def range_words(parameter: Parameter) -> str:
    """Return what a parameter can be, and what it does, in words."""
    about = parameter.about.rstrip(".")
    if parameter.choices or isinstance(parameter.default, bool):
        return f"{about}." if about else ""
    kind = "odd, " if parameter.odd else ""
    span = f"{kind}{parameter.low:g} to {parameter.high:g} {parameter.unit}".rstrip()
    span = span.replace(" ", "\N{NO-BREAK SPACE}")
    return f"{about}; {span}." if about else f"{span[0].upper()}{span[1:]}."


def _beside(title: str, control: QWidget, parent: QWidget) -> QHBoxLayout:
    caption, line = QLabel(title, parent), QHBoxLayout()
    mark(caption, role="secondary")
    line.addWidget(caption, 1)
    line.addWidget(control, 0, Qt.AlignmentFlag.AlignRight)
    return line
