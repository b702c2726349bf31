"""What the file tells beside its window: overlay planes to show one by one, and notes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session, State
from xray_studio.ui.viewer.over_commands import OverCommands, is_plane_shown, planes_of
from xray_studio.ui.widgets.choice_row import ChoiceRow

KINDS = {"R": "region"}
MOST_NOTES = 8


class OverPanel(QWidget):
    """Lists the overlay planes and the notes on the clip in view; empty, it takes no room."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = OverCommands(session)
        self.rows: dict[int, ChoiceRow] = {}
        self.notes: list[QLabel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        session.changed.connect(self._follow)
        self._show_clip(session.state)

    def _follow(self, old: State, new: State) -> None:
        if old.view.clip is not new.view.clip or old.identity_hidden != new.identity_hidden:
            self._show_clip(new)
        elif old.view.presentation is not new.view.presentation:
            self._show_marks(new)

    def _show_clip(self, state: State) -> None:
        _clear(self._column)
        self.rows, self.notes = {}, []
        self._show_planes(state)
        self._show_notes(() if state.view.clip is None else state.view.clip.acquisition.warnings)
        self.setVisible(bool(self.rows or self.notes))
        self._show_marks(state)

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
