"""Measurements panel: what was measured on the series in view, and what can be done with it."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.core.measure.geometry import contrast_to_noise
from xray_studio.core.measure.mark import spot_of
from xray_studio.core.measure.scale import Scale
from xray_studio.ui.actions.reasons import Condition, reason
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark as dressed
from xray_studio.ui.mark_state import Row, chosen_mark, scale_on
from xray_studio.ui.measure.mark_list import MarkList
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer import mark_commands as m
from xray_studio.ui.viewer.mark_commands import MarkCommands
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton

MARGIN, EDGE = 16, 8  # pixels: of what stands in the panel, of the ground of a row
NOTHING = "Open a study to measure on its pictures."
DOCUMENT = "This is a document. There is nothing to measure."
NO_MARKS = (
    "Nothing is measured on this series. Choose Length, Angle, Ellipse, Outline or Text and "
    "draw on the picture."
)
TRUE_SIZE = "Tell the true size of the chosen length"
NO_SIZE = "This file does not tell how large a pixel is: lengths are in pixels."
UNCLEAR = "This file contradicts itself about the shape of its pixels: nothing is measured on it."


class MarksPanel(QWidget):
    """List of marks, the name and reach of the chosen one, and the contrast of two ellipses.

    `asked` tells the name of an action that is to be done.
    """

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, MarkCommands(session)
        dressed(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Measurements")
        self._make()
        self._lay_out()
        self.list.itemSelectionChanged.connect(lambda: self._show_contrast(session.state))
        session.changed.connect(self._follow)
        self._show(session.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Want the values of ellipses."""
        super().showEvent(event)
        self._session.update(lists_marks=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Want them no longer."""
        super().hideEvent(event)
        self._session.update(lists_marks=False)

    def focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- building

    def _make(self) -> None:
        self.reason, self.scale, self.contrast = (QLabel(self) for _ in range(3))
        for label, role in (
            (self.reason, "secondary"),
            (self.scale, "caption"),
            (self.contrast, "secondary"),
        ):
            label.setWordWrap(True)
            dressed(label, role=role)
        self.list = MarkList(self._session, self)
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Name of the measurement")
        self.name.setPlaceholderText("Name")
        self.name.editingFinished.connect(self._rename)
        self.everywhere = QCheckBox("On all frames", self)
        dressed(self.everywhere, kind="mark")
        self.everywhere.clicked.connect(self._commands.spread)
        self.calibrate = self._button("Calibrate\N{HORIZONTAL ELLIPSIS}", "calibrate")
        self.uncalibrate = self._button("Undo calibration", "uncalibrate")
        hint(self.uncalibrate, "Measure as the file says again")
        self.icons = {
            name: self._icon(picture, text, name)
            for name, picture, text in (
                ("undo_mark", "undo-2", "Undo"),
                ("redo_mark", "redo-2", "Redo"),
                ("delete_mark", "trash-2", "Delete"),
                ("copy_marks", "copy", "Copy as text"),
                ("save_marks", "save", "Save as a table"),
                ("save_mark_state", "layers", "Save as a presentation state"),
                ("export_marks", "upload", "Export with measurements"),
            )
        }

    def _button(self, text: str, action: str) -> QWidget:
        made = button(text, self)
        made.setProperty("actions", action)
        made.clicked.connect(lambda: self.asked.emit(action))
        return made

    def _icon(self, picture: str, text: str, action: str) -> IconButton:
        made = IconButton(picture, text, action, side=30, size=16, parent=self)
        made.clicked.connect(lambda: self.asked.emit(action))
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, MARGIN, EDGE, MARGIN)
        column.setSpacing(12)
        self.reason.setContentsMargins(EDGE, 0, EDGE, 0)
        column.addWidget(self.reason)
        column.addWidget(self.list, 1)
        self.below = QWidget(self)
        column.addWidget(self.below)
        inside = QVBoxLayout(self.below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addLayout(_row(*self.icons.values(), None))  # their pictures stand at the edge
        rest = QVBoxLayout()
        rest.setContentsMargins(EDGE, 0, EDGE, 0)
        rest.setSpacing(12)
        inside.addLayout(rest)
        rest.addLayout(_row(self.name, self.everywhere))
        rest.addWidget(self.contrast)
        rest.addLayout(_row(self.calibrate, None))
        rest.addLayout(_row(self.uncalibrate, None))
        rest.addWidget(self.scale)
        self.filler = QWidget(self)
        column.addWidget(self.filler, 1)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if _looks(old) != _looks(new):
            self._show(new)

    def _show(self, state: State) -> None:
        clip, marks = state.view.clip, state.marks
        some = clip is not None and bool(marks.of(clip))
        self.reason.setText(_reason(state))
        self.reason.setVisible(not some)
        undoable = m.can_undo(state) or m.can_redo(state)
        for part in (self.list, self.name, self.everywhere):
            part.setVisible(some)
        self.below.setVisible(clip is not None and (some or undoable or m.is_calibrated(state)))
        self.filler.setVisible(not some)
        self.list.show_marks(state)
        self._show_chosen(state)
        self._show_contrast(state)
        self.scale.setText(
            "" if clip is None else scale_words(scale_on(clip, state.view.frame, marks))
        )

    def _show_chosen(self, state: State) -> None:
        chosen = chosen_mark(state)
        self.name.setEnabled(chosen is not None)
        if not self.name.hasFocus() or chosen is None:
            self.name.setText("" if chosen is None else chosen.text)
            self.name.setCursorPosition(0)
        self.everywhere.setEnabled(m.can_spread(state))
        self.everywhere.setChecked(m.is_everywhere(state))
        self._enable(self.calibrate, TRUE_SIZE, m.can_calibrate, state)
        self.uncalibrate.setVisible(m.is_calibrated(state))
        can = {
            "undo_mark": m.can_undo, "redo_mark": m.can_redo, "delete_mark": m.has_chosen,
            "copy_marks": m.has_marks, "save_marks": m.has_marks,
            "save_mark_state": m.has_shown_marks, "export_marks": m.can_export,
        }  # fmt: skip
        for name, icon in self.icons.items():
            self._enable(icon, icon.accessibleName(), can[name], state)

    def _enable(self, part: QWidget, words: str, can: Condition, state: State) -> None:
        """Let a button be used or not; the tooltip tells what it does, or what it needs."""
        able = can(state)
        part.setEnabled(able)
        hint(part, words if able else f"{words}. {reason(can)}")

    def _show_contrast(self, state: State) -> None:
        words = contrast_words(self.list.selected(), self.list.rows, state)
        self.contrast.setText(words)
        self.contrast.setVisible(bool(words))

    def _rename(self) -> None:
        chosen = chosen_mark(self._session.state)
        text = self.name.text().strip()
        if chosen is not None and self.name.isModified() and text != chosen.text:
            self.name.setModified(False)
            self._commands.rename(chosen.number, text)


def _looks(state: State) -> tuple[object, ...]:
    """Return what the panel depends on; a clip that plays has no frame that could be read."""
    view = state.view
    frame = -1 if view.cine.playing else view.frame
    return id(view.clip), id(view.document), id(state.marks), id(state.figures), frame


def _reason(state: State) -> str:
    if state.view.document is not None:
        return DOCUMENT
    return NOTHING if state.view.clip is None else NO_MARKS


def scale_words(scale: Scale) -> str:
    """Return what a pixel measures, and where."""
    if not scale.is_clear:
        return UNCLEAR
    if not scale.in_millimetres:
        return NO_SIZE
    height, width = (f"{side:.4g}" for side in scale.spacing)
    size = f"{width} mm" if height == width else f"{width} mm wide and {height} mm high"
    return f"A pixel is {size} {scale.where}".rstrip() + "."


def contrast_words(selected: tuple[Row, ...], rows: tuple[Row, ...], state: State) -> str:
    """Return the contrast-to-noise ratio of two areas on one frame: those selected, or the last.

    "" where there are no two.
    """
    pair = _pair([row for row in selected if row.mark.kind.has_area]) or _pair(
        [row for row in rows if _is_seen(row, state)]
    )
    if pair is None:
        return ""
    one, other = pair
    assert one.values.greys is not None
    assert other.values.greys is not None
    ratio = contrast_to_noise(one.values.greys, other.values.greys)
    told = "none to tell: both are without noise" if math.isinf(ratio) else f"{ratio:.2f}"
    return f"Contrast to noise of {one.mark.name} and {other.mark.name}: {told}"


def _is_seen(row: Row, state: State) -> bool:
    """Tell whether a row is an area that is shown on the frame in view."""
    clip = state.view.clip
    spot = None if clip is None else spot_of(clip, state.view.frame)
    on = spot is not None and row.mark.covers(spot) and not row.mark.hidden
    return on and row.mark.kind.has_area


def _pair(areas: list[Row]) -> tuple[Row, Row] | None:
    found = [row for row in areas if row.values.greys is not None]
    if len(found) < 2 or found[-1].frame != found[-2].frame:
        return None
    return found[-2], found[-1]


def _row(*parts: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, 1 if isinstance(part, QLineEdit) else 0)
    return row
