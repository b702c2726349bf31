"""One cache for each clip on screen, and frames for several viewports in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.viewer.fakes import MemorySource, make_clip, make_view
from xray_studio.core.cache import FrameBudget, FrameCache
from xray_studio.core.workers import Priority
from xray_studio.ui.caches import Caches
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.layout import Layout
from xray_studio.ui.prefetch import Wanted, in_turn, most_ahead
from xray_studio.ui.session import Pane, Session
from xray_studio.ui.viewer.displays import Displays
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.work import JobRunner

FRAME = 40 * 60 * 2


class Shown:
    """Two viewports side by side over one session."""

    def __init__(self, qtbot: QtBot, budget: FrameBudget) -> None:
        self.session, self.runner = Session(), JobRunner()
        self.session.update(layout=Layout(1, 2))
        self.displays = Displays(self.session, self.runner, budget)
        for place in (0, 1):
            pane = Pane(self.session, place, self.session)
            viewport = Viewport(pane)
            qtbot.addWidget(viewport)
            self.displays.show_in(pane, viewport)
            viewport.show()

    def close(self) -> None:
        self.displays.close()
        self.runner.shutdown()


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    made = Shown(qtbot, FrameBudget(1 << 20))
    yield made
    made.close()


def test_a_clip_shown_twice_is_decoded_once(qtbot: QtBot, shown: Shown) -> None:
    source = MemorySource(20)
    view, session = make_view(make_clip(source)), shown.session
    session.update(views=(view, view, *session.state.views[2:]))
    whole = ((0, 19),)
    qtbot.waitUntil(lambda: all(v.cached == whole for v in session.state.views[:2]))
    assert sorted({index for index, _ in source.asked}) == list(range(20))
    assert shown.displays.budget.used == 20 * FRAME


def test_pictures_that_are_swapped_keep_their_frames(qtbot: QtBot, shown: Shown) -> None:
    sources, session = [MemorySource(12), MemorySource(12)], shown.session
    views = [make_view(make_clip(source)) for source in sources]
    session.update(views=(*views, *session.state.views[2:]))
    whole = ((0, 11),)
    qtbot.waitUntil(lambda: all(v.cached == whole for v in session.state.views[:2]))
    asked = [len(source.asked) for source in sources]
    GridCommands(session).swap(0, 1)
    qtbot.waitUntil(lambda: all(v.cached == whole for v in session.state.views[:2]))
    qtbot.wait(50)
    assert [len(source.asked) for source in sources] == asked
    assert shown.displays.budget.used == 24 * FRAME


def test_a_cache_that_nobody_has_is_retired_a_moment_later(qtbot: QtBot) -> None:
    retired: list[FrameCache] = []
    caches, source = Caches(FrameBudget(1 << 20), retired.append), MemorySource()
    one, other = caches.take(source), caches.take(source)
    assert one is other
    caches.give_back(one)
    caches.sweep()
    assert retired == []
    caches.give_back(other)
    assert caches.take(source) is one
    caches.give_back(one)
    qtbot.waitUntil(lambda: retired == [one])


def test_viewports_are_served_in_turn_and_those_that_play_first() -> None:
    budget = FrameBudget(1 << 20)
    still, one, two = (FrameCache(MemorySource(3), budget) for _ in range(3))
    wanted = [Wanted(still, 0, 0, 2), Wanted(one, 1, 0, 2, plays=True), Wanted(two, 0, 0, 2, True)]
    order = list(in_turn(wanted))
    assert [cache for cache, _, _ in order] == [one, two] * 3 + [still] * 3
    assert [index for cache, index, _ in order if cache is one] == [1, 2, 0]
    assert {priority for cache, _, priority in order if cache is still} == {Priority.PREFETCH}


def test_clips_that_do_not_all_fit_share_what_there_is() -> None:
    budget = FrameBudget(FRAME * 16)
    caches = [FrameCache(MemorySource(10), budget) for _ in range(2)]
    assert most_ahead(caches[:1]) == {caches[0]: 10}
    assert most_ahead(caches) == dict.fromkeys(caches, 6)
