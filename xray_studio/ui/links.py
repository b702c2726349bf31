"""Links: what the other viewports of the grid do when one of them changes. Pure functions.

The viewport that changed leads. The others follow in what is linked, as far as it means the same
there: a window where modality and unit are equal, zoom and pan at the same size in millimetres
where both tell it and as the same part of the picture otherwise, a frame by its number in clips of
equal length and by its place in others, a slice by where it lies in the patient, time by the common
clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from xray_studio.core.clip import Clip
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.place import comparable, same_height
from xray_studio.core.presentation import Presentation
from xray_studio.ui.in_step import frames_in_step, is_loop
from xray_studio.ui.layout import Link
from xray_studio.ui.state import State
from xray_studio.ui.step_state import keeps_values
from xray_studio.ui.view import View
from xray_studio.ui.viewer.geometry import natural_size
from xray_studio.ui.viewer.gestures import same_turn


def linked(old: State, new: State) -> State:
    """Return the new state with what follows from it in the other viewports.

    Nothing follows when several viewports changed at once: then somebody has placed them all.
    """
    links = new.layout.links
    if not links:
        return new
    if links - old.layout.links:
        return _led(new, new.active, links - old.layout.links, None)
    if old.views is new.views:
        return new
    moved = [n for n in new.shown if old.views[n] is not new.views[n]]
    if len(moved) != 1:
        return new
    return _led(new, moved[0], links, old.views[moved[0]])


def _led(state: State, leader: int, links: frozenset[Link], before: View | None) -> State:
    """Return a state after the viewports on screen followed a leader.

    They follow in what differs from `before`, without it in everything.
    """
    lead = state.views[leader]
    if lead.clip is None:
        return state
    if before is not None and before.clip is not lead.clip:
        return _joined(state, leader) if Link.TIME in links else state
    views = list(state.views)
    for place in state.shown:
        if place != leader and views[place].clip is not None:
            views[place] = _followed(views[place], lead, links, before)
    moved = replace(state, views=tuple(views))
    if Link.TIME in links:
        moved = _in_step(moved, leader, before)
    return _at_height(moved, leader, before, state) if Link.SLICE in links else moved


def _followed(view: View, lead: View, links: frozenset[Link], before: View | None) -> View:
    for link, follow in _FOLLOW.items():
        if link in links:
            view = follow(view, lead, before)
    return view


def _window(view: View, lead: View, before: View | None) -> View:
    shown, wanted = view.presentation, lead.presentation
    same = before is not None and _greys(before.presentation) == _greys(wanted)
    if same or not same_units(view, lead):
        return view
    shown = replace(shown, invert=wanted.invert, colour_map=wanted.colour_map)
    # A table, and a window for each frame, belong to the file that holds them.
    if not isinstance(wanted.voi, (int, PerFrame)):
        shown = shown.with_voi(wanted.voi)
    return replace(view, presentation=shown)


def _greys(presentation: Presentation) -> tuple[object, ...]:
    return presentation.voi, presentation.invert, presentation.colour_map


def same_units(view: View, other: View) -> bool:
    """Tell whether grey values of two views mean the same, so that one window fits both."""
    one, two = view.clip, other.clip
    if one is None or two is None or one.is_colour or two.is_colour:
        return False
    if not (keeps_values(view) and keeps_values(other)):
        return False
    return (one.acquisition.modality, one.unit) == (two.acquisition.modality, two.unit)


def _zoom(view: View, lead: View, before: View | None) -> View:
    zoom = lead.presentation.zoom
    if before is not None and before.presentation.zoom == zoom:
        return view
    if zoom is not None:
        zoom *= _size_ratio(view, lead) or view.fit / lead.fit
    return replace(view, presentation=replace(view.presentation, zoom=zoom))


def _pan(view: View, lead: View, before: View | None) -> View:
    x, y = lead.presentation.pan
    if before is not None and (before.presentation.pan == (x, y) or _turned(before, lead)):
        return view
    across, down = _pan_ratio(view, lead)
    return replace(view, presentation=replace(view.presentation, pan=(x * across, y * down)))


def _turned(before: View, lead: View) -> bool:
    """Tell whether the picture was moved off its centre by being turned, which leads nobody."""
    off = lead.presentation.pan != (0.0, 0.0)
    return off and not same_turn(before.presentation, lead.presentation)


def _size_ratio(view: View, lead: View) -> float | None:
    """Return the size of a pixel by that of the leader, None when they cannot be compared."""
    one, two = view.clip, lead.clip
    assert one is not None
    assert two is not None
    ours, theirs = one.acquisition.pixel_spacing, two.acquisition.pixel_spacing
    if ours is None or theirs is None:
        return None
    if one.acquisition.spacing_meaning != two.acquisition.spacing_meaning:
        return None
    return ours[1] / theirs[1]


def _pan_ratio(view: View, lead: View) -> tuple[float, float]:
    ratio = _size_ratio(view, lead)
    if ratio is not None:
        return 1.0 / ratio, 1.0 / ratio
    ours, theirs = _natural(view), _natural(lead)
    return ours[0] / theirs[0], ours[1] / theirs[1]


def _natural(view: View) -> tuple[float, float]:
    assert view.clip is not None
    return natural_size(view.clip, view.presentation)


def _frame(view: View, lead: View, before: View | None) -> View:
    if before is not None and before.frame == lead.frame:
        return view
    if view.cine.playing or view.clip is None or lead.clip is None:
        return view
    return replace(view, frame=same_place(lead.frame, lead.clip, view.clip))


def same_place(frame: int, clip: Clip, other: Clip) -> int:
    """Return the frame of another clip that stands where a frame of a clip does."""
    if len(clip) == len(other):
        return frame
    return round(frame * (len(other) - 1) / max(1, len(clip) - 1))


def _time(view: View, lead: View, before: View | None) -> View:
    cine, wanted, clip = view.cine, lead.cine, view.clip
    if clip is None or not is_loop(view) or not is_loop(lead):
        return view
    if before is not None and before.cine == wanted:
        return view
    real_time = wanted.real_time and len(clip.timing.times) == len(clip)
    cine = replace(
        cine, playing=wanted.playing, speed=wanted.speed, loop=wanted.loop, real_time=real_time
    )
    return replace(view, cine=cine)


def _in_step(state: State, leader: int, before: View | None) -> State:
    """Move loops that stand to the moment of the leader; those that play follow the clock."""
    lead = state.views[leader]
    if lead.cine.playing or (before is not None and before.frame == lead.frame):
        return state
    return frames_in_step(state, leader)


def _at_height(state: State, leader: int, before: View | None, stood: State) -> State:
    """Move stacks to the height of the leader: where a slice lies tells more than its number.

    One that has no slice there stays as it `stood`.
    """
    lead = state.views[leader]
    if lead.clip is None or not lead.clip.places:
        return state
    if before is not None and before.frame == lead.frame:
        return state
    here, views = lead.clip.places[lead.frame], list(state.views)
    for place in state.shown:
        clip, frame = views[place].clip, stood.views[place].frame
        if place == leader or clip is None or views[place].cine.playing:
            continue
        if comparable(clip.places, here):
            level = same_height(clip.places, here, frame)
            views[place] = replace(views[place], frame=frame if level is None else level)
    return replace(state, views=tuple(views))


def _joined(state: State, place: int) -> State:
    """Let a loop that has just opened join the clock of the others."""
    others = [n for n in state.shown if n != place and state.views[n].cine.playing]
    if not others:
        return state
    return state.with_view(_time(state.views[place], state.views[others[0]], None), place)


_FOLLOW: dict[Link, Callable[[View, View, View | None], View]] = {
    Link.WINDOW: _window,
    Link.ZOOM: _zoom,
    Link.PAN: _pan,
    Link.FRAME: _frame,
    Link.TIME: _time,
}
