"""Actions of what can be laid over a picture: presentation states and segmentations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions.actions import Spec, Submenu
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.over_state import segmentations_for, states_for, target_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.mark_commands import has_state_drawings

MOST = 12  # states that the menu lists; the panel has all of them
MENU = Submenu("Presentation state", named=True)


@needs("No presentation state refers to this picture.")
def has_states(state: State) -> bool:
    """Tell whether a presentation state can be applied to the picture in view."""
    return bool(states_for(state))


@needs("No segmentation marks this picture.")
def has_segments(state: State) -> bool:
    """Tell whether a segmentation can be laid over the picture in view."""
    return bool(segmentations_for(state)) or state.view.over.segmentation is not None


@needs("Open a segmentation whose images are here first.")
def has_target(state: State) -> bool:
    """Tell whether a segmentation is in view whose images are in the catalogue."""
    return target_of(state) is not None


def as_stored(state: State) -> bool:
    """Tell whether the picture is shown without a presentation state."""
    return state.view.over.state is None


def segments_shown(state: State) -> bool:
    """Tell whether a segmentation lies over the picture."""
    return state.view.over.segmentation is not None


def over_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    none = partial(runs["choose_state"], None)
    yield Spec("state_none", "As stored", none, "", has_states, as_stored, under=MENU)
    for number in range(MOST):
        yield _state(session, runs["choose_state"], number)
    name, following = "Next presentation state", runs["next_state"]
    yield Spec("next_state", name, following, "Shift+P", has_states, under=MENU)
    change, name = runs["edit_state"], "Change its drawings as measurements"
    yield Spec("edit_state", name, change, "", has_state_drawings, under=MENU)
    toggle = runs["toggle_segments"]
    yield Spec("segments", "Segments", toggle, "Shift+G", has_segments, segments_shown)
    show = runs["show_on_images"]
    yield Spec("show_on_images", "Show the segmentation on its images", show, "", has_target)


def _state(session: Session, choose: Callable[..., object], number: int) -> Spec:
    def run() -> None:
        known = states_for(session.state)
        if number < len(known):
            choose(known[number])

    def title(state: State) -> str:
        return state_title(state, number)

    def on(state: State) -> bool:
        known = states_for(state)
        return number < len(known) and state.view.over.state is known[number]

    text = f"Presentation state {number + 1}"
    return Spec(f"state_{number + 1}", text, run, "", has_states, on, title, MENU)


def state_title(state: State, number: int) -> str:
    """Return what a state of the picture in view is called, "" where there is none."""
    known = states_for(state)
    if number >= len(known):
        return ""
    # Labels are free text, which may name the patient.
    return f"Presentation state {number + 1}" if state.identity_hidden else known[number].name
