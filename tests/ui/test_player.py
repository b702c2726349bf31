from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.viewer.fakes import MemorySource, make_clip, make_session, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.links import linked
from xray_studio.ui.player import Player
from xray_studio.ui.rate_meter import RateMeter
from xray_studio.ui.session import Pane, Session
from xray_studio.ui.viewer.cine_commands import CineCommands


class Watch:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Played:
    """A session with a player whose timer is the test."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or make_session()
        self.watch = Watch()
        self.player = Player(self.session, clock=self.watch)
        self.commands = CineCommands(self.session)

    def after(self, seconds: float) -> int:
        self.watch.now += seconds
        self.player.tick()
        return self.session.view.frame


@pytest.fixture
def played(qtbot):
    made = Played()
    yield made
    made.player.stop()


def test_the_frame_is_the_one_of_the_elapsed_time(played):
    played.commands.play_pause()
    assert [played.after(0.1) for _ in range(9)] == [1, 2, 3, 4, 5, 6, 7, 0, 1]


def test_late_frames_are_dropped_and_time_is_not_stretched(played):
    played.commands.play_pause()
    assert [played.after(s) for s in (0.25, 0.3, 0.05, 2.0)] == [2, 5, 6, 2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=20))
def test_ticks_at_any_times_show_what_their_time_asks_for(qtbot, waits):
    played = Played()
    played.commands.play_pause()
    total = 0.0
    for wait in waits:
        total += wait
        near_edge = abs(total * 10.0 - round(total * 10.0)) < 1e-4
        frame = played.after(wait)
        assert near_edge or frame == int(total * 10.0) % 8
    played.player.stop()


def test_playing_once_stops_at_the_out_point_and_starts_again(played):
    played.session.update_cine(loop=Loop.ONCE, first=2, last=4)
    played.session.update_view(frame=2)
    played.commands.play_pause()
    assert [played.after(0.1) for _ in range(2)] == [3, 4]
    assert played.after(0.05) == 4
    assert played.session.view.cine.playing
    assert played.after(0.06) == 4
    assert not played.session.view.cine.playing
    played.commands.play_pause()
    assert played.session.view.frame == 2


def test_in_and_out_points_bound_what_plays(played):
    played.session.update_cine(first=2, last=4)
    played.commands.play_pause()
    played.player.tick()
    assert played.session.view.frame == 2
    assert [played.after(0.1) for _ in range(4)] == [3, 4, 2, 3]


def test_another_speed_does_not_jump(played):
    played.commands.play_pause()
    assert played.after(0.35) == 3
    played.commands.set_speed(2.0)
    assert played.after(0.0) == 3
    assert played.after(0.1) == 5


def test_ping_pong_keeps_its_direction_when_the_speed_changes(played):
    played.session.update_cine(loop=Loop.PING_PONG)
    played.commands.play_pause()
    assert played.after(0.95) == 5
    played.commands.set_speed(0.5)
    assert played.after(0.2) == 4


def test_a_scrub_while_playing_goes_on_from_there(played):
    played.commands.play_pause()
    played.after(0.1)
    played.commands.scrub(6)
    played.player.tick()
    assert played.session.view.frame == 6
    assert played.after(0.1) == 7


def test_a_step_stops(played):
    played.commands.play_pause()
    played.after(0.3)
    played.commands.step(1)
    assert played.session.view.frame == 4
    assert not played.session.view.cine.playing
    assert played.after(1.0) == 4


def test_real_time_follows_the_frame_times(qtbot):
    times = (0.0, 0.5, 0.6, 0.7)
    clip = make_clip(MemorySource(4), timing=Timing(rate=10.0, times=times))
    played = Played(make_session(clip))
    played.commands.set_real_time(True)
    played.commands.play_pause()
    assert [played.after(s) for s in (0.3, 0.25, 0.1, 0.1)] == [0, 1, 2, 3]
    played.player.stop()


def test_another_clip_stops_the_clock(played):
    played.commands.play_pause()
    played.session.update(view=make_view())
    assert played.after(1.0) == 0


def test_a_still_does_not_play(qtbot):
    played = Played(make_session(make_clip(MemorySource(1))))
    played.commands.play_pause()
    assert not played.session.view.cine.playing
    played.player.stop()


def test_the_rate_is_told_while_playing_only(played):
    played.commands.play_pause()
    for _ in range(20):
        played.after(0.1)
        played.player.at(0).frame_painted()
    assert played.session.view.rate == 10.0
    played.commands.play_pause()
    assert played.session.view.rate is None
    played.player.at(0).frame_painted()
    assert played.session.view.rate is None


def test_a_listener_that_stops_the_clip_is_obeyed(played):
    played.session.changed.connect(
        lambda _old, new: played.session.update_cine(playing=new.view.frame < 2)
    )
    played.commands.play_pause()
    played.after(0.2)
    assert not played.session.view.cine.playing
    assert played.after(1.0) == 2


def test_due_is_when_the_frame_on_screen_should_have_appeared(played):
    played.commands.play_pause()
    played.after(0.23)
    assert played.player.at(0).due == pytest.approx(100.2)


def test_the_timer_alone_plays_the_clip(qtbot):
    session = make_session(make_clip(timing=Timing(rate=50.0)))
    player = Player(session)
    shown = set()
    session.changed.connect(lambda _old, new: shown.add(new.view.frame))
    session.update_view(cine=replace(session.view.cine, playing=True))
    qtbot.waitUntil(lambda: len(shown) == 8)
    player.stop()


@given(st.floats(0.5, 60.0), st.integers(8, 300))
def test_the_meter_measures_what_it_counts(rate, count):
    meter = RateMeter()
    assert meter.rate() is None
    for step in range(count):
        meter.count(step / rate, rate)
    measured = meter.rate()
    if measured is not None:
        assert measured == pytest.approx(rate, rel=1e-6)


def test_what_comes_next_and_what_was_due_before(played):
    assert played.player.at(0).upcoming() is None
    assert list(played.player.at(0).recent()) == []
    played.session.update_cine(loop=Loop.PING_PONG, last=3)
    played.commands.play_pause()
    played.after(0.35)
    assert played.player.at(0).upcoming() == 2
    played.after(0.1)
    assert played.player.at(0).upcoming() == 1
    assert list(played.player.at(0).recent()) == [2, 3, 2, 1, 0]


class TestSeveral:
    """Loops of several viewports, each by its own clock or all by one."""

    @pytest.fixture
    def pair(self, qtbot):
        session = Session(rule=linked)
        short = make_view(make_clip(MemorySource(4)))
        session.update(views=(make_view(), short, *session.state.views[2:]), layout=Layout(1, 2))
        made = Played(session)
        yield made
        made.player.stop()

    def frames(self, played, seconds):
        played.after(seconds)
        return tuple(view.frame for view in played.session.state.views[:2])

    def link(self, played, **changes):
        links = frozenset((Link.TIME,))
        played.session.update(layout=replace(played.session.state.layout, links=links, **changes))

    def test_each_has_a_clock_of_its_own(self, pair):
        pair.commands.play_pause()
        assert self.frames(pair, 0.25) == (2, 0)
        CineCommands(Pane(pair.session, 1)).play_pause()
        assert self.frames(pair, 0.1) == (3, 1)
        pair.commands.play_pause()
        assert self.frames(pair, 0.4) == (3, 1)
        assert pair.session.state.views[1].cine.playing

    def test_linked_ones_start_together(self, pair):
        self.link(pair)
        pair.commands.play_pause()
        assert [self.frames(pair, 0.101) for _ in range(8)] == [
            (1, 1), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3), (7, 3), (0, 0),
        ]  # fmt: skip

    def test_stretched_ones_last_equally_long(self, pair):
        self.link(pair, stretched=True)
        pair.commands.play_pause()
        found = [self.frames(pair, 0.101) for _ in range(8)]
        assert [short for _, short in found] == [0, 1, 1, 2, 2, 3, 3, 0]

    def test_all_frames_of_a_moment_are_told_at_once(self, pair):
        self.link(pair)
        pair.commands.play_pause()
        told = []
        pair.session.changed.connect(lambda _old, new: told.append(new))
        pair.after(0.1)
        assert len(told) == 1

    def test_a_scrub_of_one_takes_the_others_along(self, pair):
        self.link(pair)
        pair.commands.play_pause()
        self.frames(pair, 0.35)
        pair.session.update_at(1, frame=1)
        assert self.frames(pair, 0.001) == (1, 1)
        assert self.frames(pair, 0.1) == (2, 2)

    def test_the_speed_changes_for_all_without_a_jump(self, pair):
        self.link(pair)
        pair.commands.play_pause()
        assert self.frames(pair, 0.25) == (2, 2)
        pair.commands.set_speed(2.0)
        assert self.frames(pair, 0.0) == (2, 2)
        assert self.frames(pair, 0.1) == (4, 3)

    def test_linking_while_one_plays_joins_its_clock(self, pair):
        pair.commands.play_pause()
        self.frames(pair, 0.25)
        self.link(pair)
        assert self.frames(pair, 0.0) == (2, 2)
        assert self.frames(pair, 0.1) == (3, 3)

    def test_what_is_hidden_stands_still_and_comes_back_in_step(self, pair):
        self.link(pair)
        pair.commands.play_pause()
        pair.session.update(alone=0)
        assert self.frames(pair, 0.2)[1] == 0
        pair.session.update(alone=None)
        assert self.frames(pair, 0.101) == (3, 3)
