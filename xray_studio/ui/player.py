"""Player: the cine clock. The frame shown is the one that belongs to the elapsed time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer

from xray_studio.ui.clock import Clock, plays
from xray_studio.ui.in_step import Course, Turn, together, turn_in
from xray_studio.ui.layout import PLACES
from xray_studio.ui.rate_meter import RateMeter
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View

REMEMBERED = 64  # frames looked back at for one that is decoded
TOLD = 0.25  # seconds between two values of the rate, so that it can be read
LONGEST = 3600.0  # seconds of sleep


class Playhead:
    """The clock of one place of the grid, and the rate at which its frames reach the screen."""

    def __init__(self, session: Session, place: int, now: Callable[[], float]) -> None:
        self._session, self._place, self._now = session, place, now
        self._meter = RateMeter()
        self._told = 0.0
        self.clock = Clock()
        self.turn: Turn | None = None
        self.runs = False
        self.mine = 0  # the frame that the clock chose; another one was chosen by the user

    @property
    def view(self) -> View:
        """The view that it plays."""
        return self._session.state.views[self._place]

    @property
    def course(self) -> Course:
        """How frames follow the clock."""
        return Course(self.view, self.turn)

    @property
    def moment(self) -> float:
        """What the clock says now."""
        return self.clock.read(self._now())

    @property
    def due(self) -> float:
        """The time, on the player's clock, at which the frame on screen was due."""
        return self.clock.when(self.course.span(self.moment)[0])

    @property
    def wait(self) -> float:
        """Seconds until the next frame is due."""
        return self.clock.when(self.course.span(self.moment)[1]) - self._now()

    def upcoming(self) -> int | None:
        """Return the frame that is due after the one on screen, None while nothing plays."""
        if not self._plays:
            return None
        course = self.course
        start, end = course.span(self.moment)
        return course.frame(end + min(1e-3, (end - start) / 2))

    def recent(self) -> Iterator[int]:
        """Yield the frames that were due until now, newest first, while something plays."""
        if not self._plays:
            return
        course, moment = self.course, self.moment
        for _ in range(REMEMBERED):
            yield course.frame(moment)
            start, end = course.span(moment)
            moment = start - min(1e-3, (end - start) / 2)
            if moment < 0.0:
                return

    def frame_painted(self) -> None:
        """Count a frame that reached the screen."""
        view = self.view
        if not self._plays or view.clip is None:
            return
        now = self._now()
        self._meter.count(now, view.clip.frame_rate * view.cine.speed)
        if now - self._told >= TOLD and (rate := self._meter.rate()) is not None:
            self._told = now
            self._session.update_at(self._place, rate=round(rate, 1))

    def start(self, clock: Clock, turn: Turn | None) -> None:
        """Run by a clock, alone or in a turn with others."""
        self.clock, self.turn, self.runs = clock, turn, True
        self.mine = self.view.frame
        self._meter.clear()

    def halt(self) -> None:
        """Run no more."""
        if self.runs:
            self.runs = False
            self._session.update_at(self._place, rate=None)

    def moved(self, old: View, new: View) -> bool:
        """Tell whether the clock no longer belongs to the view: other clip, frame, range, order."""
        if old.clip is not new.clip or new.frame not in (old.frame, self.mine):
            return True
        return replace(old.cine, speed=1.0) != replace(new.cine, speed=1.0)

    @property
    def _plays(self) -> bool:
        return self.runs and plays(self.view)


class Player(QObject):
    """Moves the frames of the loops on screen while they play.

    Each loop has a clock of its own; linked ones share one. The timer sleeps until the next frame
    of any of them is due. When it wakes late, the frames in between are dropped: time is never
    stretched.
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
        self._heads = tuple(Playhead(session, place, clock) for place in range(PLACES))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        session.changed.connect(self._follow)

    def at(self, place: int) -> Playhead:
        """Return the clock of a place."""
        return self._heads[place]

    def tick(self) -> None:
        """Show the frames that are due now and sleep until the next one."""
        views = list(self._session.state.views)
        for place, head in enumerate(self._heads):
            if head.runs and plays(views[place]):
                views[place] = self._ticked(head)
        self._session.update(views=tuple(views))
        self._sleep()

    def stop(self) -> None:
        """Stop the timer, for good."""
        self._session.changed.disconnect(self._follow)
        self._timer.stop()

    def _ticked(self, head: Playhead) -> View:
        moment, course = head.moment, head.course
        head.mine = course.frame(moment)
        over = course.over(moment)
        cine = replace(head.view.cine, playing=False) if over else head.view.cine
        return replace(head.view, frame=head.mine, cine=cine)

    def _sleep(self) -> None:
        # A listener may have stopped or moved a clip.
        running = [h for h in self._heads if h.runs and plays(h.view)]
        if running:
            wait = min(head.wait for head in running)
            self._timer.start(max(0, math.ceil(min(wait, LONGEST) * 1000.0)))
        else:
            self._timer.stop()

    def _follow(self, old: State, new: State) -> None:
        same_places = old.shown == new.shown and old.layout == new.layout
        if old.views is new.views and same_places:
            return
        playing = [n for n in new.shown if plays(new.views[n])]
        for place, head in enumerate(self._heads):
            if place not in playing:
                head.halt()
        turn = turn_in(new)
        shared = [n for n in playing if n in together(new)] if turn else []
        fresh = self._follow_shared(shared, turn, old, new) if turn else False
        for place in playing:
            if place not in shared:
                fresh |= self._follow_alone(self._heads[place], old.views[place], new.views[place])
        if fresh:
            self._timer.start(0)

    def _follow_alone(self, head: Playhead, old: View, new: View) -> bool:
        """Keep the clock of one loop; tell whether it shows another frame now."""
        if not head.runs or head.turn is not None or head.moved(old, new):
            course = Course(new)
            head.start(Clock(course.moment(), self._now(), new.cine.speed), None)
            return True
        if old.cine.speed != new.cine.speed:
            head.start(head.clock.at_speed(new.cine.speed, self._now()), None)
            return True
        return False

    def _follow_shared(self, places: list[int], turn: Turn, old: State, new: State) -> bool:
        """Keep the clock of linked loops; one that is moved takes the others along."""
        heads = [self._heads[n] for n in places]
        moved = [
            n for n in places
            if self._heads[n].runs and self._heads[n].moved(old.views[n], new.views[n])
        ]  # fmt: skip
        speeds = any(old.views[n].cine.speed != new.views[n].cine.speed for n in places)
        same = all(head.runs and head.turn == turn for head in heads)
        if same and not moved and not speeds:
            return False
        clock = self._shared_clock(places, moved, turn, new)
        for head in heads:
            head.start(clock, turn)
        return bool(heads)

    def _shared_clock(self, places: list[int], moved: list[int], turn: Turn, new: State) -> Clock:
        speed, now = new.views[places[0]].cine.speed, self._now()
        running = [self._heads[n] for n in places if self._heads[n].turn is not None]
        running = [head for head in running if head.runs]
        if running and not moved:
            return running[0].clock.at_speed(speed, now)
        leader = next(iter(moved), new.active if new.active in places else places[0])
        return Clock(Course(new.views[leader], turn).moment(), now, speed)
