"""Planes part: slabs, moments, where the planes lie."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.volume.planes import Projection
from xray_studio.services.volume.plane_clips import moment_words
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

THICKEST: Final = 100.0  # mm at the right end of the slider; thicker slabs can be typed
WAYS: Final = (
    (Projection.MIP.value, "Highest"),
    (Projection.MINIP.value, "Lowest"),
    (Projection.MEAN.value, "Mean"),
)


class PlanesPart(QWidget):
    """Thickness and projection of slabs, moments, lines; `asked` names an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = VolumeCommands(session)
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(_row("Lines of the planes", self.crossed, "strong", self))
        column.addLayout(self._buttons())
        for part in (self.thickness, self.how, self.moment):
            column.addWidget(part)
        column.addWidget(self.time)

    def _make(self) -> None:
        commands = self._commands
        self.crossed = Switch("Lines of the planes", self)
        hint(self.crossed, "Show where the other planes lie", "cross")
        self.crossed.chosen.connect(lambda _on: commands.toggle_cross())
        self.thickness = ValueSlider("Slab thickness", parent=self)
        self.thickness.set_range(0.0, THICKEST)
        self.thickness.set_limits(0.0, 1000.0)
        self.thickness.set_stops(200)
        self.thickness.chosen.connect(commands.set_thickness)
        self.how = Segmented("What slabs show", WAYS, self)
        self.how.chosen.connect(lambda key: commands.set_projection(Projection(key)))
        self.moment = ValueSlider("Moment", parent=self)
        self.moment.chosen.connect(lambda number: commands.set_moment(round(number) - 1))
        self.by_time = Switch("Play through time", self)
        hint(self.by_time, "Let the frames of all planes be moments", "by_time")
        self.by_time.chosen.connect(lambda _on: commands.toggle_by_time())
        self.time = QWidget(self)
        self.time.setLayout(_row("Play through time", self.by_time, "secondary", self))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, name in (("Straight planes", "straighten"), ("Middle", "aim_centre")):
            made = button(words, self)
            hint(made, words, name)
            made.clicked.connect(lambda _on, name=name: self.asked.emit(name))
            row.addWidget(made, 1)
        return row

    def show_state(self, look: VolumeLook) -> None:
        """Show how planes are cut."""
        self.crossed.setChecked(look.crossed)
        self.thickness.set_value(look.slab.thickness, "mm")
        self.how.set_value(look.slab.how.value)
        self.how.setEnabled(look.slab.thickness > 0.0)
        moments = look.volume.moments
        for part in (self.moment, self.time):
            part.setVisible(moments > 1)
        if moments > 1:
            self.moment.set_range(1.0, float(moments))
            self.moment.set_limits(1.0, float(moments))
            self.moment.set_stops(moments - 1)
            words = moment_words(look.volume.along, look.moment, moments)
            self.moment.set_value(look.moment + 1.0, words.partition(" ")[2])
            self.by_time.setChecked(look.by_time)


def _row(words: str, control: QWidget, role: str, parent: QWidget) -> QHBoxLayout:
    label = QLabel(words, parent)
    mark(label, role=role)
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label, 1)
    row.addWidget(control)
    return row
