"""Actions of segments over a volume: tools that mark them, what cleans them up, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.actions.volume_table import MENU as VOLUME
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume import segment_commands as s
from xray_studio.ui.volume.painting import ERASE, GROW, PAINT
from xray_studio.ui.volume.segment_commands import SegmentCommands
from xray_studio.ui.volume.segment_forms import FORMS

MENU = Submenu("Segments", named=True, above=VOLUME)


def segment_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(session, runs))


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    commands = SegmentCommands(session)
    yield Spec("add_segment", "Add one", runs["add_segment"], "Ctrl+Shift+N", s.can_mark)
    yield Spec("remove_segment", "Remove", commands.remove_chosen, "", s.is_open)
    yield SEPARATOR
    yield _tool(PAINT, "Brush", runs["use_brush"], "Ctrl+Shift+B")
    yield _tool(ERASE, "Eraser", runs["use_eraser"], "Ctrl+Shift+R")
    yield _tool(GROW, "Grow from a click", runs["use_growing"], "Ctrl+Shift+G")
    yield Spec("larger_brush", "Larger brush", commands.larger, "Ctrl+]", s.has_chosen)
    yield Spec("smaller_brush", "Smaller brush", commands.smaller, "Ctrl+[", s.has_chosen)
    yield SEPARATOR
    mark = runs["mark_range"]
    yield Spec("mark_range", "Mark the range of values", mark, "Ctrl+Shift+H", s.is_open)
    between = runs["fill_between"]
    yield Spec("fill_between", "Fill between slices", between, "Ctrl+Shift+Y", s.is_open)
    yield Spec("fill_holes", "Fill holes", runs["fill_holes"], "", s.is_open)
    yield Spec("keep_largest", "Keep the largest part", runs["keep_largest"], "", s.is_open)
    yield Spec("smooth_segment", "Smooth", runs["smooth_segment"], "", s.is_open)
    yield SEPARATOR
    yield Spec("undo_segment", "Undo", commands.undo, "", s.can_undo)
    yield Spec("redo_segment", "Redo", commands.redo, "", s.can_redo)
    yield SEPARATOR
    open_file = runs["open_segments"]
    yield Spec("open_segments", "Open…", open_file, "Ctrl+Shift+M", s.can_mark)
    for form in FORMS.values():
        when = s.can_save_object if form.is_object else s.can_save
        save = partial(runs["save_segments"], form.key)
        yield Spec(f"save_segments_{form.key}", f"Save as {form.title}…", save, "", when)


def _tool(tool: str, text: str, run: Callable[..., object], keys: str) -> Spec:
    return Spec(f"segment_{tool}", text, run, keys, s.can_mark, partial(_is_in_hand, tool))


def _is_in_hand(tool: str, state: State) -> bool:
    return state.tool == tool
