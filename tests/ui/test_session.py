from __future__ import annotations

from tests.ui.viewer.fakes import make_clip, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Presentation
from xray_studio.ui.session import Session, State, lasting, opened


def test_a_change_is_told_once_with_old_and_new_value(qtbot):
    session, told = Session(), []
    session.changed.connect(lambda old, new: told.append((old.tool, new.tool)))
    session.update(tool="zoom")
    session.update(tool="zoom")
    assert told == [("window", "zoom")]


def test_an_equal_value_is_not_told(qtbot):
    session, told = Session(), []
    session.update(view=make_view())
    session.changed.connect(lambda old, new: told.append(new))
    session.update_presentation(zoom=None)
    session.update_cine(speed=1.0)
    assert told == []


def test_everybody_hears_nested_changes_in_the_same_order(qtbot):
    session = Session()
    heard: dict[str, list[tuple[str, str]]] = {"first": [], "second": []}

    def first(old: State, new: State) -> None:
        heard["first"].append((old.tool, new.tool))
        if new.tool == "zoom":
            session.update(tool="pan")
            assert session.state.tool == "pan"

    session.changed.connect(first)
    session.changed.connect(lambda old, new: heard["second"].append((old.tool, new.tool)))
    session.update(tool="zoom")
    assert heard["first"] == heard["second"] == [("window", "zoom"), ("zoom", "pan")]


def test_a_clip_opens_with_the_range_and_loop_of_its_file():
    clip = make_clip(timing=Timing(rate=10.0, start=2, stop=5, preferred=Loop.PING_PONG))
    view = opened(None, clip, Presentation(), ())
    assert (view.frame, view.cine.first, view.cine.last) == (2, 2, 5)
    assert view.cine.loop is Loop.PING_PONG
    assert not view.cine.playing


def test_a_trim_outside_the_clip_is_brought_inside():
    clip = make_clip(timing=Timing(rate=10.0, start=-3, stop=99))
    view = opened(None, clip, Presentation(), ())
    assert (view.cine.first, view.cine.last) == (0, 7)


def test_the_frame_and_what_is_measured_of_it_pass():
    session, told = Session(), []
    session.update(view=make_view())
    session.changed.connect(lambda old, new: told.append(lasting(old, new)))
    session.update_view(frame=3, fit=2.0)
    session.update(rate=15.0, cached=((0, 3),), memory=(5, 10))
    assert told == [False, False]
    session.update_cine(playing=True)
    session.update_presentation(invert=True)
    session.update(tool="zoom")
    session.update_view(frame=1, error="damaged")
    assert told[2:] == [True] * 4
