"""Tools of segments in the panel: brushes, growing, a range of values, what cleans up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from xray_studio.core.labels.edits import Over
from xray_studio.services.segmenting.tools import Range
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.painting import ERASE, GROW, PAINT, THICKEST, THINNEST, Painting
from xray_studio.ui.volume.segment_commands import SegmentCommands
from xray_studio.ui.volume.segment_words import limits_of
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

NONE: Final = "none"
TOOLS: Final = ((NONE, "None"), (PAINT, "Brush"), (ERASE, "Eraser"), (GROW, "Grow"))
DISC, BALL = "disc", "ball"
SHAPES: Final = ((DISC, "Disc in the plane"), (BALL, "Ball"))
CLEAN_UP: Final = (
    ("fill_between", "Fill between slices", "Mark what lies between marked slices"),
    ("fill_holes", "Fill holes", "Mark what the segment encloses"),
    ("keep_largest", "Keep the largest", "Leave the largest part of the segment"),
    ("smooth_segment", "Smooth", "Give the segment a rounder outline"),
)


class ToolsPart(QWidget):
    """The tool in hand and how it works; `asked` names an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, SegmentCommands(session)
        self.tool = Segmented("Tool for segments", TOOLS, self)
        for tool in (PAINT, ERASE, GROW):
            about = "Grow a region from a click" if tool == GROW else "Over planes of the volume"
            hint(self.tool.button(tool), about, f"segment_{tool}")
        self.tool.chosen.connect(self._use)
        self.diameter = ValueSlider("Size", logarithmic=True, parent=self)
        self.diameter.set_range(1.0, THICKEST)
        self.diameter.set_limits(THINNEST, THICKEST)
        hint(self.diameter.edit, "Diameter; the wheel with Alt changes it over a picture")
        self.diameter.chosen.connect(self._commands.size)
        self.shape = Segmented("Shape of the brush", SHAPES, self)
        self.shape.chosen.connect(lambda key: self._commands.handle(ball=key == BALL))
        self.tolerance = ValueSlider("Tolerance", parent=self)
        self.tolerance.set_limits(0.0)
        hint(self.tolerance.edit, "How far values may be from the one that is clicked")
        self.tolerance.chosen.connect(lambda value: self._commands.handle(tolerance=value))
        self.reach = ValueSlider("Reach", parent=self)
        self.reach.set_range(0.0, 200.0)
        self.reach.set_limits(0.0)
        hint(self.reach.edit, "How far from the click a region may grow; 0 for no limit")
        self.reach.chosen.connect(lambda value: self._commands.handle(reach=value))
        self.others = Switch("Keep other segments", self)
        hint(self.others, "Take no voxel that another segment has")
        self.others.chosen.connect(
            lambda on: self._commands.handle(over=Over.EMPTY if on else Over.ALL)
        )
        column = _column(self)
        for part in (self.tool, self.diameter, self.shape, self.tolerance, self.reach):
            column.addWidget(part)
        column.addLayout(row_of("Keep other segments", self.others, "secondary", self))

    def show_painting(self, painting: Painting, tool: str, unit: str) -> None:
        """Show the tool in hand."""
        hand, brushes = painting.hand, tool in {PAINT, ERASE}
        self.tool.set_value(tool if tool in {PAINT, ERASE, GROW} else NONE)
        for widget in (self.diameter, self.shape):
            widget.setVisible(brushes)
        for slider in (self.tolerance, self.reach):
            slider.setVisible(tool == GROW)
        self.diameter.set_value(hand.diameter, "mm")
        self.shape.set_value(BALL if hand.ball else DISC)
        self.tolerance.set_range(0.0, max(hand.tolerance, _half(hand.range)))
        self.tolerance.set_value(hand.tolerance, unit)
        self.reach.set_value(hand.reach, "mm")
        self.others.setChecked(hand.over is Over.EMPTY)

    def _use(self, key: str) -> None:
        if key == NONE:
            self._session.update(tool="cross")
        else:
            self.asked.emit(f"segment_{key}")


