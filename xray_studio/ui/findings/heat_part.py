"""Heat part: how a finding is explained, and how its heat map lies over the picture."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.learning.heat import ABOUT, Method
from xray_studio.core.learning.heat_colours import HEAT_MAPS
from xray_studio.ui.finding_state import heat_shown, title_of, wish_of
from xray_studio.ui.findings.words import asked_words
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.finding_commands import FindingCommands, names_of
from xray_studio.ui.viewer.heat_layer import heat_scale
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.scale_bar import ScaleBar
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

TITLE = "What the network looks at"
CHOOSE = "Choose a finding above to see what in the picture speaks for it."
NOT_YET = "This heat map was not computed; switch it off and on to ask again."
METHODS = tuple((str(method), ABOUT[method].title) for method in Method)


class HeatPart(QWidget):
    """Switch, method, opacity and colours of heat maps."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = FindingCommands(session)
        self._make()
        self._lay_out()

    def _make(self) -> None:
        self.title, self.meaning = QLabel(TITLE, self), QLabel(self)
        mark(self.title, role="strong")
        mark(self.meaning, role="caption")
        self.title.setWordWrap(True)
        self.meaning.setWordWrap(True)
        self.shown = Switch("Heat map over the picture", self)
        hint(self.shown, "Show the heat map over the picture", "heat_map")
        self.shown.chosen.connect(lambda on: self._commands.show(shown=on))
        self.method = Segmented("Method", METHODS, self)
        self.method.chosen.connect(lambda key: self._commands.use(Method(key)))
        self.opacity = ValueSlider("Opacity", parent=self)
        self.opacity.set_range(0.0, 100.0)
        self.opacity.set_limits(0.0, 100.0)
        self.opacity.set_stops(20)
        self.opacity.chosen.connect(lambda value: self._commands.cover(round(value)))
        self.colours = Segmented("Colours", tuple(HEAT_MAPS.items()), self)
        self.colours.chosen.connect(self._commands.colour)
        self.scale, self.pending = ScaleBar(self), QLabel(self)
        mark(self.pending, role="caption")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        for part in (
            self.method,
            self.meaning,
            self.opacity,
            self.colours,
            self.scale,
            self.pending,
        ):
            column.addWidget(part)

    def show_state(self, state: State) -> None:
        """Show what is chosen and what it means."""
        how, found = state.settings.findings, state.findings
        chosen = found.chosen in names_of(state)
        title = f"What speaks for \N{LEFT DOUBLE QUOTATION MARK}{title_of(found.chosen)}"
        self.title.setText(f"{title}\N{RIGHT DOUBLE QUOTATION MARK}" if chosen else TITLE)
        self.shown.setChecked(found.shown)
        self.shown.setEnabled(chosen)
        self.method.set_value(how.method)
        self.meaning.setText(ABOUT[Method(how.method)].meaning if chosen else CHOOSE)
        self.opacity.set_value(float(how.opacity), "%")
        self.colours.set_value(how.colours)
        for part in (self.opacity, self.colours):
            part.setVisible(wish_of(state) is not None)
        heat = heat_shown(state)
        self.scale.show_scale(None if heat is None else heat_scale(heat, how.colours))
        self.pending.setText(asked_words(found) if found.busy else NOT_YET)
        self.pending.setVisible(heat is None and wish_of(state) is not None)
