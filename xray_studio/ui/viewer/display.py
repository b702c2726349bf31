"""DisplayLoop: session to frame request to picture to viewport, with its cache."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, QTimer

from xray_studio.core.cache import FrameCache
from xray_studio.core.clip import Clip
from xray_studio.services.volume.plane_clips import OverSource
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.caches import Caches
from xray_studio.ui.frame_worker import FrameAnswer, FrameRequest, FrameWorker
from xray_studio.ui.player import Player
from xray_studio.ui.prefetch import Prefetcher, Wanted
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared, keeps_values, same_origin, unprocessed, worked
from xray_studio.ui.view import View
from xray_studio.ui.viewer.auto_window import AutoWindow
from xray_studio.ui.viewer.geometry import place
from xray_studio.ui.viewer.measuring import Measuring
from xray_studio.ui.viewer.original import Original
from xray_studio.ui.viewer.stock import Stock
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.volume.over import over_source
from xray_studio.ui.work import JobRunner

TOLD = 100  # milliseconds between two looks at what is cached
RESTED = 400  # milliseconds that a processed clip stays before more of it than the frame is made
ASKED = ("frame", "presentation", "compared")
COUNTED = 0.5  # seconds between two histograms while a clip plays


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What the display loops of a window have in common."""

    caches: Caches
    prefetcher: Prefetcher
    player: Player
    runner: JobRunner


