from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.viewer.events import drag
from tests.ui.viewer.fakes import (
    NARROW,
    HeldSource,
    MemorySource,
    make_clip,
    make_series,
    make_session,
    make_view,
)
from xray_studio.core.cache import FrameBudget
from xray_studio.core.clip import Identity
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Window
from xray_studio.core.workers import Priority
from xray_studio.ui.player import Player
from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.viewer import display as module
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.display import ranges
from xray_studio.ui.viewer.displays import Displays
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.viewer.window_commands import WindowCommands
from xray_studio.ui.work import JobRunner


class Watch:
    """The clock of a player, that the test sets."""

    def __init__(self, player: Player) -> None:
        self.now, self.player = 100.0, player
        for each in (player, *player._heads):
            each._now = lambda: self.now

    def after(self, seconds: float) -> None:
        """Let time pass, and the timer ring."""
        self.now += seconds
        self.player.tick()


class Stage:
    """Viewport and loop over a session, on screen."""

    def __init__(self, qtbot, session: Session, budget: FrameBudget) -> None:
        self.session = session
        self.viewport = Viewport(session)
        self.runner = JobRunner()
        qtbot.addWidget(self.viewport)
        self.viewport.resize(600, 400)
        self.displays = Displays(session, self.runner, budget)
        self.display = self.displays.show_in(session, self.viewport)
        with qtbot.waitExposed(self.viewport):
            self.viewport.show()

    @property
    def shown(self) -> int | None:
        """The frame on screen."""
        answer = self.viewport.answer
        return None if answer is None else answer.request.index

    def play_by_hand(self) -> Watch:
        """Play on, but time passes for the player only when the test sets the watch."""
        watch = Watch(self.displays.player)
        CineCommands(self.session).play_pause()
        return watch

    def close(self) -> None:
        self.displays.close()
        self.runner.shutdown()


