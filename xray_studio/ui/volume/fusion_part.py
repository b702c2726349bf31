"""Fusion part: what lies over the volume, between which values, in which colours, and how."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.colour_map import COLOUR_MAPS, GREY
from xray_studio.core.legend import window_ends
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.core.volume.fusion import Blend
from xray_studio.core.volume.registration import Movement
from xray_studio.ui.browser.series_text import series_details, series_title
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.over import Over
from xray_studio.ui.volume.over_commands import FusionCommands
from xray_studio.ui.volume.over_layer import over_scale
from xray_studio.ui.volume.rows import choice_box, labelled_row
from xray_studio.ui.volume.uptake_box import UptakeBox
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.scale_bar import ScaleBar
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

BLENDS: Final = (
    (Blend.OVER.value, "Over it"),
    (Blend.CHECKERBOARD.value, "Squares"),
    (Blend.WIPE.value, "Wipe"),
)
OWN: Final = "Own window"


class FusionPart(QWidget):
    """A second volume over the one on screen; `asked` names an action to be done.

    `values_chosen` tells the name of the values that PET is to be shown in.
    """

    asked = Signal(str)
    values_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, FusionCommands(session)
        self._windows: tuple[Window, ...] = ()
        self._over: Over | None = None
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QLabel("Another volume over it", self)
        mark(head, role="strong")
        column.addWidget(head)
        column.addWidget(self.what)
        column.addLayout(self._buttons())
        column.addWidget(self.controls)

    def _make(self) -> None:
        commands = self._commands
        self.what = words_of_role("secondary", self)
        self.controls = QWidget(self)
        inside = self.controls
        self.blend = Segmented("How both are shown", BLENDS, inside)
        self.blend.chosen.connect(lambda key: commands.set_blend(Blend(key)))
        self.opacity = ValueSlider("Opacity", parent=inside)
        self.opacity.set_range(0.0, 100.0)
        self.opacity.set_limits(0.0, 100.0)
        self.opacity.set_stops(20)
        self.opacity.chosen.connect(lambda value: commands.set_opacity(value / 100.0))
        self.fading = Switch("Low values are clear", inside)
        self.fading.chosen.connect(lambda on: commands.set_fading(fading=on))
        self.clear = QWidget(inside)
        self.clear.setLayout(labelled_row("Low values are clear", self.fading, self.clear))
        self.values = UptakeBox("Values of the volume over it", inside)
        self.values.chosen.connect(self.values_chosen)
        self.window_name = choice_box("Window of the volume over it", inside)
        self.window_name.activated.connect(self._choose_window)
        self.low, self.high = (ValueSlider(words, parent=inside) for words in ("From", "To"))
        self.low.chosen.connect(lambda value: self._stretch(value, None))
        self.high.chosen.connect(lambda value: self._stretch(None, value))
        self.colours = choice_box("Colours of the volume over it", inside)
        for name, title in ((GREY, "Greys"), *COLOUR_MAPS.items()):
            self.colours.addItem(title, name)
        self.colours.activated.connect(
            lambda row: commands.set_colours(str(self.colours.itemData(row)))
        )
        self.scale = ScaleBar(inside)
        self.movement = choice_box("Movement", inside)
        for movement in Movement:
            self.movement.addItem(movement.value.capitalize(), movement.value)
        self.register, self.save = button("Register", inside), button("Save", inside)
        hint(self.register, "Lay it onto the volume on screen by what both show")
        hint(self.save, "Save the volume over the other, as it lies now")
        self.register.clicked.connect(
            lambda: self.asked.emit(f"register_{self.movement.currentData()}")
        )
        self._lay_out(inside)

    def _lay_out(self, inside: QWidget) -> None:
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.blend)
        column.addWidget(self.opacity)
        column.addWidget(self.clear)
        column.addLayout(labelled_row("Colours", self.colours, inside))
        column.addWidget(self.scale)
        column.addWidget(self.values)
        column.addLayout(labelled_row("Window", self.window_name, inside))
        column.addWidget(self.low)
        column.addWidget(self.high)
        column.addLayout(labelled_row("Register it", self.movement, inside))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.register, 1)
        row.addWidget(self.save, 1)
        column.addLayout(row)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.choose, self.remove = (
            button(words, self) for words in ("Fuse with\N{HORIZONTAL ELLIPSIS}", "Remove")
        )
        hint(self.choose, "Lay another series over the volume", "fuse")
        hint(self.remove, "Show the volume below alone", "unfuse")
        for made, name in ((self.choose, "fuse"), (self.remove, "unfuse")):
            made.clicked.connect(lambda _on, name=name: self.asked.emit(name))
            row.addWidget(made, 1)
        return row

    def show_state(self, look: VolumeLook) -> None:
        """Show what lies over the volume, and how."""
        over, state = look.over, self._session.state
        self.controls.setVisible(over is not None)
        self.remove.setEnabled(over is not None)
        if over is None:
            self._over = None
            self.what.setText("PET over CT, or any other series of the same patient.")
            return
        hidden = state.identity_hidden
        title = series_title(over.series, hidden=hidden)
        details = series_details(over.series, hidden=hidden)
        lies = over.match.value if over.registered is None else "registered"
        self.what.setText(" \N{MIDDLE DOT} ".join(filter(None, (title, *details, lies))))
        self._show_how(over)
        self.values.show_values(over.stored, over.uptake)
        self._show_window(over)
        self._over = over

    def _show_how(self, over: Over) -> None:
        how = over.how
        self.blend.set_value(how.blend.value)
        self.opacity.set_value(100.0 * how.opacity, "%")
        self.fading.setChecked(how.fading)
        for part in (self.opacity, self.clear):
            part.setVisible(how.blend is Blend.OVER)
        self.colours.setCurrentIndex(self.colours.findData(how.colour_map))
        self.scale.show_scale(over_scale(over))

    def _show_window(self, over: Over) -> None:
        if self._over is None or self._over.planes is not over.planes:
            self._offer(over)
        own = over.window not in self._windows
        self.window_name.setCurrentIndex(0 if own else 1 + self._windows.index(over.window))
        low, high = window_ends(over.window)
        unit = over.volume.unit
        for field, value in ((self.low, low), (self.high, high)):
            field.set_value(value, unit)

    def _offer(self, over: Over) -> None:
        """List the windows of a volume, and let the sliders run as far as they go."""
        self._windows = over.windows
        self.window_name.clear()
        self.window_name.addItems([OWN, *(one.explanation for one in self._windows)])
        ends = [window_ends(window) for window in self._windows]
        lowest, highest = min(low for low, _ in ends), max(high for _, high in ends)
        for field in (self.low, self.high):
            field.set_range(lowest, highest)

    def _choose_window(self, row: int) -> None:
        if row > 0:
            self._commands.set_window(self._windows[row - 1])
        elif self._over is not None:
            self._show_window(self._over)

    def _stretch(self, low: float | None, high: float | None) -> None:
        """Move one end of the window; the other one stays, or gives way."""
        if self._over is None:
            return
        now = window_ends(self._over.window)
        low, high = now[0] if low is None else low, now[1] if high is None else high
        if high > low:
            middle = (low + high) / 2
            window = Window(middle, high - low, VoiFunction.LINEAR_EXACT)
            self._commands.set_window(window)
        else:
            self._show_window(self._over)
