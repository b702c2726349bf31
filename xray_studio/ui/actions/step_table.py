"""Actions of processing: steps, their order, and how the processed picture is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions import conditions as c
from xray_studio.ui.actions.actions import SEPARATOR, Spec
from xray_studio.ui.actions.subtraction_table import subtraction_specs
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared
from xray_studio.ui.viewer import step_commands as s
from xray_studio.ui.viewer.step_commands import StepCommands

MOST_LEFT, MOST_RIGHT = -s.WIPE_STEP, s.WIPE_STEP


def step_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    steps, has = StepCommands(session), s.has_stages
    yield from subtraction_specs(session, runs)
    yield Spec(
        "add_step", "Add a step\N{HORIZONTAL ELLIPSIS}", runs["add_step"], "Ctrl+Alt+A", c.has_clip
    )
    yield Spec(
        "auto_steps", "Choose steps automatically", runs["auto_steps"], "Ctrl+Alt+0", c.has_clip
    )
    presets = runs["step_presets"]
    yield Spec("step_presets", "Presets of steps\N{HORIZONTAL ELLIPSIS}", presets, "", c.has_clip)
    yield SEPARATOR
    on = s.stage_is_on
    yield Spec("switch_step", "Step on or off", steps.switch_chosen, "", has, on)
    up, down = partial(steps.move, -1), partial(steps.move, 1)
    yield Spec("step_up", "Move the step up", up, "", s.can_move_up)
    yield Spec("step_down", "Move the step down", down, "", s.can_move_down)
    yield Spec("reset_step", "Usual values of the step", steps.reset, "", has)
    yield Spec("remove_step", "Remove the step", steps.remove, "", has)
    yield Spec("clear_steps", "Remove all steps", steps.clear, "", has)
    yield SEPARATOR
    yield Spec("run_steps", "Run the steps", runs["run_steps"], "Ctrl+R", s.can_run)
    yield SEPARATOR
    yield from _compared(session, steps, runs["show_original"])
    yield SEPARATOR
    yield Spec(
        "motion", "Motion\N{HORIZONTAL ELLIPSIS}", runs["motion"], "Ctrl+Alt+M", c.has_frames
    )


def _compared(session: Session, steps: StepCommands, hold: Callable[..., object]) -> Iterator[Spec]:
    ways = (
        (Compared.WIPE, "wipe", "Wipe: the original left of a border", "J"),
        (Compared.DIFFERENCE, "difference", "Difference to the original", "Shift+J"),
        (Compared.ORIGINAL, "show_original", "Original, as long as the key is held", "Q"),
    )
    for way, name, text, key in ways:
        run = hold if way is Compared.ORIGINAL else partial(steps.compare, way)
        can = s.has_difference if way is Compared.DIFFERENCE else s.can_compare
        yield Spec(name, text, run, key, can, partial(_is_compared, way))
    twice = GridCommands(session).toggle_beside
    text = "Side by side: the original left of what AI says"
    yield Spec("beside", text, twice, "Ctrl+Shift+J", s.can_stand_beside, s.stands_beside)
    left, right = partial(steps.wipe_by, MOST_LEFT), partial(steps.wipe_by, MOST_RIGHT)
    yield Spec("wipe_left", "Wipe further left", left, "Shift+Left", s.can_compare)
    yield Spec("wipe_right", "Wipe further right", right, "Shift+Right", s.can_compare)


def _is_compared(way: Compared, state: State) -> bool:
    return state.view.compared is way
