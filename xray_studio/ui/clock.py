"""Which frame of a view belongs to a moment, and until when. Pure functions of the view.

A moment is counted in seconds of the clip from its in point, so it does not depend on the speed.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass

from xray_studio.core.clip import Clip
from xray_studio.core.playback import Loop, ended, frame_at, frame_at_real
from xray_studio.ui.view import View

EDGE = 1e-6  # of a frame: frames start at their moment in spite of rounding


@dataclass(frozen=True, slots=True)
class Clock:
    """A clip time that runs `speed` times as fast as the time it was set at, in seconds."""

    moment: float = 0.0
    at: float = 0.0
    speed: float = 1.0

    def read(self, now: float) -> float:
        """Return the clip time at `now`."""
        return self.moment + max(0.0, now - self.at) * self.speed

    def when(self, moment: float) -> float:
        """Return the time at which the clip time is `moment`."""
        return self.at + (moment - self.moment) / self.speed

    def at_speed(self, speed: float, now: float) -> Clock:
        """Return a clock that goes on from here at another speed."""
        return Clock(self.read(now), now, speed)


def clip_of(view: View) -> Clip:
    """Return the clip of a view that has one."""
    assert view.clip is not None
    return view.clip


def plays(view: View) -> bool:
    """Tell whether the view has a clip that is playing."""
    return view.cine.playing and view.clip is not None and len(view.clip) > 1


def by_real_time(view: View) -> bool:
    """Tell whether frames follow their acquired times."""
    return view.cine.real_time and len(clip_of(view).timing.times) == len(clip_of(view))


def frame_of(view: View, moment: float) -> int:
    """Return the frame (from 0) that belongs to a moment."""
    cine = view.cine
    if by_real_time(view):
        times, end = real_times(view)
        return cine.first + frame_at_real(moment, times, end, cine.loop)
    return frame_at(moment, clip_of(view).frame_rate, cine.first, cine.last, cine.loop)


def moment_of(view: View) -> float:
    """Return the first moment of the frame on screen, 0 when it is outside in and out point."""
    cine = view.cine
    if not cine.first <= view.frame <= cine.last:
        return 0.0
    if by_real_time(view):
        return real_times(view)[0][view.frame - cine.first]
    return (view.frame - cine.first) / clip_of(view).frame_rate


def span_of(view: View, moment: float) -> tuple[float, float]:
    """Return the moments at which the frame of `moment` starts and ends."""
    if by_real_time(view):
        return _real_span(view, moment)
    rate = clip_of(view).frame_rate
    step = int(moment * rate + EDGE)
    return step / rate, (step + 1) / rate


def is_over(view: View, moment: float) -> bool:
    """Tell whether a clip that plays once has passed its out point."""
    cine = view.cine
    if by_real_time(view):
        return cine.loop is Loop.ONCE and moment >= real_times(view)[1]
    return ended(moment, clip_of(view).frame_rate, cine.first, cine.last, cine.loop)


def real_times(view: View) -> tuple[tuple[float, ...], float]:
    """Return the starts of the frames from in to out point, first 0, and the end of the last."""
    timing, cine = clip_of(view).timing, view.cine
    times = timing.times[cine.first : cine.last + 1]
    shifted = tuple(moment - times[0] for moment in times)
    after = timing.times[cine.last + 1 : cine.last + 2]
    end = after[0] - times[0] if after else shifted[-1] + timing.last_interval()
    return shifted, end


def _real_span(view: View, moment: float) -> tuple[float, float]:
    times, end = real_times(view)
    if end <= 0.0:
        return moment, math.inf
    turn = math.floor((moment + 1e-9) / end)
    inside = min(max(0.0, moment - turn * end), end)
    backwards = view.cine.loop is Loop.PING_PONG and turn % 2 == 1
    place = end - inside if backwards else inside
    step = max(0, bisect.bisect_right(times, place + 1e-9) - 1)
    start, stop = times[step], times[step + 1] if step + 1 < len(times) else end
    if backwards:
        start, stop = end - stop, end - start
    return turn * end + start, turn * end + max(stop, inside + 1e-6)
