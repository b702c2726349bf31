"""Rendering part: colours and opacity of values, what is cut away, what else is drawn."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.volume.clipping import Side, sides
from xray_studio.core.volume.toning import DENSEST, FAINTEST, NARROWEST, WIDEST, fits
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.rendering_commands import RenderingCommands
from xray_studio.ui.volume.transfer_editor import TransferEditor
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.range_slider import RangeSlider
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

PRESETS: Final = (
    ("bone", "Bone"), ("vessels", "Vessels"), ("lung", "Lung"), ("skin", "Skin"),
    ("soft", "Soft"), ("surface", "Surface"), ("hot", "Hot"),
)  # fmt: skip
NO_UNITS: Final = "It is for Hounsfield units, which this volume does not have."
AXES: Final = (
    ("Right to left", ("from the right", "to the left")),
    ("Front to back", ("from the front", "to the back")),
    ("Feet to head", ("from the feet", "to the head")),
)

BUTTONS: Final = (
    ("Turning movie…", "Export the rendering as it turns", "turning_movie"),
    ("Reset", "Render the volume as at first", "reset_rendering"),
)


class RenderingPart(QWidget):
    """Preset, points, level, width, opacity, clipping, light, cube; `asked` names an action."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = RenderingCommands(session)
        self._sides: tuple[Side, ...] = ()
        self._make()
        self._make_clipping()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        title = QLabel("Rendering", self)
        mark(title, role="strong")
        for part in (title, self.preset, self.editor, self.level, self.width_, self.opacity):
            column.addWidget(part)
        column.addLayout(_row("Surfaces are lit", self.lit, self))
        column.addLayout(_row("Orientation cube", self.cube, self))
        for clip in self.clips:
            column.addWidget(clip)
        column.addLayout(self._buttons())

    def _make(self) -> None:
        commands = self._commands
        self.preset = Segmented("What is seen", PRESETS, self, lines=2)
        self.preset.chosen.connect(commands.choose)
        self.editor = TransferEditor(self)
        self.editor.chosen.connect(commands.edit)
        self.level, self.width_ = (
            ValueSlider("Level", parent=self),
            ValueSlider("Width", logarithmic=True, parent=self),
        )
        self.level.chosen.connect(self._move)
        self.width_.set_range(100.0 * 0.25, 100.0 * 4.0)
        self.width_.set_limits(100.0 * NARROWEST, 100.0 * WIDEST)
        self.width_.chosen.connect(lambda value: commands.stretch(value / 100.0))
        self.opacity = ValueSlider("Opacity", logarithmic=True, parent=self)
        self.opacity.set_range(100.0 * 0.1, 100.0 * 10.0)
        self.opacity.set_limits(100.0 * FAINTEST, 100.0 * DENSEST)
        self.opacity.chosen.connect(lambda value: commands.dim(value / 100.0))
        self.lit = Switch("Surfaces are lit", self)
        hint(self.lit, "Light surfaces from the viewer's side")
        self.lit.chosen.connect(lambda on: commands.light(on=on))
        self.cube = Switch("Orientation cube", self)
        hint(self.cube, "Show how the patient lies by a cube", "rendering_cube")
        self.cube.chosen.connect(lambda on: commands.change(cube=on))

    def _make_clipping(self) -> None:
        self.clips = tuple(RangeSlider(name, ends, self) for name, ends in AXES)
        for number, clip in enumerate(self.clips):
            clip.chosen.connect(partial(self._clip, number))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, told, name in BUTTONS:
            made = button(words, self)
            hint(made, told, name)
            made.clicked.connect(lambda _on, name=name: self.asked.emit(name))
            row.addWidget(made, 1)
        return row

    def show_state(self, look: VolumeLook) -> None:
        """Show how a volume is rendered."""
        toning, unit = look.toned, look.volume.unit
        for key, _ in PRESETS:
            self.preset.set_available(key, available=fits(key, unit), reason=NO_UNITS)
        self.preset.set_value(toning.name)
        self.editor.show_transfer(toning.transfer, look.counts, unit)
        span = self._span(look)
        self.level.set_range(-span / 2.0, span / 2.0)
        self.level.set_value(toning.level * self._scale(look), unit)
        self.width_.set_value(100.0 * toning.width, "%")
        self.opacity.set_value(100.0 * toning.opacity, "%")
        self.lit.setChecked(toning.base.shaded)
        self.cube.setChecked(look.scene.cube)
        self._sides = sides(look.volume.geometry)
        for clip, side in zip(self.clips, self._sides, strict=True):
            clip.show_range(side.ends, side.kept(look.scene.box), side.words, "mm")

    def _span(self, look: VolumeLook) -> float:
        """Return how far the values of a volume reach."""
        return 1.0 if look.counts is None else look.counts.span

    def _scale(self, look: VolumeLook) -> float:
        """Return what one of the unit of the transfer function is in values."""
        return 1.0 if look.toned.base.unit else self._span(look)

    def _move(self, level: float) -> None:
        look = self._session.state.volume
        if look is not None:
            self._commands.move(level / self._scale(look))

    def _clip(self, number: int, low: float, high: float) -> None:
        scene = self._commands.scene
        if scene is not None:
            self._commands.change(box=self._sides[number].clipped(scene.box, low, high))


def _row(words: str, control: QWidget, parent: QWidget) -> QHBoxLayout:
    label = QLabel(words, parent)
    mark(label, role="secondary")
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label, 1)
    row.addWidget(control)
    return row
