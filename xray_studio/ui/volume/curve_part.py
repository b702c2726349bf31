"""Curve part: the plane along a curve, how it is made of it, and from where it is seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.curve import Bending, curve_length
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.curve import CURVED, TURNS, Curve
from xray_studio.ui.volume.curve_commands import CurveCommands
from xray_studio.ui.volume.look import VolumeLook, places_of
from xray_studio.ui.volume.rows import labelled_row
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

BENDINGS: Final = (
    (Bending.STRAIGHTENED.value, "Straightened"),
    (Bending.STRETCHED.value, "Stretched"),
)
HOW: Final = "Click points along a vessel on the planes; scroll in between. Two begin a curve."
_SLAB: Final = 30.0  # mm at the right end of the slider
_WIDE: Final = 120.0


class CurvePart(QWidget):
    """Points, bending, width, thickness, turn; `asked` names an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, CurveCommands(session)
        self._make()
        session.changed.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.about)
        column.addLayout(self._buttons())
        column.addWidget(self.controls)

    def _make(self) -> None:
        commands = self._commands
        self.about = words_of_role("secondary", self)
        self.controls = QWidget(self)
        inside = self.controls
        self.shown = Switch("Curved plane in place of the rendering", inside)
        hint(self.shown, "Show the plane along the curve in place of the rendering", "curved_plane")
        self.shown.chosen.connect(lambda _on: commands.toggle_view())
        self.bending = Segmented("How the curve becomes a plane", BENDINGS, inside)
        self.bending.chosen.connect(lambda key: commands.set_bending(Bending(key)))
        self.turn = _slider("Turn about the curve", 360.0 * (TURNS - 1) / TURNS, TURNS - 1, inside)
        self.turn.chosen.connect(lambda angle: commands.turn_to(round(angle * TURNS / 360.0)))
        self.width_shown = _slider("Width", _WIDE, 120, inside)
        self.width_shown.chosen.connect(commands.set_width)
        self.thickness = _slider("Slab thickness", _SLAB, 60, inside)
        self.thickness.chosen.connect(commands.set_thickness)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(labelled_row("In place of the rendering", self.shown, inside))
        for part in (self.bending, self.turn, self.width_shown, self.thickness):
            column.addWidget(part)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.draw, self.clear = (button(words, self) for words in ("Set points", "Clear"))
        hint(self.draw, "Let the left button set points of the curve", "curve_tool")
        hint(self.clear, "Take all points away", "clear_curve")
        for made, name in ((self.draw, "curve_tool"), (self.clear, "clear_curve")):
            made.clicked.connect(lambda _on, name=name: self.asked.emit(name))
            row.addWidget(made, 1)
        return row

    def show_state(self, look: VolumeLook) -> None:
        """Show the curve and how its plane is shown."""
        curve = look.curve or Curve()
        count = len(curve.points)
        self.about.setText(_words(curve) if count else HOW)
        self.clear.setEnabled(count > 0)
        self.controls.setVisible(curve.leads)
        self.shown.setChecked(curve.shown)
        self.bending.set_value(curve.bending.value)
        self.width_shown.set_value(curve.width, "mm")
        self.thickness.set_value(curve.thickness, "mm")
        self.turn.setVisible(curve.bending is Bending.STRAIGHTENED)
        self._show_turn(self._session.state)

    def _follow(self, old: State, new: State) -> None:
        if old.views is not new.views and new.volume is not None:
            self._show_turn(new)

    def _show_turn(self, state: State) -> None:
        place = places_of(state).get(CURVED)
        frame = 0 if place is None else state.views[place].frame
        self.turn.set_value(360.0 * frame / TURNS, "\N{DEGREE SIGN}")


def _words(curve: Curve) -> str:
    points = f"{len(curve.points)} point{'s' if len(curve.points) > 1 else ''}"
    try:
        return f"{points} \N{MIDDLE DOT} {curve_length(curve.points):.1f} mm"
    except UsageError:  # one point, or the same one twice
        return points


def _slider(words: str, high: float, stops: int, parent: QWidget) -> ValueSlider:
    made = ValueSlider(words, parent=parent)
    made.set_range(0.0, high)
    made.set_limits(0.0, 1000.0)
    made.set_stops(stops)
    return made
