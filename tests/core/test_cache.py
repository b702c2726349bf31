from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.cache import FrameBudget, FrameCache
from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority

FRAME = 4 * 4 * 2


class Held:
    """A source whose frames arrive when the test lets them."""

    def __init__(self, frames: int = 10) -> None:
        self.shape, self.dtype = (frames, 4, 4), np.dtype(np.uint16)
        self.asked: list[tuple[int, Priority, Future[Frame]]] = []

    def read(self, index: int) -> Frame:
        return np.full((4, 4), index, np.uint16)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        future: Future[Frame] = Future()
        self.asked.append((index, priority, future))
        return future

    def release(self, place: int = -1) -> None:
        index, _, future = self.asked[place]
        if future.running() or future.set_running_or_notify_cancel():
            future.set_result(self.read(index))


@pytest.fixture
def source():
    return Held()


@pytest.fixture
def cache(source):
    return FrameCache(source, FrameBudget(5 * FRAME))


def load(cache: FrameCache, source: Held, *frames: int) -> None:
    for index in frames:
        cache.request(index, Priority.PREFETCH)
        source.release()


def test_a_frame_is_decoded_once(cache, source):
    load(cache, source, 3)
    assert cache.read(3)[0, 0] == 3
    assert cache.request(3, Priority.PLAYBACK).done()
    assert len(source.asked) == 1


def test_who_asks_meanwhile_waits_for_the_same_frame(cache, source):
    first = cache.request(3, Priority.PREFETCH)
    assert cache.request(3, Priority.BATCH) is first
    assert len(source.asked) == 1


def test_who_is_more_urgent_moves_a_waiting_frame_up(cache, source):
    first = cache.request(3, Priority.PREFETCH)
    second = cache.request(3, Priority.PLAYBACK)
    assert first.cancelled()
    assert [priority for _, priority, _ in source.asked] == [Priority.PREFETCH, Priority.PLAYBACK]
    source.release()
    assert second.result()[0, 0] == 3
    assert cache.cached() == {3}


def test_a_frame_already_in_work_is_waited_for(cache, source):
    first = cache.request(3, Priority.PREFETCH)
    first.set_running_or_notify_cancel()
    assert cache.request(3, Priority.PLAYBACK) is first


def test_a_cancelled_frame_is_asked_for_anew(cache, source):
    cache.request(3, Priority.PREFETCH).cancel()
    assert not cache.request(3, Priority.PREFETCH).cancelled()
    assert len(source.asked) == 2


def test_an_error_is_not_kept(cache, source):
    future = cache.request(3, Priority.PLAYBACK)
    future.set_exception(UnreadableError("damaged"))
    assert cache.cached() == set()
    cache.request(3, Priority.PLAYBACK)
    assert len(source.asked) == 2


def test_the_least_recently_used_frame_goes_first(cache, source):
    load(cache, source, 0, 1, 2, 3, 4)
    assert cache.peek(0) is not None
    load(cache, source, 5)
    assert cache.cached() == {0, 2, 3, 4, 5}


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 12))
def test_the_budget_is_never_exceeded(frames, room):
    source = Held()
    budget = FrameBudget(room * FRAME)
    cache = FrameCache(source, budget)
    for index in frames:
        if not (future := cache.request(index, Priority.PLAYBACK)).done():
            source.release()
        assert future.result()[0, 0] == index
        assert budget.used == len(cache.cached()) * FRAME <= budget.limit


def test_caches_share_a_budget_and_give_it_back(source):
    budget = FrameBudget(4 * FRAME)
    one, two = FrameCache(source, budget), FrameCache(source, budget)
    load(one, source, 0, 1, 2)
    load(two, source, 0, 1)
    assert one.cached() == {1, 2}
    assert two.cached() == {0, 1}
    two.close()
    assert budget.used == 2 * FRAME
    assert one.cached() == {1, 2}


def test_what_arrives_after_the_end_is_not_kept(cache, source):
    future = cache.request(3, Priority.PREFETCH)
    future.set_running_or_notify_cancel()
    waiting = cache.request(4, Priority.PREFETCH)
    cache.close()
    assert waiting.cancelled()
    source.release(0)
    assert cache.budget.used == 0


def test_it_knows_whether_it_all_fits(source):
    assert not FrameCache(source, FrameBudget(9 * FRAME)).fits()
    assert FrameCache(source, FrameBudget(10 * FRAME)).fits()
