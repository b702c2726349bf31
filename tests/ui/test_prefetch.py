from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.viewer.fakes import HeldSource, MemorySource
from xray_studio.core.cache import FrameBudget, FrameCache
from xray_studio.core.workers import Priority
from xray_studio.ui.prefetch import IN_FLIGHT, Prefetcher, Wanted, most_ahead, prefetch_order

FRAME = 40 * 60 * 2


@pytest.fixture
def prefetcher(qtbot):
    made = Prefetcher()
    made.start()
    yield made
    made.stop()
    assert made.isFinished()


@given(st.data())
def test_each_frame_comes_once_and_the_next_ones_first(data):
    count = data.draw(st.integers(1, 40))
    first = data.draw(st.integers(0, count - 1))
    last = data.draw(st.integers(first, count - 1))
    frame = data.draw(st.integers(0, count - 1))
    order = list(prefetch_order(frame, first, last, count))
    assert sorted(order) == list(range(count))
    inside = order[: last - first + 1]
    assert set(inside) == set(range(first, last + 1))
    start = frame if first <= frame <= last else first
    assert inside == [*range(start, last + 1), *range(first, start)]


def test_a_whole_clip_is_cached(qtbot, prefetcher):
    cache = FrameCache(MemorySource(20), FrameBudget(1 << 20))
    prefetcher.follow(0, Wanted(cache, 5, 0, 19))
    qtbot.waitUntil(lambda: len(cache.cached()) == 20)
    assert {priority for _, priority in cache.source.asked} == {Priority.PREFETCH}
    assert [index for index, _ in cache.source.asked] == [*range(5, 20), *range(5)]


def test_a_clip_larger_than_the_cache_is_filled_ahead_within_the_budget(qtbot, prefetcher):
    budget = FrameBudget(FRAME * 8)
    cache = FrameCache(MemorySource(100), budget)
    assert most_ahead([cache]) == {cache: 6}
    prefetcher.follow(0, Wanted(cache, 90, 0, 99))
    qtbot.waitUntil(lambda: len(cache.cached()) == 6)
    assert cache.cached() == set(range(90, 96))
    prefetcher.follow(0, Wanted(cache, 96, 0, 99))
    qtbot.waitUntil(lambda: cache.cached() >= {96, 97, 98, 99, 0, 1})
    assert budget.used <= budget.limit


def test_only_a_few_frames_are_decoded_at_once(qtbot, prefetcher):
    source = HeldSource(50)
    prefetcher.follow(0, Wanted(FrameCache(source, FrameBudget(1 << 20)), 0, 0, 49))
    qtbot.waitUntil(lambda: len(source.waiting) == IN_FLIGHT)
    qtbot.wait(50)
    assert sorted(source.waiting) == list(range(IN_FLIGHT))
    source.release(0)
    qtbot.waitUntil(lambda: IN_FLIGHT in source.waiting)


def test_a_jump_to_where_nothing_is_starts_anew_from_there(qtbot, prefetcher):
    source = HeldSource(50)
    cache = FrameCache(source, FrameBudget(1 << 20))
    prefetcher.follow(0, Wanted(cache, 0, 0, 49))
    qtbot.waitUntil(lambda: len(source.waiting) == IN_FLIGHT)
    given_up = dict(source.waiting)
    prefetcher.follow(0, Wanted(cache, 30, 0, 49))
    qtbot.waitUntil(lambda: 30 in source.waiting)
    assert all(future.cancelled() for future in given_up.values())


def test_a_frame_that_cannot_be_read_does_not_stop_the_rest(qtbot, prefetcher):
    cache = FrameCache(MemorySource(6, bad=frozenset({2})), FrameBudget(1 << 20))
    prefetcher.follow(0, Wanted(cache, 0, 0, 5))
    qtbot.waitUntil(lambda: cache.cached() == {0, 1, 3, 4, 5})


def test_stopping_gives_up_what_waits(qtbot):
    source, prefetcher = HeldSource(50), Prefetcher()
    prefetcher.start()
    prefetcher.follow(0, Wanted(FrameCache(source, FrameBudget(1 << 20)), 0, 0, 49))
    qtbot.waitUntil(lambda: len(source.waiting) == IN_FLIGHT)
    stopper = threading.Thread(target=prefetcher.stop)
    stopper.start()
    stopper.join(60.0)
    assert not stopper.is_alive()
    assert all(future.cancelled() for future in source.waiting.values())
