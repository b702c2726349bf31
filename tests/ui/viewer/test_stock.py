"""Reduced frames on screen: first, while whole ones come, and said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.test_reduced_source import opened
from tests.ui.viewer.fakes import make_series
from tests.ui.viewer.test_display import Stage
from xray_studio.core.cache import FrameBudget
from xray_studio.core.presentation import Presentation
from xray_studio.ui.session import Session
from xray_studio.ui.view import opened as view_of
from xray_studio.ui.viewer.cine_commands import CineCommands


@pytest.fixture
def stage(qtbot):
    made: list[Stage] = []

    def make(clip, budget: FrameBudget) -> Stage:
        session = Session()
        session.update(view=view_of(make_series(), clip, Presentation(), ()))
        made.append(Stage(qtbot, session, budget))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_reduced_picture_comes_first_and_the_whole_one_stays(qtbot, stage, tmp_path: Path):
    there = stage(opened(tmp_path, 1100, 2, "JPEG 2000"), FrameBudget(64 << 20))
    kinds = []
    shown = there.viewport.show_answer
    there.viewport.show_answer = lambda answer: (
        kinds.append((answer.request.reduced is not None, there.viewport.corners())),
        shown(answer),
    )
    there.session.update_view(frame=1)
    qtbot.waitUntil(
        lambda: there.shown == 1 and there.viewport.answer.request.reduced is None, timeout=20_000
    )
    assert there.viewport.answer.stored.shape == (1100, 1100)
    assert not any("REDUCED" in badge for badge in there.viewport.corners().text.badges)
    assert there.viewport.answer.histogram is not None
    qtbot.waitUntil(lambda: there.session.view.cached == ((0, 1),))


def test_a_reduced_picture_says_so_and_tells_no_pixel_values(qtbot, stage, tmp_path: Path):
    there = stage(opened(tmp_path, 1100, 2, "JPEG 2000"), FrameBudget(64 << 20))
    seen = []
    follow = there.viewport.show_answer

    def note(answer) -> None:
        follow(answer)
        if answer.request.reduced is not None:
            seen.append((there.viewport.corners().text.badges, answer.stored, answer.image))

    there.viewport.show_answer = note
    there.session.update_view(frame=1)
    qtbot.waitUntil(lambda: bool(seen) or there.shown == 1)
    for badges, stored, image in seen:
        assert "REDUCED 1:2" in badges
        assert stored is None
        assert image.width() > 0


def test_a_clip_larger_than_memory_plays_reduced_and_stands_still_whole(
    qtbot, stage, tmp_path: Path
):
    there = stage(opened(tmp_path, 300, 6, "JPEG-LS"), FrameBudget(3 * 300 * 300 * 2))
    qtbot.waitUntil(lambda: there.shown == 0)
    assert there.viewport.answer.request.reduced is None
    CineCommands(there.session).play_pause()
    qtbot.waitUntil(lambda: there.viewport.answer.request.reduced is not None)
    assert "REDUCED 1:2" in there.viewport.corners().text.badges
    CineCommands(there.session).play_pause()
    qtbot.waitUntil(lambda: there.viewport.answer.request.reduced is None)
