"""Player: the cine clock. The frame shown is the one that belongs to the elapsed time."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer

from xray_studio.ui.clock import Clock, frame_of, is_over, moment_of, plays, span_of
from xray_studio.ui.session import Session, State, View

MEASURED = 1.0  # seconds over which the rate is measured, longer for very slow clips
REMEMBERED = 64  # frames looked back at for one that is decoded
TOLD = 0.25  # seconds between two values of the rate, so that it can be read


class RateMeter:
    """Measures how many frames a second reach the screen."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def clear(self) -> None:
        """Start again."""
        self._moments.clear()

    def count(self, now: float, wanted: float) -> None:
        """Count a frame; only the last second is kept, or four frames of a slower clip."""
        self._moments.append(now)
        span = max(MEASURED, 4.0 / max(wanted, 1e-3))
        while now - self._moments[0] > span + 1e-9:
            self._moments.popleft()

    def rate(self) -> float | None:
        """Return frames per second, None until there is enough to tell."""
        if len(self._moments) < 3:
            return None
        span = self._moments[-1] - self._moments[0]
        return (len(self._moments) - 1) / span if span > 0.2 else None


class Player(QObject):
    """Moves the session's frame while it plays and measures the rate that the screen achieves.

    The timer sleeps until the next frame is due. When it wakes late, the frames in between are
    dropped: time is never stretched.
    """

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = clock
        self._clock = Clock()
        self._meter = RateMeter()
        self._told = 0.0
        self._mine = 0  # the frame that the clock chose; another one was chosen by the user
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        session.changed.connect(self._follow)

    @property
    def due(self) -> float:
        """The time, on the player's clock, at which the frame on screen was due."""
        view = self._session.view
        return self._clock.when(span_of(view, self._clock.read(self._now()))[0])

    def upcoming(self) -> int | None:
        """Return the frame that is due after the one on screen, None while nothing plays."""
        view = self._session.view
        if not plays(view):
            return None
        start, end = span_of(view, self._clock.read(self._now()))
        return frame_of(view, end + min(1e-3, (end - start) / 2))

    def recent(self) -> Iterator[int]:
        """Yield the frames that were due until now, newest first, while something plays."""
        view = self._session.view
        if not plays(view):
            return
        moment = self._clock.read(self._now())
        for _ in range(REMEMBERED):
            yield frame_of(view, moment)
            start, end = span_of(view, moment)
            moment = start - min(1e-3, (end - start) / 2)
            if moment < 0.0:
                return

    def frame_painted(self) -> None:
        """Count a frame that reached the screen."""
        view = self._session.view
        if not plays(view) or view.clip is None:
            return
        now = self._now()
        self._meter.count(now, view.clip.frame_rate * view.cine.speed)
        if now - self._told >= TOLD and (rate := self._meter.rate()) is not None:
            self._told = now
            self._session.update_view(rate=round(rate, 1))

    def tick(self) -> None:
        """Show the frame that is due now and sleep until the next one."""
        view = self._session.view
        if not plays(view):
            return
        moment = self._clock.read(self._now())
        self._mine = frame_of(view, moment)
        cine = replace(view.cine, playing=False) if is_over(view, moment) else view.cine
        self._session.update_view(frame=self._mine, cine=cine)
        # A listener may have stopped or moved the clip.
        if plays(self._session.view):
            self._sleep_after(moment)

    def stop(self) -> None:
        """Stop the timer, for good."""
        self._session.changed.disconnect(self._follow)
        self._timer.stop()

    def _follow(self, old: State, new: State) -> None:
        if old.view is new.view:
            return
        if not plays(new.view):
            if plays(old.view):
                self._halt()
        elif not plays(old.view) or self._elsewhere(old.view, new.view):
            self._start(new.view)
        elif old.view.cine.speed != new.view.cine.speed:
            self._clock = self._clock.at_speed(new.view.cine.speed, self._now())
            self._meter.clear()
            self._sleep_after(self._clock.moment)

    def _elsewhere(self, old: View, new: View) -> bool:
        """Tell whether the clock no longer belongs to the view: other clip, frame, range, order."""
        if old.clip is not new.clip or new.frame not in (old.frame, self._mine):
            return True
        return replace(old.cine, speed=1.0) != replace(new.cine, speed=1.0)

    def _start(self, view: View) -> None:
        self._clock = Clock(moment_of(view), self._now(), view.cine.speed)
        self._meter.clear()
        self._timer.start(0)

    def _halt(self) -> None:
        self._timer.stop()
        self._session.update_view(rate=None)

    def _sleep_after(self, moment: float) -> None:
        end = span_of(self._session.view, moment)[1]
        wait = self._clock.when(end) - self._now()
        self._timer.start(max(0, math.ceil(min(wait, 3600.0) * 1000.0)))
