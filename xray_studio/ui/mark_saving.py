"""Mark saving: measurements as text, as a table in a file, and the true size of a length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from xray_studio.core.clip import Clip
from xray_studio.core.measure.mark import Mark
from xray_studio.core.measure.table import text_of
from xray_studio.core.measure.words import Values
from xray_studio.services.mark_values import measured, with_marks, write_table
from xray_studio.ui.errand import Errand
from xray_studio.ui.mark_state import chosen_mark, frame_of
from xray_studio.ui.step_state import worked
from xray_studio.ui.view import View
from xray_studio.ui.viewer.mark_commands import MarkCommands

LANE = "measurement table"
NAME, KIND = "measurements.csv", "Tables (*.csv)"


class MarkSaving(Errand):
    """Acts on the marks of the clip in view."""

    def copy(self) -> None:
        """Put every mark of the clip in view on the clipboard, one line each."""
        state = self._session.state
        clip = state.view.clip
        if clip is None:
            return
        wanted = [(m, frame_of(clip, m, state.view.frame)) for m in state.marks.of(clip)]
        self._runner.start(
            measured(clip, state.marks, wanted),
            title="Copying measurements",
            lane=LANE,
            on_result=lambda values: self._copied(clip, wanted, values),
            on_error=self._refused,
        )

    def _copied(self, clip: Clip, wanted: list[tuple[Mark, int]], values: list[Values]) -> None:
        pairs = zip(wanted, values, strict=True)
        lines = [text_of(mark, index, found, len(clip)) for (mark, index), found in pairs]
        QApplication.clipboard().setText("\n".join(lines))
        self.told.emit(f"{_count(len(lines))} copied.", "done")

    def ask(self) -> None:
        """Ask where the table of the clip in view goes."""
        clip = self._session.view.clip
        if clip is not None:
            self._desk.save_as("Save measurements", NAME, KIND, partial(self.save, clip))

    def save(self, clip: Clip, target: Path) -> None:
        """Write what is measured on a clip."""
        marks = self._session.state.marks
        words = f"{_count(len(marks.of(clip)))} saved as"
        self._runner.start(
            write_table(clip, marks, target),
            title="Saving measurements",
            lane=LANE,
            on_result=lambda path: self.told.emit(f"{words} {path.name}.", "done"),
            on_error=self._refused,
        )

    def draw_into(self, then: Callable[[View], None]) -> None:
        """Draw the marks into the clip in view and hand on its view, as one to export."""
        view, marks = self._session.view, self._session.state.marks
        if view.clip is None:
            return
        self._runner.start(
            with_marks(view.clip, marks, view.presentation),
            title="Drawing measurements",
            lane=LANE,
            on_result=lambda clip: then(view_of(view, clip)),
            on_error=self._refused,
        )

    def calibrate(self) -> None:
        """Ask for the true size of the chosen length."""
        mark = chosen_mark(self._session.state)
        if mark is not None:
            then = partial(MarkCommands(self._session).calibrate, mark)
            self._desk.calibrate(mark.name, then)


def view_of(view: View, clip: Clip) -> View:
    """Return a view whose clip has drawings; what is drawn is shown."""
    made = worked(view)
    kept = None if made is None else replace(made, clip=clip)
    shown = replace(view.presentation, drawings=True)
    return replace(view, clip=clip, worked=kept, presentation=shown)


def _count(number: int) -> str:
    return f"{number} measurement{'' if number == 1 else 's'}"
