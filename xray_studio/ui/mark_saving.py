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
from xray_studio.core.presentation import Presentation
from xray_studio.services.mark_states import save_state
from xray_studio.services.mark_values import measured, with_marks, write_table
from xray_studio.ui.errand import Errand
from xray_studio.ui.mark_state import chosen_mark, frame_of
from xray_studio.ui.step_state import unprocessed, worked
from xray_studio.ui.view import View
from xray_studio.ui.viewer.geometry import displayed_area
from xray_studio.ui.viewer.mark_commands import MarkCommands

LANE = "measurement table"
NAME, KIND = "measurements.csv", "Tables (*.csv)"
STATE_NAME, STATE_KIND = "measurements.dcm", "DICOM (*.dcm)"


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

    def ask_state(self) -> None:
        """Ask where the presentation state of the marks on the clip in view goes."""
        view = unprocessed(self._session.view)
        if view.clip is not None:
            then = partial(self.save_state, view.clip, as_displayed(view))
            self._desk.save_as("Save as a presentation state", STATE_NAME, STATE_KIND, then)

    def save_state(self, clip: Clip, how: Presentation, target: Path) -> None:
        """Write the marks of a clip as a presentation state that shows it so."""
        marks = self._session.state.marks
        shown = [mark for mark in marks.of(clip) if not mark.hidden]
        words = f"{_count(len(shown))} saved as"
        self._runner.start(
            save_state(clip, marks, how, target),
            title="Saving a presentation state",
            lane=LANE,
            on_result=lambda made: self.told.emit(
                " ".join((f"{words} {made.path.name}.", *made.notes)), "done"
            ),
            on_error=self._refused,
        )

    def edit_state(self) -> None:
        """Make marks of what the presentation state over the picture has drawn."""
        taken, left_out = MarkCommands(self._session).take_from_state()
        words = f"{_count(taken)} of the presentation state can be changed now."
        if left_out:
            rest = "1 drawing is" if left_out == 1 else f"{left_out} drawings are"
            words = f"{words} {rest} none; choose the state again to see all of it."
        self.told.emit(words, "done")

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


def as_displayed(view: View) -> Presentation:
    """Return how a view shows its clip, the part that is on screen as the area that is fitted."""
    how = view.presentation
    area = None if view.clip is None else displayed_area(view.clip, how, view.fit)
    return replace(how, zoom=None, pan=(0.0, 0.0), area=area)


def view_of(view: View, clip: Clip) -> View:
    """Return a view whose clip has drawings; what is drawn is shown."""
    made = worked(view)
    kept = None if made is None else replace(made, clip=clip)
    shown = replace(view.presentation, drawings=True)
    return replace(view, clip=clip, worked=kept, presentation=shown)


def _count(number: int) -> str:
    return f"{number} measurement{'' if number == 1 else 's'}"
