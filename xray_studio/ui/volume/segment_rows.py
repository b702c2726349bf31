"""The list of segments: each to choose, to show and hide; below it what the chosen one is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.labels.kinds import KINDS
from xray_studio.core.labels.label_map import LabelSegment
from xray_studio.core.segments import COLOURS
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.volume.painting import Painting
from xray_studio.ui.volume.segment_commands import SegmentCommands
from xray_studio.ui.volume.segment_words import (
    OTHER,
    amount_words,
    colour_words,
    kind_words,
    name_words,
    value_words,
)
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.choice_row import ChoiceRow
from xray_studio.ui.widgets.colour_dot import ColourDot
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.switch import Switch

SIDE = 28  # logical pixels of small buttons
SHORTEST = 6  # letters of a kind that are always seen
Adjust = QComboBox.SizeAdjustPolicy
NAMES = 64  # letters of a name: what a DICOM label holds


class SegmentRow(QWidget):
    """One segment: chosen with a click, shown and hidden with the eye."""

    def __init__(self, number: int, commands: SegmentCommands, parent: QWidget) -> None:
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

    def show_segment(self, one: LabelSegment, painting: Painting, *, hidden: bool) -> None:
        """Show name, volume and colour."""
        name = name_words(one, hidden=hidden)
        self._hidden = one.number in painting.drawn.hidden
        amount = amount_words(painting.numbers.get(one.number))
        detail = " · ".join(filter(None, ("locked" if one.locked else "", amount)))
        self.row.show_as(name, detail, colour_words(one.colour))
        self.row.setChecked(one.number == painting.chosen)
        words = f"Show {name}" if self._hidden else f"Hide {name}"
        if self.eye.accessibleName() != words:
            self.eye.show_as("eye-off" if self._hidden else "eye", words)


class SegmentRows(QWidget):
    """All segments, then name, kind, colour, lock and numbers of the chosen one."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = SegmentCommands(session)
        self.rows: dict[int, SegmentRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.chosen = ChosenSegment(self._commands, self)
        self.chosen.asked.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self.chosen)

    def show_painting(self, painting: Painting, unit: str, *, hidden: bool) -> None:
        """Show segments and what they measure; with identity `hidden` no names."""
        segments = painting.told.segments
        if list(self.rows) != [one.number for one in segments]:
            self._make(segments)
        for one in segments:
            self.rows[one.number].show_segment(one, painting, hidden=hidden)
        self.chosen.setVisible(painting.current is not None)
        if painting.current is not None:
            self.chosen.show_segment(painting.current, painting, unit, hidden=hidden)

    def _make(self, segments: tuple[LabelSegment, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # without a parent it would be a window for a moment
                widget.deleteLater()
        self.rows = {one.number: SegmentRow(one.number, self._commands, self) for one in segments}
        for row in self.rows.values():
            self._list.addWidget(row)


class ChosenSegment(QWidget):
    """What the chosen segment is, and what it measures."""

    asked = Signal(str)

    def __init__(self, commands: SegmentCommands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands, self._number, self._nameless = commands, 0, False
        self.name, self.kind = QLineEdit(self), QComboBox(self)
        self.name.setAccessibleName("Name of the segment")
        self.name.setMaxLength(NAMES)
        self.name.editingFinished.connect(self._rename)
        self.kind.setAccessibleName("What the segment is")
        self.kind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.kind.setSizeAdjustPolicy(Adjust.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(SHORTEST)
        hint(self.kind, "What it is, in the words of DICOM")
        for name in KINDS:
            self.kind.addItem(name.capitalize(), name)
        self.kind.activated.connect(lambda at: self._call(str(self.kind.itemData(at) or "")))
        self.locked = Switch("Locked", self)
        hint(self.locked, "Let nothing change this segment")
        self.locked.chosen.connect(lambda on: commands.lock(self._number, locked=on))
        self.remove = IconButton("trash-2", "Remove the segment", side=SIDE, size=16, parent=self)
        self.remove.clicked.connect(lambda _on=False: self.asked.emit("remove_segment"))
        self.numbers = words_of_role("caption", self)
        self.numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()

    def _lay_out(self) -> None:
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for part, share in ((self.name, 3), (self.kind, 2)):
            first.addWidget(part, share)
        label = QLabel("Locked", self)
        mark(label, role="secondary")
        self.colours = [self._dot(number) for number in range(len(COLOURS))]
        for dot in self.colours:
            second.addWidget(dot)
        second.addStretch(1)
        second.addWidget(self.remove)
        third.addWidget(label, 1)
        third.addWidget(self.locked)
        for row, apart in ((first, 8), (second, 4), (third, 8)):
            row.setSpacing(apart)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        column.addLayout(third)
        column.addWidget(self.numbers)

    def _dot(self, number: int) -> ColourDot:
        dot = ColourDot(colour_words(COLOURS[number]), f"Colour {number + 1}", self)
        dot.clicked.connect(partial(self._recolour, number))
        return dot

    def show_segment(
        self, one: LabelSegment, painting: Painting, unit: str, *, hidden: bool
    ) -> None:
        """Show a segment; a name that is being typed is left alone."""
        self._nameless = hidden
        if one.number != self._number or not self.name.hasFocus() or hidden:
            self.name.setText(name_words(one, hidden=hidden))
        self._number = one.number
        kind = kind_words(one)
        at = self.kind.findData(kind)
        self.kind.setPlaceholderText(OTHER)
        self.kind.setCurrentIndex(at)
        self.locked.setChecked(one.locked)
        free = not painting.busy
        for part in (self.name, self.kind, *self.colours):
            part.setEnabled(free)
        self.name.setEnabled(free and not hidden)
        self.remove.setEnabled(painting.can_paint)
        for colour, dot in zip(COLOURS, self.colours, strict=True):
            dot.setChecked(colour == one.colour)
        show_words(self.numbers, value_words(painting.numbers.get(one.number), unit))

    def _rename(self) -> None:
        name = self.name.text().strip()
        painting = self._commands.painting
        current = None if painting is None else painting.current
        if current is None or current.number != self._number or self._nameless:
            return
        if not name:
            self.name.setText(current.name)
        elif name != current.name:
            self._commands.rename(self._number, name)

    def _call(self, kind: str) -> None:
        if kind:
            self._commands.call(self._number, kind)

    def _recolour(self, number: int, _on: bool = False) -> None:
        self._commands.recolour(self._number, COLOURS[number])
