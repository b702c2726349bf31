from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.viewer.fakes import MemorySource, make_clip, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.ui.clock import Clock, frame_of, is_over, moment_of, span_of
from xray_studio.ui.view import View

intervals = st.lists(st.floats(0.001, 0.5), min_size=1, max_size=11)


@st.composite
def views(draw: st.DrawFn) -> View:
    gaps = draw(intervals)
    times = tuple(sum(gaps[:n]) for n in range(len(gaps) + 1))
    rate = draw(st.sampled_from([0.5, 7.5, 10.0, 15.0, 29.97, 30.0, 1000.0 / 33.0]))
    clip = make_clip(MemorySource(len(times)), timing=Timing(rate=rate, times=times))
    view = make_view(clip)
    first = draw(st.integers(0, len(times) - 1))
    last = draw(st.integers(first, len(times) - 1))
    loop = draw(st.sampled_from(list(Loop)))
    real = draw(st.booleans())
    return replace(view, cine=replace(view.cine, first=first, last=last, loop=loop, real_time=real))


moments = st.floats(0.0, 500.0)


@given(views(), moments)
def test_the_frame_lies_between_in_and_out_point(view, moment):
    assert view.cine.first <= frame_of(view, moment) <= view.cine.last


@given(views(), moments)
def test_a_frame_stands_for_the_whole_of_its_span_and_no_longer(view, moment):
    start, end = span_of(view, moment)
    assert start - 1e-6 <= moment < end
    inside = start + (end - start) * 0.5
    if end - start > 1e-4:
        assert frame_of(view, inside) == frame_of(view, moment) or moment - start < 1e-5


@given(views())
def test_every_frame_is_shown_at_its_own_moment(view):
    for frame in range(view.cine.first, view.cine.last + 1):
        at = replace(view, frame=frame)
        assert frame_of(at, moment_of(at)) == frame


@given(views(), st.lists(moments, min_size=2, max_size=5))
def test_playing_once_never_goes_back_and_ends_at_the_out_point(view, asked):
    once = replace(view, cine=replace(view.cine, loop=Loop.ONCE))
    frames = [frame_of(once, moment) for moment in sorted(asked)]
    assert frames == sorted(frames)
    if is_over(once, max(asked)):
        assert frames[-1] == view.cine.last


def test_ping_pong_shows_the_ends_once():
    view = make_view(make_clip(MemorySource(4)))
    view = replace(view, cine=replace(view.cine, loop=Loop.PING_PONG))
    shown = [frame_of(view, step / 10.0 + 0.05) for step in range(8)]
    assert shown == [0, 1, 2, 3, 2, 1, 0, 1]


def test_real_time_follows_the_acquired_times_backwards_too():
    times = (0.0, 0.1, 0.5, 0.6)
    view = make_view(make_clip(MemorySource(4), timing=Timing(rate=10.0, times=times)))
    cine = replace(view.cine, real_time=True, loop=Loop.PING_PONG)
    view = replace(view, cine=cine)
    assert [frame_of(view, m) for m in (0.05, 0.3, 0.55, 0.65)] == [0, 1, 2, 3]
    assert span_of(view, 0.3) == pytest.approx((0.1, 0.5))
    # After 0.7 s, the end of the last frame, the way back begins.
    assert [frame_of(view, m) for m in (0.75, 0.85, 1.0, 1.35)] == [3, 2, 1, 0]
    assert span_of(view, 1.0) == pytest.approx((0.9, 1.3))


@given(st.floats(0.25, 4.0), st.floats(0.25, 4.0), st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_another_speed_goes_on_from_the_same_moment(before, after, first, second):
    clock = Clock(speed=before)
    changed = clock.at_speed(after, first)
    assert changed.read(first) == pytest.approx(clock.read(first))
    later = first + second
    assert changed.read(later) == pytest.approx(clock.read(first) + second * after)
    assert changed.when(changed.read(later)) == pytest.approx(later)
