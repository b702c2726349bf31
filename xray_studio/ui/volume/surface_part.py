"""Surface part: how the next surface is made, and the list of those over the planes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.segments import COLOURS
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.segment_rows import SIDE
from xray_studio.ui.volume.segment_words import colour_words
from xray_studio.ui.volume.surface_work import SurfaceCommands, level_of
from xray_studio.ui.volume.surfaces import Shown, Surfaces
from xray_studio.ui.widgets.choice_row import ChoiceRow
from xray_studio.ui.widgets.colour_dot import ColourDot
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

MANY = 10_000  # triangles that are told by the thousand


class SurfaceRow(QWidget):
    """One surface: chosen with a click, shown and hidden with the eye."""

    def __init__(self, number: int, commands: SurfaceCommands, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = ChoiceRow("", "", "", self, "#000000", solid=True)
        self.row.clicked.connect(lambda _on=False: commands.choose(number))
        self.eye = IconButton("eye", "Hide", side=SIDE, size=16, parent=self)
        self._hidden = False
        self.eye.clicked.connect(lambda _on=False: commands.hide(number, hidden=not self._hidden))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.row, 1)
        line.addWidget(self.eye)

    def show_surface(self, one: Shown, *, chosen: bool) -> None:
        """Show name, number of triangles and colour."""
        self._hidden = one.hidden
        count = len(one.surface.triangles)
        detail = f"{count:,} triangles" if count < MANY else f"{round(count / 1000):,} k triangles"
        self.row.show_as(one.name, detail, colour_words(one.colour))
        self.row.setChecked(chosen)
        words = f"{'Show' if one.hidden else 'Hide'} {one.name}"
        if self.eye.accessibleName() != words:
            self.eye.show_as("eye-off" if one.hidden else "eye", words)


class SurfacePart(QWidget):
    """Level, smoothing, triangles, largest part, the list; `asked` names an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = SurfaceCommands(session)
        self.rows: list[SurfaceRow] = []
        self._make()
        self._make_chosen()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        title = QLabel("Surfaces", self)
        mark(title, role="strong")
        for part in (title, self.level, self.smooth, self.keep):
            column.addWidget(part)
        column.addLayout(self._largest())
        column.addLayout(self._buttons())
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column.addLayout(self._list)
        column.addWidget(self.chosen)

    def _make(self) -> None:
        plan = self._commands.plan
        self.level = ValueSlider("Value at the surface", parent=self)
        self.level.chosen.connect(lambda value: plan(level=value))
        self.smooth = ValueSlider("Smoothing", parent=self)
        self.smooth.set_range(0.0, 100.0)
        self.smooth.set_limits(0.0, 100.0)
        self.smooth.set_stops(20)
        self.smooth.chosen.connect(lambda value: plan(smooth=round(value)))
        self.keep = ValueSlider("Triangles that are kept", parent=self)
        self.keep.set_range(5.0, 100.0)
        self.keep.set_limits(1.0, 100.0)
        self.keep.set_stops(19)
        self.keep.chosen.connect(lambda value: plan(keep=value / 100.0))

    def _largest(self) -> QHBoxLayout:
        self.largest = Switch("The largest part alone", self)
        hint(self.largest, "Leave out what does not hang together with the largest part")
        self.largest.chosen.connect(lambda on: self._commands.plan(largest=on))
        label = QLabel("The largest part alone", self)
        mark(label, role="secondary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label, 1)
        row.addWidget(self.largest)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, told, name in (
            ("Make a surface", "Make a surface of all that has this value or more", "make_surface"),
            ("Import…", "Show a surface of a file: STL, OBJ, PLY or GLB", "import_surface"),
        ):
            made = button(words, self)
            hint(made, told, name)
            made.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
            row.addWidget(made, 1)
        return row

    def _make_chosen(self) -> None:
        self.chosen = QWidget(self)
        row = QHBoxLayout(self.chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.colours = [ColourDot(colour_words(one), f"Colour {n}", self.chosen)
                        for n, one in enumerate(COLOURS, 1)]  # fmt: skip
        for dot, colour in zip(self.colours, COLOURS, strict=True):
            dot.clicked.connect(lambda _on=False, colour=colour: self._commands.colour(colour))
            row.addWidget(dot)
        row.addStretch(1)
        self.save = IconButton("download", "Save the surface", side=SIDE, size=16, parent=self)
        self.save.clicked.connect(lambda _on=False: self.asked.emit("save_surface"))
        self.remove = IconButton("trash-2", "Remove the surface", side=SIDE, size=16, parent=self)
        self.remove.clicked.connect(lambda _on=False: self._commands.remove())
        row.addWidget(self.save)
        row.addWidget(self.remove)

    def show_state(self, look: VolumeLook) -> None:
        """Show the surfaces over the planes."""
        making, counts = look.surfaces.making, look.counts
        if counts is not None:
            self.level.set_range(counts.low, counts.high)
        self.level.set_value(level_of(look), look.volume.unit)
        self.smooth.set_value(float(making.smooth), "times")
        self.keep.set_value(100.0 * making.keep, "%")
        self.largest.setChecked(making.largest)
        self._show_list(look.surfaces)

    def _show_list(self, surfaces: Surfaces) -> None:
        while len(self.rows) > len(surfaces.every):
            row = self.rows.pop()
            row.hide()  # without a parent it would be a window for a moment
            row.deleteLater()
        while len(self.rows) < len(surfaces.every):
            self.rows.append(SurfaceRow(len(self.rows), self._commands, self))
            self._list.addWidget(self.rows[-1])
        for number, (row, one) in enumerate(zip(self.rows, surfaces.every, strict=True)):
            row.show_surface(one, chosen=number == surfaces.chosen)
        current = surfaces.current
        self.chosen.setVisible(current is not None)
        for dot, colour in zip(self.colours, COLOURS, strict=True):
            dot.setChecked(current is not None and current.colour == colour)
