"""Loops in step: which frame of each loop belongs to a moment of the clock they share.

All loops start together, at their in points, as the beats of a stress echo do in the four
quadrants that cardiologists compare (ASE guideline on stress echocardiography, 2007, "side by side,
synchronised"). The turn lasts as long as the longest loop. Stretched loops all last that long, so
that the same phase of a beat is seen at any heart rate; others run at their own speed and show
their last frame until the longest has ended. Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xray_studio.core.playback import Loop
from xray_studio.ui import clock
from xray_studio.ui.layout import Link
from xray_studio.ui.state import State
from xray_studio.ui.view import View

EDGE = 1e-6  # seconds; the last frame of a loop is still its own a moment before its end


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of loops that share a clock; `length` is in seconds at speed 1."""

    length: float
    loop: Loop
    stretched: bool


def turn_of(views: Sequence[View], *, stretched: bool) -> Turn:
    """Return the turn of loops, of which there is at least one."""
    return Turn(max(map(length_of, views)), views[0].cine.loop, stretched)


def length_of(view: View) -> float:
    """Return the seconds from in to out point, at speed 1."""
    if clock.by_real_time(view):
        return clock.real_times(view)[1] or EDGE
    return (view.cine.last - view.cine.first + 1) / clock.clip_of(view).frame_rate


def stretch_of(view: View, turn: Turn) -> float:
    """Return by how much a loop is slowed down, 1 for its own speed."""
    return turn.length / length_of(view) if turn.stretched else 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """How the frames of a view follow a clock: its own, or that of a turn of several loops."""

    view: View
    turn: Turn | None = None

    def frame(self, moment: float) -> int:
        """Return the frame (from 0) that belongs to a moment of the clock."""
        if self.turn is None:
            return clock.frame_of(self.view, moment)
        return clock.frame_of(self._once, self._own(self._inside(moment)))

    def span(self, moment: float) -> tuple[float, float]:
        """Return the moments of the clock at which the frame of a moment starts and ends."""
        if self.turn is None:
            return clock.span_of(self.view, moment)
        start, end = self._span_inside(self._own(self._inside(moment)))
        if self._backwards(moment):
            start, end = self.turn.length - end, self.turn.length - start
        base = self._number(moment) * self.turn.length
        return base + start, base + max(end, start + EDGE)

    def moment(self) -> float:
        """Return the first moment of the clock at which the frame on screen is shown."""
        own = clock.moment_of(self.view)
        return own if self.turn is None else own * stretch_of(self.view, self.turn)

    def over(self, moment: float) -> bool:
        """Tell whether playing once has come to its end."""
        if self.turn is None:
            return clock.is_over(self.view, moment)
        return self.turn.loop is Loop.ONCE and moment >= self.turn.length - EDGE

    @property
    def _once(self) -> View:
        return replace(self.view, cine=replace(self.view.cine, loop=Loop.ONCE))

    def _number(self, moment: float) -> int:
        """Return how many turns came before a moment."""
        assert self.turn is not None
        return 0 if self.turn.loop is Loop.ONCE else math.floor(moment / self.turn.length + 1e-9)

    def _backwards(self, moment: float) -> bool:
        assert self.turn is not None
        return self.turn.loop is Loop.PING_PONG and self._number(moment) % 2 == 1

    def _inside(self, moment: float) -> float:
        """Return a moment of the clock as one of its turn, counted forwards."""
        assert self.turn is not None
        inside = max(0.0, moment - self._number(moment) * self.turn.length)
        return self.turn.length - inside - EDGE if self._backwards(moment) else inside

    def _own(self, inside: float) -> float:
        """Return the moment of the loop itself, held at its last frame."""
        assert self.turn is not None
        own = inside / stretch_of(self.view, self.turn)
        return min(max(0.0, own), length_of(self.view) - EDGE)

    def _span_inside(self, own: float) -> tuple[float, float]:
        assert self.turn is not None
        stretch = stretch_of(self.view, self.turn)
        start, end = (part * stretch for part in clock.span_of(self._once, own))
        last = clock.frame_of(self._once, own) == self.view.cine.last
        return start, self.turn.length if last else min(end, self.turn.length)


def together(state: State) -> tuple[int, ...]:
    """Return the places on screen whose loops share a clock: none unless there are two."""
    if not state.has_link(Link.TIME):
        return ()
    places = tuple(n for n in state.shown if is_loop(state.views[n]))
    return places if len(places) > 1 else ()


def is_loop(view: View) -> bool:
    """Tell whether a view has frames that follow one another in time, not slice by slice."""
    clip = view.clip
    return clip is not None and len(clip) > 1 and not clip.is_volume


def turn_in(state: State) -> Turn | None:
    """Return the turn of the loops that share a clock, None when there are none."""
    places = together(state)
    if not places:
        return None
    return turn_of([state.views[n] for n in places], stretched=state.layout.stretched)


def stretch_in(state: State) -> float:
    """Return by how much the active loop is slowed down by the clock that it shares, 1 for none."""
    if not state.layout.stretched or not is_loop(state.view):
        return 1.0
    turn = turn_in(state)
    return (
        1.0 if turn is None or state.active not in together(state) else stretch_of(state.view, turn)
    )


def frames_in_step(state: State, leader: int) -> State:
    """Return a state in which loops show the frame of the moment that the leader shows."""
    turn, places = turn_in(state), together(state)
    if turn is None or leader not in places:
        return state
    moment = Course(state.views[leader], turn).moment()
    views = list(state.views)
    for place in places:
        if place != leader:
            frame = Course(views[place], turn).frame(moment + EDGE)
            views[place] = replace(views[place], frame=frame)
    return replace(state, views=tuple(views))
