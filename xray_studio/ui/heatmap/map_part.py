"""Map part: how the map lies over the picture, and what its colours stand for."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.learning.heat_colours import HEAT_MAPS
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer, is_ahead
from xray_studio.ui.viewer.map_layer import score_scale
from xray_studio.ui.viewer.unusual_commands import (
    BESIDE,
    OVER,
    WIPE,
    UnusualCommands,
    way_of,
)
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.scale_bar import ScaleBar
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

APART: Final = "Put viewports with windows of their own back into the grid first."
PART, ALL = "part", "all"
WAYS: Final = ((OVER, "Over it"), (WIPE, "Wipe"), (BESIDE, "Side by side"))
GROUNDS: Final = ((PART, "From the threshold"), (ALL, "Everywhere"))


class MapPart(QWidget):
    """Switch, how it stands to the original, opacity, ground, contours, colours and their scale."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = UnusualCommands(session)
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(_row("Map over the picture", self.shown, "strong", self))
        for part in (self.way, self.scale, self.opacity, self.ground, self.colours):
            column.addWidget(part)
        column.addLayout(_row("Contours of the regions", self.contours, "secondary", self))

    def _make(self) -> None:
        commands = self._commands
        self.shown = Switch("Map over the picture", self)
        hint(self.shown, "Show the map over the picture", "heat_map")
        self.shown.chosen.connect(lambda on: commands.show(shown=on))
        self.way = Segmented("The map and the original", WAYS, self)
        hint(self.way.button(WIPE), "The original left of a border that can be dragged", "wipe")
        self.way.chosen.connect(commands.stand)
        self.opacity = ValueSlider("Opacity", parent=self)
        self.opacity.set_range(0.0, 100.0)
        self.opacity.set_limits(0.0, 100.0)
        self.opacity.set_stops(20)
        self.opacity.chosen.connect(lambda value: commands.cover(round(value)))
        self.ground = Segmented("What the map covers", GROUNDS, self)
        self.ground.chosen.connect(lambda key: commands.cover_all(everywhere=key == ALL))
        self.colours = Segmented("Colours", tuple(HEAT_MAPS.items()), self)
        self.colours.chosen.connect(commands.colour)
        self.contours = Switch("Contours of the regions", self)
        self.contours.chosen.connect(lambda on: commands.outline(contours=on))
        self.scale = ScaleBar(self)

    def show_state(self, state: State, answer: Answer) -> None:
        """Show how the map lies over the picture."""
        how = state.settings.unusual
        self.shown.setChecked(state.looks.shown and is_ahead(state))
        self.opacity.set_value(float(how.opacity), "%")
        self.way.set_value(way_of(state))
        self.way.set_available(BESIDE, available=not state.detached, reason=APART)
        self.ground.set_value(ALL if how.everywhere else PART)
        self.colours.set_value(how.colours)
        self.contours.setChecked(how.contours)
        self.scale.show_scale(score_scale((), how.colours, answer.found.threshold.value))


def _row(words: str, control: QWidget, role: str, parent: QWidget) -> QHBoxLayout:
    label = QLabel(words, parent)
    mark(label, role=role)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label, 1)
    row.addWidget(control)
    return row