class DisplayLoop(QObject):
    """Keeps a viewport showing what its session says. Call `close` before it goes.

    Decoding and prefetching run in worker processes and a thread for all viewports, rendering in a
    thread of this one; here only finished pictures are handed on.
    """

    def __init__(
        self, session: Session, viewport: Viewport, shared: Shared, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._viewport, self._shared = session, viewport, shared
        self._place = session.state.active
        self._head = shared.player.at(self._place)
        self._auto = AutoWindow(session, shared.runner, self)
        self._measuring = Measuring(session, shared.runner, self)
        self._worker = FrameWorker(self)
        self._clip: Clip | None = None
        self._stock: Stock | None = None
        self._ready: FrameAnswer | None = None  # the next frame of a clip that plays
        self._pending: FrameRequest | None = None
        self._asked: FrameRequest | None = None
        self._painted_frame = -1
        self._counted = 0.0
        self._tell_timer = QTimer(self)
        self._rest_timer = QTimer(self, singleShot=True, interval=RESTED)
        self._limit: float | None = None  # of the differences of this clip
        self._closed = False
        self._connect()
        self._worker.start()
        self._open(session.view)

    def _connect(self) -> None:
        self._tell_timer.setSingleShot(True)
        self._tell_timer.setInterval(TOLD)
        self._tell_timer.timeout.connect(self._tell_memory)
        self._rest_timer.timeout.connect(lambda: self._look_ahead(self._session.view))
        queued = Qt.ConnectionType.QueuedConnection
        self._worker.answered.connect(self._answered, queued)
        self._shared.prefetcher.cached.connect(self._arrived, queued)
        self._viewport.resized.connect(self._ask)
        self._viewport.painted.connect(self._painted)
        self._session.changed.connect(self._follow)

    @property
    def clip(self) -> Clip | None:
        """The clip on screen, over the cache."""
        return self._clip

    def close(self) -> None:
        """Stop the thread and give the memory back."""
        if self._closed:
            return
        self._closed = True
        self._session.changed.disconnect(self._follow)
        self._tell_timer.stop()
        self._shared.prefetcher.cached.disconnect(self._arrived)
        self._drop_cache()
        self._worker.stop()

    def _follow(self, old: State, new: State) -> None:
        if old.settings.viewing.smooth != new.settings.viewing.smooth:
            self._ask()
        if _laid(old) != _laid(new):
            self._ask()
        if old.view is new.view and old.shown == new.shown:
            return
        if old.view.clip is not new.view.clip:
            self._change(old.view, new.view)
        elif any(getattr(old.view, name) != getattr(new.view, name) for name in ASKED):
            self._ask()
        elif old.view.cine.playing and not new.view.cine.playing:
            self._ask()  # a reduced picture that stands still becomes whole
        self._look_ahead(new.view)

    def _change(self, old: View, new: View) -> None:
        # A series that has grown keeps its picture until the one of the longer clip is there, one
        # that is processed otherwise until the frame is made, and says so.
        if same_origin(old, new):
            self._viewport.outdate()
        elif not grown(old, new):
            self._viewport.clear()
        self._open(new, old)

    def _open(self, view: View, old: View | None = None) -> None:
        self._drop_cache()
        if view.clip is not None:
            made = worked(view)
            base = None if made is None or made.error else made.base.clip
            self._stock = Stock(view.clip, self._shared.caches, base)
            self._clip = self._stock.clip
            if base is not None and not view.cine.playing:
                self._rest_timer.start()
        self._auto.use(self._clip)
        like = self._stock is not None and keeps_values(view)
        self._measuring.use(self._clip, self._stock.original if self._stock and like else None)
        kept = old is not None and same_origin(old, view)
        self._session.update_view(histogram=view.histogram if kept else None, cached=())
        self._ask()
        self._look_ahead(view)

    def _drop_cache(self) -> None:
        self._shared.prefetcher.follow(self._place, None)
        if self._stock is not None:
            self._stock.close()
        self._stock = self._clip = self._ready = self._pending = self._asked = None
        self._painted_frame, self._limit = -1, None
        self._rest_timer.stop()

    @property
    def _on_screen(self) -> bool:
        return self._place in self._session.state.shown

    def _ask(self) -> None:
        view, size = self._session.view, self._viewport.view_size()
        if self._clip is None or self._stock is None or view.clip is None or self._closed:
            return
        if not self._on_screen:
            return
        self._session.update_view(fit=place(view.clip, view.presentation, size).fit)
        index = self._newest(self._stock, view)
        reduced = self._stock.reduced(index, playing=view.cine.playing)
        asked = FrameRequest(
            self._clip, view.presentation, index, size, self._counts(view),
            smooth=self._session.state.settings.viewing.smooth,
            at_hand=reduced is not None or self._stock.whole.peek(index) is not None,
            reduced=reduced, original=self._original(view),
            over=over_source(self._session.state, view.clip), family=self._family(view),
        )  # fmt: skip
        self._asked = asked
        ready, self._ready = self._ready, None
        if ready is not None and ready.request.same_picture(asked):
            self._show_now(ready)
        else:
            self._pending = asked
            self._worker.ask(asked)
        self._ask_ahead(asked)

    @staticmethod
    def _family(view: View) -> tuple[object, ...]:
        """Return what the clips of a plane have in common, whichever way it is turned."""
        made = view.clip is not None and view.clip.made and view.series is not None
        return view.series.identity if made and view.series is not None else ()

    def _original(self, view: View) -> Original | None:
        """Return what is wanted of the unprocessed clip."""
        clip = None if self._stock is None else self._stock.original
        if clip is None or view.compared is Compared.NOT:
            return None
        difference = view.compared is Compared.DIFFERENCE
        if difference and not keeps_values(view):
            return None
        limit = self._limit if difference else None
        return Original(clip, unprocessed(view).presentation, difference, limit)

    def _newest(self, stock: Stock, view: View) -> int:
        """Return the frame to show: that of the session, or the newest one decoded until now.

        While decoding is slower than the clock, frames come late; waiting for the one that is due
        would show still fewer of them.
        """
        for frame in self._head.recent():
            if frame == self._painted_frame:
                break
            if stock.has(frame):
                return frame
        return view.frame

    def _counts(self, view: View) -> bool:
        """Tell whether a histogram is wanted: of each picture, twice a second while it plays."""
        return not view.cine.playing or time.monotonic() - self._counted > COUNTED

    def _ask_ahead(self, asked: FrameRequest) -> None:
        """Have the next frame of a clip that plays rendered before it is due."""
        upcoming = self._head.upcoming()
        if upcoming is not None and upcoming != asked.index:
            counts = self._counts(self._session.view)
            stock = self._stock
            reduced = None if stock is None else stock.reduced(upcoming, playing=True)
            ahead = replace(asked, index=upcoming, histogram=counts, ahead=True, reduced=reduced)
            self._worker.ask(ahead)

    def _look_ahead(self, view: View) -> None:
        wanted, cine = None, view.cine
        later = not self._on_screen or (self._rest_timer.isActive() and not cine.playing)
        stock = self._stock
        later = later or (stock is not None and stock.at_once and not cine.playing)
        if self._stock is not None and len(self._stock.clip) > 1 and not later:
            cache = self._stock.to_fill(playing=cine.playing)
            wanted = Wanted(cache, view.frame, cine.first, cine.last, cine.playing)
        self._shared.prefetcher.follow(self._place, wanted)

    def _arrived(self, cache: FrameCache) -> None:
        """Show a frame that was decoded late, if it is newer than the one on screen."""
        if self._stock is None or not self._stock.holds(cache):
            return
        self._memory_changed()
        view = self._session.view
        if cache is not self._stock.whole:
            self._look_ahead(view)  # when all small frames are there, whole ones follow
        if not view.cine.playing or self._painted_frame == view.frame:
            return
        newest = self._newest(self._stock, view)
        if self._pending is None or self._pending.index != newest:
            self._ask()

    def _answered(self, answer: FrameAnswer) -> None:
        # An answer of the clip that was on screen before is dropped, unless that is being turned;
        # older frames never come after newer ones, since there is one worker.
        asked = self._asked
        if self._closed or self._clip is None or asked is None:
            return
        if answer.request.clip is not self._clip and not asked.follows(answer.request):
            return
        if answer.request is self._pending:
            self._pending = None
        if answer.request.ahead and answer.request.index != self._session.view.frame:
            self._ready = answer
        else:
            self._show_now(answer)

    def _show_now(self, answer: FrameAnswer) -> None:
        self._viewport.show_answer(answer)
        if answer.original is not None and answer.original.scale is not None:
            self._limit = answer.original.scale.limit or None
        # A damaged frame passes by while the clip plays: the values of the one before stand.
        passing = answer.error is not None and self._session.view.cine.playing
        if answer.request.histogram and not passing:
            self._counted = time.monotonic()
            self._session.update_view(histogram=answer.histogram)
        self._memory_changed()
        if answer.request.reduced is not None and not self._session.view.cine.playing:
            self._ask_whole(answer.request)

    def _ask_whole(self, shown: FrameRequest) -> None:
        """Ask for the whole of a frame of which a reduced one is on screen."""
        view = self._session.view
        if self._pending is None and shown.index == view.frame:
            self._pending = replace(
                shown, presentation=view.presentation, histogram=True, ahead=False,
                at_hand=False, reduced=None,
            )  # fmt: skip
            self._worker.ask(self._pending)

    def _painted(self, answer: FrameAnswer) -> None:
        if answer.request.index != self._painted_frame:
            self._painted_frame = answer.request.index
            self._head.frame_painted()

    def _memory_changed(self) -> None:
        if not self._tell_timer.isActive() and not self._closed:
            self._tell_timer.start()

    def _tell_memory(self) -> None:
        budget = self._shared.caches.budget
        cached = () if self._stock is None else ranges(self._stock.cached())
        self._session.update_view(cached=cached)
        self._session.update(memory=(budget.used, budget.limit))


def _laid(state: State) -> OverSource | None:
    """Return what lies over the frames in view."""
    return None if state.view.clip is None else over_source(state, state.view.clip)


def grown(old: View, new: View) -> bool:
    """Tell whether a view shows more of the same series of the same patient."""
    if old.clip is None or new.clip is None or new.series is None:
        return False
    one, other = old.clip.identity, new.clip.identity
    persons = (one.patient_id, one.patient_name), (other.patient_id, other.patient_name)
    return same(new.series, old.series) and persons[0] == persons[1]


def ranges(frames: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return frame numbers as ranges, both ends included, in order."""
    found: list[tuple[int, int]] = []
    for frame in sorted(frames):
        if found and found[-1][1] == frame - 1:
            found[-1] = (found[-1][0], frame)
        else:
            found.append((frame, frame))
    return tuple(found)
