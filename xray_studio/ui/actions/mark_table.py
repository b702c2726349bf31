"""Actions of what is measured on pictures, beside the tools themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.undoing import Undoing, can_redo, can_undo
from xray_studio.ui.viewer import mark_commands as m
from xray_studio.ui.viewer.mark_commands import MarkCommands

MENU = Submenu("Measurements", named=True)
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def mark_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(session, runs))


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    marks = MarkCommands(session)
    yield Spec("add_mark", "Put one in the middle", marks.add_here, "Ctrl+Alt+N", m.can_mark)
    yield Spec("next_mark", "Choose the next one", marks.choose_next, "Shift+M", m.has_marks_here)
    yield Spec("next_handle", "Choose its next end", marks.choose_handle, "Shift+E", m.has_chosen)
    for way, by in WAYS.items():
        move = partial(marks.move, *by)
        yield Spec(f"mark_{way}", f"Move {way}", move, f"Ctrl+{way.capitalize()}", m.has_chosen)
    spread, on = marks.spread, m.is_everywhere
    yield Spec("spread_mark", "On all frames", spread, "", m.can_spread, on)
    yield Spec("delete_mark", "Delete", marks.delete_chosen, "Backspace", m.has_chosen)
    yield Spec("delete_marks", "Delete all", marks.delete_all, "", m.has_marks)
    yield SEPARATOR
    undoing = Undoing(session)
    yield Spec("undo_mark", "Undo", undoing.undo, "Ctrl+Z", can_undo)
    yield Spec("redo_mark", "Redo", undoing.redo, "Ctrl+Y", can_redo)
    forget = runs["forget_marks"]
    yield Spec("forget_marks", "Forget those kept on this computer…", forget, "")
    yield SEPARATOR
    yield Spec("calibrate", "Calibrate by this length…", runs["calibrate"], "", m.can_calibrate)
    yield Spec("uncalibrate", "Undo the calibration", marks.uncalibrate, "", m.is_calibrated)
    yield SEPARATOR
    export = runs["export_marks"]
    yield Spec("export_marks", "Export with measurements…", export, "", m.can_export)
    yield Spec("copy_marks", "Copy as text", runs["copy_marks"], "", m.has_marks)
    yield Spec("save_marks", "Save as a table…", runs["save_marks"], "", m.has_marks)
    title, run = "Save as a presentation state…", runs["save_mark_state"]
    yield Spec("save_mark_state", title, run, "", m.has_shown_marks)
