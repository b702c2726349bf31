"""Segment part: segments over the volume, the tools that mark them, how they are drawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.painting import Painting
from xray_studio.ui.volume.segment_commands import SegmentCommands
from xray_studio.ui.volume.segment_rows import SIDE, SegmentRows
from xray_studio.ui.volume.segment_tools import (
    CleanUpPart,
    RangePart,
    ToolsPart,
    line_of,
    row_of,
    title,
)
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.value_slider import ValueSlider

NONE = "Mark organs, vessels or lesions on the planes, and measure their volume."


class SegmentPart(QWidget):
    """List, tools, range, cleaning up; `asked` names an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, SegmentCommands(session)
        self._shown: tuple[object, ...] = ()
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(line_of([(title("Segments", self), 1), (self.undo, 0), (self.redo, 0),
                                  (self.add, 0)]))  # fmt: skip
        for part in (self.none, self.rows, *self._tools, self.opacity):
            column.addWidget(part)
        column.addWidget(self.outlines)
        column.addLayout(line_of([(self.open, 1), (self.save, 1)]))
        session.changed.connect(self._follow)

    def _make(self) -> None:
        self.none = words_of_role("secondary", self)
        self.add = IconButton("plus", "Add a segment", "add_segment", side=SIDE, parent=self)
        self.undo = IconButton("undo-2", "Undo", "undo_mark", side=SIDE, size=16, parent=self)
        self.redo = IconButton("redo-2", "Redo", "redo_mark", side=SIDE, size=16, parent=self)
        for made, name in ((self.add, "add_segment"), (self.undo, "undo_segment"),
                           (self.redo, "redo_segment")):  # fmt: skip
            made.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
        self.rows = SegmentRows(self._session, self)
        self.tools = ToolsPart(self._session, self)
        self.range = RangePart(self._session, self)
        self.clean_up = CleanUpPart(self._session, self)
        self._tools = (self.tools, self.range, self.clean_up)
        for part in (self.rows, *self._tools):
            part.asked.connect(self.asked)
        self.opacity = ValueSlider("Opacity", parent=self)
        self.opacity.set_range(0.0, 100.0)
        self.opacity.set_limits(0.0, 100.0)
        self.opacity.set_stops(20)
        self.opacity.chosen.connect(lambda part: self._commands.draw(opacity=part / 100.0))
        self.open, self.save = button("Open…", self), button("Save as…", self)
        hint(self.open, "Lay the segments of a file over the volume", "open_segments")
        hint(self.save, "Save as DICOM segmentation or structure set, label map or surfaces")
        self.open.clicked.connect(lambda: self.asked.emit("open_segments"))
        self.outlined = Switch("Outlines", self)
        self.outlined.chosen.connect(lambda on: self._commands.draw(outlined=on))
        self.outlines = QWidget(self)
        self.outlines.setLayout(row_of("Outlines", self.outlined, "secondary", self))

    def show_state(self, look: VolumeLook) -> None:
        """Show the segments over the volume; of strokes nothing but their numbers is told here."""
        painting = look.painting
        hidden = self._session.state.identity_hidden
        seen = (*_seen(painting, self._session.state.tool, look.volume.unit), hidden)
        if seen == self._shown:
            return
        self._shown = seen
        any_there = painting is not None and bool(painting.told.segments)
        show_words(self.none, "" if any_there else NONE)
        for part in (self.rows, *self._tools, self.opacity, self.outlines):
            part.setVisible(any_there)
        self._show_undo(painting)
        free = painting is None or not painting.busy
        self.open.setEnabled(free)
        self.save.setEnabled(free and any_there)
        if painting is not None and any_there:
            self._show_painting(painting, look.volume.unit)

    def _show_painting(self, painting: Painting, unit: str) -> None:
        self.rows.show_painting(painting, unit, hidden=self._session.state.identity_hidden)
        self.tools.show_painting(painting, self._session.state.tool, unit)
        self.range.show_painting(painting, unit)
        self.clean_up.show_painting(painting)
        self.opacity.set_value(round(100.0 * painting.drawn.opacity), "%")
        self.outlined.setChecked(painting.drawn.outlined)

    def _show_undo(self, painting: Painting | None) -> None:
        told, free = (None, False) if painting is None else (painting.told, not painting.busy)
        for part, name, words in ((self.undo, "Undo", told.undo if told else ""),
                                  (self.redo, "Redo", told.redo if told else "")):  # fmt: skip
            part.setEnabled(free and bool(words))
            said = f"{name}: {words}" if words else name
            part.setAccessibleName(said)
            hint(part, said)
        self.add.setEnabled(painting is None or free)

    def _follow(self, old: State, new: State) -> None:
        mine = old.tool != new.tool or old.identity_hidden != new.identity_hidden
        if mine and new.volume is not None:
            self.show_state(new.volume)


def _seen(painting: Painting | None, tool: str, unit: str) -> tuple[object, ...]:
    """Return what the part depends on."""
    if painting is None:
        return (None, unit)
    told = painting.told, painting.chosen, painting.hand, painting.drawn, painting.busy
    return (*told, id(painting.numbers), tool, unit)