@pytest.fixture
def stage(qtbot):
    made: list[Stage] = []

    def make(session: Session, budget: FrameBudget | None = None) -> Stage:
        made.append(Stage(qtbot, session, budget or FrameBudget(64 << 20)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_the_session_reaches_the_screen(qtbot, stage):
    session = make_session()
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    session.update_view(frame=4)
    qtbot.waitUntil(lambda: there.shown == 4)
    session.update_presentation(voi=NARROW)
    qtbot.waitUntil(lambda: there.viewport.answer.request.presentation.voi is NARROW)


def test_the_first_frame_shows_while_the_rest_is_held_back(qtbot, stage):
    source = HeldSource(30)
    there = stage(make_session(make_clip(source)))
    qtbot.waitUntil(lambda: (0, Priority.PLAYBACK) in source.asked and len(source.waiting) > 2)
    source.release(0)
    qtbot.waitUntil(lambda: there.shown == 0)
    assert all(priority is Priority.PREFETCH for index, priority in source.asked if index > 0)


def test_what_is_in_memory_is_told_as_ranges(qtbot, stage):
    session = make_session()
    there = stage(session)
    qtbot.waitUntil(lambda: session.view.cached == ((0, 7),))
    qtbot.waitUntil(lambda: session.state.memory[0] == 8 * 40 * 60 * 2)
    assert session.state.memory[1] == there.displays.budget.limit


def test_the_budget_is_kept(qtbot, stage):
    budget = FrameBudget(3 * 40 * 60 * 2)
    session = make_session(make_clip(MemorySource(50)))
    there = stage(session, budget)
    for frame in range(0, 50, 7):
        CineCommands(session).go_to(frame)
        qtbot.waitUntil(lambda frame=frame: there.shown == frame)
    assert budget.used <= budget.limit


def test_fit_and_histogram_reach_the_session(qtbot, stage):
    session = make_session()
    there = stage(session)
    qtbot.waitUntil(lambda: session.view.histogram is not None)
    assert session.view.fit == pytest.approx(10.0)
    there.viewport.resize(300, 400)
    qtbot.waitUntil(lambda: session.view.fit == pytest.approx(5.0))
    qtbot.waitUntil(lambda: there.viewport.answer.placement.view.width == 300)


def test_the_histogram_follows_a_clip_that_plays_past_a_damaged_frame(qtbot, stage, monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 0.0)
    session = make_session(make_clip(MemorySource(bad=frozenset({3}))))
    there = stage(session)
    qtbot.waitUntil(lambda: session.view.histogram is not None)
    seen, passed = set(), set()
    session.changed.connect(
        lambda _old, new: seen.add(new.view.histogram and new.view.histogram.low)
    )
    there.viewport.painted.connect(lambda answer: passed.add(answer.request.index))
    session.update_cine(playing=True)
    qtbot.waitUntil(lambda: 3 in passed and {4 * 37, 7 * 37} <= seen)
    assert None not in seen


def test_a_damaged_frame_on_screen_has_no_histogram(qtbot, stage):
    session = make_session(make_clip(MemorySource(bad=frozenset({3}))))
    stage(session)
    for frame, known in ((0, True), (3, False), (4, True)):
        session.update_view(frame=frame)
        qtbot.waitUntil(lambda known=known: (session.view.histogram is not None) is known)


def test_an_answer_of_the_clip_before_is_dropped(qtbot, stage):
    held = HeldSource()
    session = make_session(make_clip(held))
    there = stage(session)
    qtbot.waitUntil(lambda: 0 in held.waiting)
    future = held.waiting[0]
    session.update(view=make_view(make_clip(MemorySource(3))))
    qtbot.waitUntil(lambda: there.shown == 0)
    if not future.done():
        held.release(0)
    qtbot.wait(50)
    assert there.viewport.answer.request.clip.source.shape[0] == 3


def test_nothing_of_the_clip_before_stays_on_screen(qtbot, stage):
    session = make_session()
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    session.update(view=View(series=make_series()))
    assert there.viewport.answer is None
    assert session.view.histogram is None
    assert session.view.cached == ()


def test_a_series_that_has_grown_keeps_its_picture(qtbot, stage):
    session, series = Session(), make_series()
    session.update(view=make_view(make_clip(MemorySource(3)), series=series))
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    held = HeldSource()
    session.update(view=make_view(make_clip(held), series=series))
    assert there.viewport.answer is not None
    qtbot.waitUntil(lambda: 0 in held.waiting)
    held.release(0)
    qtbot.waitUntil(lambda: there.viewport.answer.request.clip.source.shape[0] == 8)


def test_no_picture_stays_under_the_name_of_another_patient(qtbot, stage):
    session, series = Session(), make_series()
    session.update(view=make_view(series=series))
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    other = make_clip(HeldSource(), identity=Identity(patient_name="Roe^Jane", patient_id="9"))
    session.update(view=make_view(other, series=series))
    assert there.viewport.answer is None


def test_an_error_takes_the_place_of_its_frame_only(qtbot, stage):
    session = make_session(make_clip(MemorySource(bad=frozenset({1}))))
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    CineCommands(session).step(1)
    qtbot.waitUntil(lambda: there.shown == 1)
    assert "damaged" in str(there.viewport.answer.error)
    assert there.viewport.answer.image is None
    CineCommands(session).step(1)
    qtbot.waitUntil(lambda: there.shown == 2)
    assert there.viewport.answer.error is None


def test_a_clip_plays_and_tells_its_rate(qtbot, stage):
    session = make_session(make_clip(timing=Timing(rate=40.0)))
    there = stage(session)
    painted = []
    there.viewport.painted.connect(lambda answer: painted.append(answer.request.index))
    CineCommands(session).play_pause()
    qtbot.waitUntil(lambda: session.view.rate is not None)
    qtbot.waitUntil(lambda: set(painted) == set(range(8)))
    CineCommands(session).play_pause()
    assert session.view.rate is None


def test_a_slow_decoder_does_not_hold_the_clock(qtbot, stage):
    source = HeldSource(20)
    session = make_session(make_clip(source, timing=Timing(rate=50.0)))
    there = stage(session)
    qtbot.waitUntil(lambda: 0 in source.waiting)
    CineCommands(session).play_pause()
    qtbot.waitUntil(lambda: session.view.frame > 5)
    source.release(0)
    qtbot.waitUntil(lambda: there.shown == 0)


def test_a_late_frame_is_shown_when_it_is_the_newest(qtbot, stage):
    source = HeldSource(40)
    session = make_session(make_clip(source, timing=Timing(rate=20.0)))
    there = stage(session)
    qtbot.waitUntil(lambda: 0 in source.waiting)
    source.release(0)
    qtbot.waitUntil(lambda: there.shown == 0 and 2 in source.waiting)
    source.start(2)
    there.play_by_hand().after(0.21)
    assert session.view.frame == 4
    source.release(2)
    qtbot.waitUntil(lambda: there.shown == 2)
    assert session.view.frame == 4


def test_the_next_frame_of_a_clip_that_plays_is_ready_before_it_is_due(qtbot, stage):
    session = make_session(make_clip(timing=Timing(rate=5.0)))
    there = stage(session)
    qtbot.waitUntil(lambda: session.view.cached == ((0, 7),))
    watch = there.play_by_hand()
    watch.after(0.21)
    qtbot.waitUntil(lambda: there.display._ready is not None)
    ready = there.display._ready
    assert (session.view.frame, ready.request.index) == (1, 2)
    watch.after(0.2)
    assert there.viewport.answer is ready


def test_dragging_the_window_shows_the_last_one(qtbot, stage):
    session = make_session()
    there = stage(session)
    qtbot.waitUntil(lambda: there.shown == 0)
    for step in range(20):
        drag(there.viewport, (300, 200), (300 + step, 200))
    voi = session.view.presentation.voi
    qtbot.waitUntil(lambda: there.viewport.answer.request.presentation.voi == voi)


class TestAutomaticWindow:
    def test_is_found_in_the_background(self, qtbot, stage):
        session = make_session()
        stage(session)
        WindowCommands(session).auto()
        assert session.view.auto_window
        qtbot.waitUntil(lambda: not session.view.auto_window)
        assert isinstance(session.view.presentation.voi, Window)
        assert session.view.presentation.voi.explanation == "Automatic"

    def test_is_dropped_when_another_clip_comes(self, qtbot, stage):
        source = HeldSource()
        session = make_session(make_clip(source))
        there = stage(session)
        WindowCommands(session).auto()
        qtbot.waitUntil(lambda: len(source.waiting) > 1)
        session.update(view=make_view())
        before = session.view.presentation
        qtbot.waitUntil(lambda: not there.runner.tasks)
        assert session.view.presentation == before


class TestEnd:
    def test_no_thread_stays_even_while_decoding_is_stuck(self, qtbot, stage):
        before = threading.active_count()
        there = stage(make_session(make_clip(HeldSource())))
        qtbot.wait(20)
        there.close()
        there.close()
        assert there.display._worker.isFinished()
        assert there.displays._prefetcher.isFinished()
        assert threading.active_count() == before

    def test_nothing_happens_after_the_end(self, qtbot, stage):
        session = make_session()
        there = stage(session)
        qtbot.waitUntil(lambda: there.shown == 0)
        there.close()
        session.update_view(frame=3)
        there.viewport.resize(500, 300)
        qtbot.wait(50)
        assert there.shown == 0

    def test_nothing_refers_to_itself(self, qtbot):
        gc.collect()
        gc.disable()
        try:
            session = make_session()
            there = Stage(qtbot, session, FrameBudget(64 << 20))
            qtbot.waitUntil(lambda: there.shown == 0)
            there.close()
            gone = weakref.ref(there.display)
            # What Qt has queued for the objects holds them until it is delivered.
            QApplication.processEvents()
            there.display = there.displays = None
            assert gone() is None
        finally:
            gc.enable()


def test_ranges():
    assert ranges(()) == ()
    assert ranges({3}) == ((3, 3),)
    assert ranges({5, 1, 2, 3, 7, 8}) == ((1, 3), (5, 5), (7, 8))
