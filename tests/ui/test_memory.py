"""Memory: a series comes back as it was left, and Reset still leads to the file's own look."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.viewer.fakes import NARROW, WIDE, MemorySource, make_clip, make_series, make_view
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Presentation
from xray_studio.ui import memory as module
from xray_studio.ui.memory import Memory, restored
from xray_studio.ui.view import Cine, View

CHANGED = Presentation(NARROW, invert=True, zoom=2.0, pan=(3.0, 4.0), rotation=90)
TRIMMED = Cine(playing=True, first=2, last=5, speed=0.5, loop=Loop.PING_PONG)


def left() -> View:
    view = make_view(series=make_series())
    return replace(view, presentation=CHANGED, frame=4, cine=TRIMMED)


def back(memory: Memory, view: View) -> View:
    """Return a view just opened as the memory has it."""
    return restored(view, None if view.series is None else memory.of(view.series))


def test_a_series_comes_back_as_it_was_left_and_rests() -> None:
    memory = Memory()
    memory.keep(left())
    view = back(memory, make_view(series=make_series()))
    assert view.presentation == CHANGED
    assert (view.frame, view.cine) == (4, replace(TRIMMED, playing=False))
    assert view.initial.voi is WIDE


def test_another_series_opens_as_its_file_says() -> None:
    memory = Memory()
    memory.keep(left())
    other = make_view(series=replace(make_series(), owner=("B",)))
    assert back(memory, other) is other
    assert back(memory, make_view()).presentation.voi is WIDE


def test_a_clip_that_has_grown_keeps_its_look_and_starts_anew_in_time() -> None:
    memory = Memory()
    memory.keep(left())
    view = back(memory, make_view(make_clip(MemorySource(20)), series=make_series()))
    assert view.presentation == CHANGED
    assert (view.frame, view.cine.last) == (0, 19)


def test_a_table_that_is_gone_gives_way_to_the_first_look() -> None:
    memory = Memory()
    memory.keep(replace(left(), presentation=Presentation(voi=3, invert=True)))
    view = back(memory, make_view(series=make_series()))
    assert view.presentation == Presentation(WIDE, invert=True)


def test_what_is_still_opening_leaves_nothing() -> None:
    memory = Memory()
    memory.keep(left())
    memory.keep(View(series=make_series()))
    assert back(memory, make_view(series=make_series())).frame == 4
    memory.clear()
    assert back(memory, make_view(series=make_series())).frame == 0


def test_the_series_left_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    memory, all_series = Memory(), [replace(make_series(), key=key) for key in "abc"]
    for series in (*all_series[:2], all_series[0], all_series[2]):
        memory.keep(replace(left(), series=series))
    frames = [back(memory, make_view(series=series)).frame for series in all_series]
    assert frames == [4, 0, 4]
