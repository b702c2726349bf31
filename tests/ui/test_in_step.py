"""Loops on one clock: they start together, and end together where they are stretched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.viewer.fakes import MemorySource, make_clip, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.ui.in_step import Course, length_of, stretch_in, stretch_of, turn_of
from xray_studio.ui.layout import TIMES, Layout, Link
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_words import rate_words
from xray_studio.ui.viewer.corner_words import slowed_badge


def loop(frames: int, rate: float = 10.0, **cine: object) -> View:
    view = make_view(make_clip(MemorySource(frames), timing=Timing(rate=rate)))
    return replace(view, cine=replace(view.cine, **cine))


def frames(view: View, others: list[View], moments: list[float], *, stretched: bool) -> list[int]:
    course = Course(view, turn_of([view, *others], stretched=stretched))
    return [course.frame(moment) for moment in moments]


TENTHS = [n / 10 + 0.01 for n in range(12)]


def test_a_shorter_loop_waits_for_the_longest_at_its_own_speed():
    short, long = loop(4), loop(6)
    assert frames(short, [long], TENTHS, stretched=False) == [0, 1, 2, 3, 3, 3] * 2
    assert frames(long, [short], TENTHS, stretched=False) == [0, 1, 2, 3, 4, 5] * 2


def test_a_stretched_loop_lasts_as_long_as_the_longest():
    short, long = loop(3), loop(6)
    assert frames(short, [long], TENTHS, stretched=True) == [0, 0, 1, 1, 2, 2] * 2
    assert stretch_of(short, turn_of([short, long], stretched=True)) == 2.0


def test_the_clock_goes_back_for_all_of_them():
    short, long = loop(2, loop=Loop.PING_PONG), loop(4, loop=Loop.PING_PONG)
    moments = [n / 10 + 0.05 for n in range(8)]
    assert frames(long, [short], moments, stretched=False) == [0, 1, 2, 3, 3, 2, 1, 0]
    assert frames(short, [long], moments, stretched=False) == [0, 1, 1, 1, 1, 1, 1, 0]


def test_playing_once_ends_with_the_longest():
    short, long = loop(2, loop=Loop.ONCE), loop(4, loop=Loop.ONCE)
    course = Course(short, turn_of([short, long], stretched=False))
    assert [course.over(moment) for moment in (0.25, 0.39, 0.4)] == [False, False, True]
    assert course.frame(3.0) == 1


def test_acquired_times_are_followed():
    timing = Timing(rate=10.0, times=(0.0, 0.3, 0.4))
    view = make_view(make_clip(MemorySource(3), timing=timing))
    view = replace(view, cine=replace(view.cine, real_time=True))
    other = loop(10)
    assert length_of(view) == pytest.approx(0.7)
    turn = turn_of([view, other], stretched=False)
    assert [Course(view, turn).frame(m) for m in (0.29, 0.31, 0.41, 0.9, 1.1)] == [0, 1, 2, 2, 0]


@given(
    st.lists(st.tuples(st.integers(2, 40), st.floats(1.0, 60.0)), min_size=2, max_size=4),
    st.floats(0.0, 20.0),
    st.booleans(),
    st.sampled_from((Loop.LOOP, Loop.PING_PONG)),
)
def test_a_frame_stands_from_the_start_to_the_end_of_its_span(clips, moment, stretched, order):
    views = [loop(count, rate, loop=order) for count, rate in clips]
    turn = turn_of(views, stretched=stretched)
    for view in views:
        course = Course(view, turn)
        start, end = course.span(moment)
        assert start - 1e-5 <= moment <= end + 1e-5
        inside = start + (end - start) * 0.5
        near = min(moment - start, end - moment) < 1e-4
        assert near or course.frame(inside) == course.frame(moment)


@given(st.integers(2, 30), st.floats(1.0, 60.0), st.integers(0, 29), st.booleans())
def test_the_moment_of_a_frame_shows_that_frame(count, rate, frame, stretched):
    view = replace(loop(count, rate), frame=frame % count)
    course = Course(view, turn_of([view, loop(17, 9.0)], stretched=stretched))
    assert course.frame(course.moment() + 1e-5) == view.frame


def test_a_slowed_loop_says_so_and_tells_its_own_rate():
    state = State(views=(loop(3), loop(6), *[View()] * 7))
    state = replace(state, layout=Layout(1, 2, frozenset((Link.TIME,)), stretched=True))
    assert stretch_in(state) == 2.0
    assert slowed_badge(state) == (f"SLOWED 2.00 {TIMES}",)
    assert rate_words(state)[1].startswith("5 of 10 per s")
    longest = replace(state, active=1)
    assert (stretch_in(longest), slowed_badge(longest)) == (1.0, ())
    assert slowed_badge(replace(state, alone=0)) == ()
