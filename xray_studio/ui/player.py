"""Player: the cine clock. The frame shown is the one that belongs to the elapsed time."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer

from xray_studio.core.playback import Loop, ended, frame_at, frame_at_real
from xray_studio.ui.session import Cine, Session, State, View

TICK = 0.004
MEASURED = 1.0


class Player(QObject):
    """Moves the session's frame while it plays and measures the rate that the screen achieves."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._origin = 0.0
        self._shown: deque[float] = deque()
        self._moving = False
        session.changed.connect(self._follow)

    def frame_painted(self) -> None:
        """Count a frame that reached the screen."""
        now = time.monotonic()
        self._shown.append(now)
        while self._shown and now - self._shown[0] > MEASURED:
            self._shown.popleft()

    def _follow(self, old: State, new: State) -> None:
        if self._moving:
            return
        if _plays(new.view) and (not _plays(old.view) or _clock(old.view) != _clock(new.view)):
            self._start(new.view)
        elif _plays(old.view) and not _plays(new.view):
            self._stop()
        elif _plays(new.view) and old.view.frame != new.view.frame:
            self._start(new.view)

    def _start(self, view: View) -> None:
        self._origin = time.monotonic() - elapsed_of(view)
        self._shown.clear()
        self._timer.start(max(1, round(TICK * 1000)))

    def _stop(self) -> None:
        self._timer.stop()
        self._session.update(rate=None)

    def _tick(self) -> None:
        view = self._session.view
        elapsed = time.monotonic() - self._origin
        frame = frame_of(view, elapsed)
        over = is_over(view, elapsed)
        self._moving = True
        try:
            if over:
                self._session.update_cine(playing=False)
            if frame != view.frame:
                self._session.update_view(frame=frame)
            self._session.update(rate=None if over else self._achieved())
        finally:
            self._moving = False
        if over:
            self._timer.stop()

    def _achieved(self) -> float | None:
        if len(self._shown) < 3:
            return self._session.state.rate
        span = self._shown[-1] - self._shown[0]
        return round((len(self._shown) - 1) / span, 1) if span > 0.25 else self._session.state.rate


def _plays(view: View) -> bool:
    return view.cine.playing and view.clip is not None and len(view.clip) > 1


def _clock(view: View) -> tuple[Cine, int]:
    return view.cine, id(view.clip)


def frame_of(view: View, elapsed: float) -> int:
    """Return the frame (from 0) that belongs to `elapsed` seconds since the in point."""
    clip, cine = view.clip, view.cine
    assert clip is not None
    if cine.real_time and clip.timing.times:
        times, end = _real_times(view)
        return cine.first + frame_at_real(elapsed * cine.speed, times, end, cine.loop)
    return frame_at(elapsed, clip.frame_rate * cine.speed, cine.first, cine.last, cine.loop)


def elapsed_of(view: View) -> float:
    """Return the seconds since the in point at which the view's frame starts."""
    clip, cine = view.clip, view.cine
    assert clip is not None
    if not cine.first <= view.frame <= cine.last:
        return 0.0
    if cine.real_time and clip.timing.times:
        times, _ = _real_times(view)
        return times[view.frame - cine.first] / cine.speed
    return (view.frame - cine.first) / (clip.frame_rate * cine.speed)


def is_over(view: View, elapsed: float) -> bool:
    """Tell whether a clip that plays once has passed its out point."""
    clip, cine = view.clip, view.cine
    assert clip is not None
    if cine.real_time and clip.timing.times:
        return cine.loop is Loop.ONCE and elapsed * cine.speed >= _real_times(view)[1]
    return ended(elapsed, clip.frame_rate * cine.speed, cine.first, cine.last, cine.loop)


def _real_times(view: View) -> tuple[tuple[float, ...], float]:
    assert view.clip is not None
    timing, cine = view.clip.timing, view.cine
    times = timing.times[cine.first : cine.last + 1]
    shifted = tuple(moment - times[0] for moment in times)
    after = timing.times[cine.last + 1 : cine.last + 2]
    end = after[0] - times[0] if after else shifted[-1] + timing.last_interval()
    return shifted, end