class RangePart(QWidget):
    """The range of values that thresholds mark and brushes can keep to."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = SegmentCommands(session)
        self.low, self.high = (ValueSlider(name, parent=self) for name in ("From", "To"))
        self.low.chosen.connect(lambda value: self._choose(low=value))
        self.high.chosen.connect(lambda value: self._choose(high=value))
        self.within = Switch("Tools keep to this range", self)
        hint(self.within, "Brushes mark, and regions grow over, such values alone")
        self.within.chosen.connect(lambda on: self._commands.handle(within=on))
        self.preview = Switch("Show what lies in it", self)
        hint(self.preview, "Show over planes which values lie in the range")
        self.preview.chosen.connect(lambda on: self._commands.draw(preview=on))
        self.around = ValueSlider("Around the cross", parent=self)
        self.around.set_range(0.0, 200.0)
        self.around.set_limits(0.0)
        hint(self.around.edit, "Mark so far from where the planes meet; 0 for the whole volume")
        self.around.chosen.connect(lambda value: self._commands.handle(around=value))
        self.mark = button("Mark all of it", self)
        hint(self.mark, "Mark every voxel whose value lies in the range", "mark_range")
        self.mark.clicked.connect(lambda: self.asked.emit("mark_range"))
        column = _column(self)
        column.addWidget(title("Range of values", self))
        for part in (self.low, self.high):
            column.addWidget(part)
        column.addLayout(row_of("Show what lies in it", self.preview, "secondary", self))
        column.addLayout(row_of("Tools keep to it", self.within, "secondary", self))
        column.addWidget(self.around)
        column.addWidget(self.mark)

    def show_painting(self, painting: Painting, unit: str) -> None:
        """Show the range in use."""
        self.around.set_value(painting.hand.around, "mm")
        wanted = painting.hand.range or Range(0.0, 1.0)
        ends = limits_of(painting.work.volume, wanted.low, wanted.high)
        for part, value in ((self.low, wanted.low), (self.high, wanted.high)):
            if not part.slider.isSliderDown():
                part.set_range(*ends)
            part.set_value(value, unit)
        self.within.setChecked(painting.hand.within)
        self.preview.setChecked(painting.drawn.preview)
        self.mark.setEnabled(painting.can_paint)

    def _choose(self, low: float | None = None, high: float | None = None) -> None:
        painting = self._commands.painting
        if painting is None:
            return
        now = painting.hand.range or Range(0.0, 1.0)
        if low is not None:  # the other end gives way
            wanted = Range(low, max(low, now.high))
        else:
            wanted = Range(min(now.low, high or 0.0), high or 0.0)
        self._commands.handle(range=wanted)
        self._commands.draw(preview=True)


class CleanUpPart(QWidget):
    """Buttons that work on the whole chosen segment."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        commands = SegmentCommands(session)
        self.buttons: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, (name, words, about) in enumerate(CLEAN_UP):
            made = self.buttons[name] = button(words, self)
            hint(made, about, name)
            made.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
            grid.addWidget(made, at // 2, at % 2)
        self.width_of = ValueSlider("Width of smoothing", parent=self)
        self.width_of.set_range(0.5, 10.0)
        self.width_of.set_limits(0.1, 50.0)
        self.width_of.chosen.connect(lambda value: commands.handle(width=value))
        column = _column(self)
        column.addWidget(title("Clean up", self))
        column.addLayout(grid)
        column.addWidget(self.width_of)

    def show_painting(self, painting: Painting) -> None:
        """Show what can be done."""
        for made in self.buttons.values():
            made.setEnabled(painting.can_paint)
        self.width_of.set_value(painting.hand.width, "mm")


def title(words: str, parent: QWidget) -> QLabel:
    """Return the title of a group."""
    made = QLabel(words, parent)
    mark(made, role="strong")
    return made


def row_of(words: str, control: QWidget, role: str, parent: QWidget) -> QHBoxLayout:
    """Return a row of words and a control at its end."""
    label = QLabel(words, parent)
    mark(label, role=role)
    return line_of([(label, 1), (control, 0)])


def line_of(parts: Sequence[tuple[QWidget, int]]) -> QHBoxLayout:
    """Return widgets side by side, each with its share of the room."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part, share in parts:
        row.addWidget(part, share)
    return row


def _column(part: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def _half(wanted: Range | None) -> float:
    return 100.0 if wanted is None else max(1e-6, (wanted.high - wanted.low) / 2.0)
