"""Commands of the cine bar and its keys. Each one changes the session and nothing else."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.playback import Loop
from xray_studio.ui.session import Session
from xray_studio.ui.view import Cine

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
LOOPS = (Loop.LOOP, Loop.PING_PONG, Loop.ONCE)


class CineCommands:
    """Play, step, choose in and out points, speed and loop. Frames count from 0."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def play_pause(self) -> None:
        """Start or stop; a clip that played once to its end starts again."""
        view = self._session.view
        if self._length() < 2:
            return
        cine = replace(view.cine, playing=not view.cine.playing)
        at_end = cine.loop is Loop.ONCE and view.frame >= cine.last
        frame = cine.first if cine.playing and at_end else view.frame
        self._session.update_view(cine=cine, frame=frame)

    def step(self, by: int) -> None:
        """Go `by` frames on, or back when negative, and stop playing."""
        self.go_to(self._session.view.frame + by)

    def go_to(self, frame: int) -> None:
        """Show a frame and stop playing; beyond the ends it is the first or last frame."""
        if self._length():
            cine = replace(self._session.view.cine, playing=False)
            self._session.update_view(frame=self._inside(frame), cine=cine)

    def first(self) -> None:
        """Show the first frame of the clip."""
        self.go_to(0)

    def last(self) -> None:
        """Show the last frame of the clip."""
        self.go_to(self._length() - 1)

    def scrub(self, frame: int) -> None:
        """Show a frame and go on playing from there if the clip plays."""
        if self._length():
            self._session.update_view(frame=self._inside(frame))

    def set_in(self) -> None:
        """Make the frame on screen the in point; an earlier out point moves to the end."""
        frame, last = self._session.view.frame, self._session.view.cine.last
        self.set_range(frame, last if last >= frame else self._length() - 1)

    def set_out(self) -> None:
        """Make the frame on screen the out point; a later in point moves to the start."""
        frame, first = self._session.view.frame, self._session.view.cine.first
        self.set_range(first if first <= frame else 0, frame)

    def set_range(self, first: int, last: int) -> None:
        """Set in and out point, both included."""
        if self._length():
            first, last = sorted((self._inside(first), self._inside(last)))
            self._change(first=first, last=last)

    def clear_range(self) -> None:
        """Play the whole clip again."""
        self.set_range(0, self._length() - 1)

    def set_speed(self, speed: float) -> None:
        """Play at a multiple of the display rate."""
        self._change(speed=speed, real_time=False)

    def slower(self) -> None:
        """Take the next lower speed."""
        self.set_speed(max((s for s in SPEEDS if s < self._cine.speed), default=SPEEDS[0]))

    def faster(self) -> None:
        """Take the next higher speed."""
        self.set_speed(min((s for s in SPEEDS if s > self._cine.speed), default=SPEEDS[-1]))

    def set_loop(self, loop: Loop) -> None:
        """Choose what happens at the out point."""
        self._change(loop=loop)

    def cycle_loop(self) -> None:
        """Choose the next way to loop."""
        self.set_loop(LOOPS[(LOOPS.index(self._cine.loop) + 1) % len(LOOPS)])

    def set_real_time(self, wanted: bool = True) -> None:
        """Play by the acquired frame times, when the file has them."""
        clip = self._session.view.clip
        has_times = clip is not None and len(clip.timing.times) == len(clip)
        self._change(real_time=wanted and has_times, speed=1.0)

    @property
    def _cine(self) -> Cine:
        return self._session.view.cine

    def _change(self, **changes: object) -> None:
        self._session.update_cine(**changes)

    def _length(self) -> int:
        clip = self._session.view.clip
        return 0 if clip is None else len(clip)

    def _inside(self, frame: int) -> int:
        return min(max(0, frame), self._length() - 1)
