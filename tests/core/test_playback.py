"""Which frame belongs to a moment, and the rate rule's parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.playback import (
    Loop,
    Timing,
    default_rate,
    ended,
    frame_at,
    frame_at_real,
    ping_pong_order,
    times_from_vector,
    usable_rate,
)

rates = st.floats(0.5, 200)
counts = st.integers(1, 50)


@given(elapsed=st.floats(0, 1000), rate=rates, count=counts, loop=st.sampled_from(Loop))
def test_a_frame_is_always_within_the_points(
    elapsed: float, rate: float, count: int, loop: Loop
) -> None:
    assert 3 <= frame_at(elapsed, rate, 3, 2 + count, loop) <= 2 + count


@given(step=st.integers(0, 500), rate=rates, count=counts)
def test_every_frame_stands_for_one_interval(step: int, rate: float, count: int) -> None:
    assert frame_at(step / rate, rate, 0, count - 1, Loop.LOOP) == step % count
    assert frame_at((step + 0.99) / rate, rate, 0, count - 1, Loop.LOOP) == step % count


@given(count=st.integers(2, 30), turns=st.integers(1, 3))
def test_ping_pong_shows_its_ends_once(count: int, turns: int) -> None:
    period = ping_pong_order(0, count - 1)
    shown = [frame_at(i / 10, 10, 0, count - 1, Loop.PING_PONG) for i in range(len(period) * turns)]
    assert shown == period * turns


def test_playing_once_stays_on_the_last_frame() -> None:
    assert frame_at(99, 10, 2, 5, Loop.ONCE) == 5
    assert ended(0.4, 10, 2, 5, Loop.ONCE)
    assert not ended(0.39, 10, 2, 5, Loop.ONCE)
    assert not ended(99, 10, 2, 5, Loop.LOOP)


def test_a_single_frame_never_moves() -> None:
    for loop in Loop:
        assert frame_at(5.0, 25, 7, 7, loop) == 7
    assert ping_pong_order(4, 4) == [4]


def test_real_time_follows_uneven_moments() -> None:
    times = (0.0, 0.1, 0.4)
    shown = [frame_at_real(t, times, 0.5, Loop.LOOP) for t in (0, 0.09, 0.1, 0.39, 0.45, 0.5, 0.61)]
    assert shown == [0, 0, 1, 1, 2, 0, 1]
    assert frame_at_real(9, times, 0.5, Loop.ONCE) == 2
    assert frame_at_real(0.55, times, 0.5, Loop.PING_PONG) == 2
    assert frame_at_real(5, times, 0.0, Loop.LOOP) == 0


@given(
    elapsed=st.floats(0, 100),
    gaps=st.lists(st.floats(0.001, 2), min_size=1, max_size=20),
    loop=st.sampled_from(Loop),
)
def test_real_time_always_finds_a_frame(elapsed: float, gaps: list[float], loop: Loop) -> None:
    times = times_from_vector((0.0, *(gap * 1000 for gap in gaps)))
    assert 0 <= frame_at_real(elapsed, times, times[-1] + 0.1, loop) < len(times)


def test_moments_come_from_the_vector_without_its_first_element() -> None:
    assert times_from_vector((500.0, 40.0, 60.0)) == pytest.approx((0.0, 0.04, 0.1))
    assert times_from_vector((0.0, -5.0)) == (0.0, 0.0)


def test_durations() -> None:
    timing = Timing(rate=20.0, times=(0.0, 0.1, 0.2, 0.9))
    assert timing.duration(40) == 2.0
    assert timing.real_duration() == pytest.approx(1.0)
    assert timing.moment(3) == 0.9
    assert timing.moment(10) == 0.5


def test_the_delay_before_the_first_frame_is_told() -> None:
    timing = Timing(rate=20, times=(0.0, 0.5), delay=1.25)
    assert [timing.told_moment(frame) for frame in (0, 1, 10)] == [1.25, 1.75, 1.75]
    assert Timing(rate=20.0).real_duration() is None
    assert Timing(rate=20.0).last_interval() == 0.05


@pytest.mark.parametrize("rate", [None, 0, -1, 1e6, float("nan")])
def test_rates_that_cannot_be_played(rate: float | None) -> None:
    assert usable_rate(rate) is None


def test_defaults() -> None:
    assert default_rate("XA") == (15.0, "default for XA")
    assert default_rate("CT") == (10.0, "default")
