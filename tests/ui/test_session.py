from __future__ import annotations

from dataclasses import replace

from tests.ui.viewer.fakes import make_clip, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Presentation
from xray_studio.ui.session import Pane, Session, lasting
from xray_studio.ui.state import State
from xray_studio.ui.view import opened


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
    session.update_view(rate=15.0, cached=((0, 3),))
    session.update(memory=(5, 10))
    assert told == [False] * 3
    session.update_cine(playing=True)
    session.update_presentation(invert=True)
    session.update(tool="zoom")
    session.update_view(frame=1, error="damaged")
    assert told[3:] == [True] * 4


class TestPlaces:
    def test_a_pane_is_the_session_with_its_own_place_active(self):
        session = Session()
        one, two = Pane(session, 0), Pane(session, 1)
        one.update(view=make_view())
        two.update_view(frame=3)
        two.update_presentation(invert=True)
        assert session.state.active == one.state.active == 0
        assert two.state.active == 1
        assert session.view is one.view is session.state.views[0]
        assert (two.view.frame, two.view.presentation.invert) == (3, True)
        assert (one.view.frame, one.view.presentation.invert) == (0, False)

    def test_what_the_session_updates_is_the_active_place(self):
        session = Session()
        session.update(active=1, view=make_view())
        assert session.state.views[0].clip is None
        session.update_view(frame=2)
        assert [view.frame for view in session.state.views[:2]] == [0, 2]

    def test_a_pane_hears_of_its_own_view_and_of_what_all_share(self):
        session, told = Session(), []
        pane = Pane(session, 1)
        pane.changed.connect(lambda old, new: told.append((old, new)))
        session.update_view(frame=3)
        session.update(active=2)
        assert told == []
        pane.update_view(frame=4)
        session.update(identity_hidden=True)
        frames = [(old.view.frame, new.view.frame) for old, new in told]
        assert frames == [(0, 4), (4, 4)]
        assert all(state.active == 1 for states in told for state in states)

    def test_a_view_that_stays_the_same_is_not_told(self):
        session, told = Session(), []
        session.update(view=make_view())
        session.changed.connect(lambda _old, new: told.append(new))
        session.update(views=tuple(map(replace, session.state.views)))
        assert told == []
