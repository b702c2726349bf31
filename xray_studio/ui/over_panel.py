"""What lies over the picture: presentation states, segments, overlay planes; and notes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.core.state import PresentationState
from xray_studio.ui.actions.over_table import state_title
from xray_studio.ui.look.theme import mark
from xray_studio.ui.over_state import states_for
from xray_studio.ui.segment_list import SegmentList
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import same_origin
from xray_studio.ui.viewer.over_commands import OverCommands, is_plane_shown, planes_of
from xray_studio.ui.widgets.choice_row import ChoiceRow

KINDS = {"R": "region"}
MOST_NOTES = 8


class OverPanel(QWidget):
    """Lists what can lie over the clip in view, and notes on it; empty, it takes no room.

    `state_chosen` tells a presentation state, None for none, `segmentation_chosen` likewise.
    """

    state_chosen = Signal(object)
    segmentation_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = OverCommands(session)
        self.rows: dict[int, ChoiceRow] = {}
        self.notes: list[QLabel] = []
        self.states: list[ChoiceRow] = []
        self.segments = SegmentList(session, self)
        self.segments.chosen.connect(self.segmentation_chosen)
        self._above = QVBoxLayout()
        self._above.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        whole.addLayout(self._above)
        whole.addWidget(self.segments)
        whole.addLayout(self._column)
        session.changed.connect(self._follow)
        self._show_clip(session.state)

    def _follow(self, old: State, new: State) -> None:
        known = old.states is new.states and old.segmentations is new.segmentations
        one_clip = old.view.clip is new.view.clip or same_origin(old.view, new.view)
        same_clip = one_clip and old.view.over == new.view.over
        if not (known and same_clip) or old.identity_hidden != new.identity_hidden:
            self._show_clip(new)
        elif old.view.presentation is not new.view.presentation:
            self._show_marks(new)

    def _show_clip(self, state: State) -> None:
        _clear(self._column)
        self.rows, self.notes = {}, []
        self._show_states(state)
        self.segments.show_clip(state)
        self._show_planes(state)
        self._show_notes(() if state.view.clip is None else state.view.clip.acquisition.warnings)
        over = bool(self.states) or self.segments.has_rows
        self.setVisible(over or bool(self.rows or self.notes))
        self._show_marks(state)

    def _show_states(self, state: State) -> None:
        _clear(self._above)
        self.states = []
        known = states_for(state)
        if not known:
            return
        self._above.addWidget(_heading("Presentation states"))
        self._add_state("As stored", "", None)
        for number, made in enumerate(known):
            self._add_state(state_title(state, number), made.created[:10], made)
        order: tuple[PresentationState | None, ...] = (None, *known)
        for row, one in zip(self.states, order, strict=True):
            row.setChecked(state.view.over.state is one)

    def _add_state(self, name: str, detail: str, state: PresentationState | None) -> None:
        row = ChoiceRow(name, detail, "", self)
        _run(row, partial(self.state_chosen.emit, state))
        self.states.append(row)
        self._above.addWidget(row)

    def _show_planes(self, state: State) -> None:
        planes = planes_of(state.view)
        if planes:
            self._column.addWidget(_heading("Overlay planes"))
        for plane in planes:
            # Labels are free text, which may name the patient.
            name = plane.number_name if state.identity_hidden else plane.name
            row = ChoiceRow(name, KINDS.get(plane.kind, "graphics"), "", self)
            _run(row, partial(self._commands.toggle_plane, plane.group))
            self.rows[plane.group] = row
            self._column.addWidget(row)

    def _show_notes(self, notes: tuple[str, ...]) -> None:
        if notes:
            self._column.addWidget(_heading("Notes on this file"))
        more = len(notes) - MOST_NOTES
        shown = [*notes[:MOST_NOTES], *([f"{more} more are in the facts."] if more > 0 else [])]
        for note in shown:
            label = QLabel(note, self)
            label.setWordWrap(True)
            mark(label, role="secondary")
            self.notes.append(label)
            self._column.addWidget(label)
            self._column.addSpacing(4)

    def _show_marks(self, state: State) -> None:
        self.segments.show_marks(state)
        for group, row in self.rows.items():
            row.setChecked(is_plane_shown(state.view, group))


def _run(row: ChoiceRow, run: Callable[[], None]) -> None:
    row.clicked.connect(lambda _checked=False: run())


def _heading(title: str) -> QLabel:
    label = QLabel(title)
    mark(label, role="strong")
    label.setContentsMargins(0, 12, 0, 4)
    return label


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()  # without a parent it would be a window for a moment
            widget.deleteLater()
