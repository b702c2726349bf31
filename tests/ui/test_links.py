"""Links: what other viewports do when one changes, without any painting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.ui.viewer.fakes import MemorySource, make_clip, make_view
from xray_studio.core.clip import Acquisition
from xray_studio.core.place import FramePlace
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Window
from xray_studio.ui.in_step import stretch_in
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.links import linked
from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.view_commands import ViewCommands
from xray_studio.ui.viewer.window_commands import WindowCommands

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
LUNG = Window(-600, 1500)


def clip_of(modality: str = "CT", frames: int = 8, **facts: Any) -> Any:
    spacing = facts.pop("spacing", None)
    acquisition = Acquisition(modality=modality, pixel_spacing=spacing, spacing_meaning="patient")
    size = facts.pop("size", (40, 60))
    return make_clip(MemorySource(frames, *size), acquisition=acquisition, **facts)


def session_with(*clips: Any, links: tuple[Link, ...] = (), **layout: Any) -> Session:
    """Return a session whose grid shows clips side by side; the first one is active."""
    session = Session(rule=linked)
    views = [make_view(clip) if clip is not None else View() for clip in clips]
    views = [replace(view, fit=10.0) for view in views]
    session.update(views=(*views, *session.state.views[len(views) :]))
    session.update(layout=Layout(1, len(clips), frozenset(links), **layout))
    return session


def shown(session: Session) -> list[Any]:
    return [view.presentation for view in session.state.views[: session.state.layout.count]]


def frames(session: Session) -> list[int]:
    return [view.frame for view in session.state.views[: session.state.layout.count]]


class TestWindow:
    def test_goes_to_the_same_modality_and_unit_only(self):
        session = session_with(clip_of(), clip_of(), clip_of("MR"), links=(Link.WINDOW,))
        WindowCommands(session).set_voi(LUNG)
        assert [one.voi == LUNG for one in shown(session)] == [True, True, False]

    def test_takes_black_and_white_along(self):
        session = session_with(clip_of(), clip_of(), links=(Link.WINDOW,))
        WindowCommands(session).invert()
        assert [one.invert for one in shown(session)] == [True, True]

    def test_a_colour_picture_has_none(self):
        colour = make_clip(MemorySource(colour=True), acquisition=Acquisition(modality="CT"))
        session = session_with(clip_of(), colour, links=(Link.WINDOW,))
        WindowCommands(session).set_voi(LUNG)
        assert shown(session)[1].voi is None

    def test_a_table_of_one_file_is_no_table_of_another(self):
        session = session_with(clip_of(), clip_of(), links=(Link.WINDOW,))
        before = shown(session)[1].voi
        WindowCommands(session).set_voi(0)
        assert shown(session)[1].voi == before

    def test_nothing_is_linked_that_was_not_asked_for(self):
        session = session_with(clip_of(), clip_of(), links=(Link.ZOOM,))
        WindowCommands(session).set_voi(LUNG)
        assert shown(session)[1].voi != LUNG


class TestZoomAndPan:
    def test_shows_the_same_part_of_pictures_of_different_size(self):
        session = session_with(clip_of(), clip_of(size=(80, 120)), links=(Link.ZOOM, Link.PAN))
        session.update_at(1, fit=5.0)
        ViewCommands(session).zoom_by(2.0)
        ViewCommands(session).pan_by(40.0, 20.0)
        first, second = shown(session)
        assert (first.zoom, second.zoom) == (20.0, 10.0)
        assert first.pan == (2.0, 1.0)
        assert second.pan == (4.0, 2.0)

    def test_shows_the_same_size_in_millimetres_where_it_is_known(self):
        session = session_with(
            clip_of(spacing=(1.0, 1.0)), clip_of(spacing=(0.5, 0.5)), links=(Link.ZOOM, Link.PAN)
        )
        ViewCommands(session).zoom_by(2.0)
        ViewCommands(session).pan_by(40.0, 20.0)
        first, second = shown(session)
        assert (first.zoom, second.zoom) == (20.0, 10.0)
        assert second.pan == pytest.approx((4.0, 2.0))

    def test_fitting_one_fits_all(self):
        session = session_with(clip_of(), clip_of(), links=(Link.ZOOM, Link.PAN))
        ViewCommands(session).zoom_by(3.0)
        ViewCommands(session).fit()
        assert [one.zoom for one in shown(session)] == [None, None]

    def test_turning_one_moves_no_other(self):
        session = session_with(clip_of(), clip_of(), links=(Link.PAN,))
        ViewCommands(session).pan_by(40.0, 20.0)
        before = shown(session)[1]
        ViewCommands(session).rotate_right()
        assert shown(session)[1] == before


class TestFrame:
    def test_is_the_same_number_in_clips_of_equal_length(self):
        session = session_with(clip_of(), clip_of(), links=(Link.FRAME,))
        CineCommands(session).go_to(5)
        assert frames(session) == [5, 5]

    def test_is_the_same_place_in_others(self):
        session = session_with(clip_of(frames=11), clip_of(frames=21), links=(Link.FRAME,))
        CineCommands(session).go_to(5)
        assert frames(session) == [5, 10]
        CineCommands(session).last()
        assert frames(session) == [10, 20]

    def test_a_viewport_that_leads_need_not_be_the_active_one(self):
        session = session_with(clip_of(), clip_of(), links=(Link.FRAME,))
        session.update_at(1, frame=3)
        assert frames(session) == [3, 3]


def stack_of(*heights: float, frame: str = "1.2") -> Any:
    places = [FramePlace((0, 0, z), AXIAL, (1, 1), frame_of_reference=frame) for z in heights]
    return clip_of(frames=len(heights), places=tuple(places))


class TestSlice:
    def test_is_the_one_at_the_same_height(self):
        thick, thin = stack_of(0, 5, 10), stack_of(*range(10, -1, -1))
        session = session_with(thick, thin, links=(Link.SLICE,))
        CineCommands(session).go_to(1)
        assert frames(session) == [1, 5]
        session.update_at(1, frame=0)
        assert frames(session) == [2, 0]

    def test_tells_more_than_the_number_where_both_are_linked(self):
        clips = (stack_of(0, 5, 10), stack_of(10, 5, 0), stack_of(0, 5, 10, frame="1.3"))
        session = session_with(*clips, links=(Link.SLICE, Link.FRAME))
        CineCommands(session).go_to(2)
        assert frames(session) == [2, 0, 2]

    def test_stacks_have_no_clock_and_follow_one_that_plays(self):
        thick, thin = stack_of(0, 5, 10), stack_of(*range(11))
        links = (Link.SLICE, Link.TIME)
        session = session_with(thick, thin, clip_of(), links=links, stretched=True)
        CineCommands(session).play_pause()
        assert [view.cine.playing for view in session.state.views[:3]] == [True, False, False]
        CineCommands(session).go_to(1)
        assert frames(session) == [1, 5, 0]
        assert stretch_in(session.state) == 1.0

    def test_what_lies_elsewhere_stays(self):
        links = (Link.SLICE, Link.FRAME)
        session = session_with(stack_of(0, 5, 90), stack_of(0, 5, 10), links=links)
        CineCommands(session).go_to(2)
        assert frames(session) == [2, 0]
        session.update_at(0, frame=1)
        assert frames(session) == [1, 1]


class TestTime:
    def test_playing_one_plays_all_in_the_same_way(self):
        session = session_with(clip_of(), clip_of(), clip_of(frames=1), links=(Link.TIME,))
        CineCommands(session).play_pause()
        CineCommands(session).set_speed(2.0)
        CineCommands(session).set_loop(Loop.PING_PONG)
        cines = [view.cine for view in session.state.views[:3]]
        assert [cine.playing for cine in cines] == [True, True, False]
        assert [cine.speed for cine in cines] == [2.0, 2.0, 1.0]
        assert cines[1].loop is Loop.PING_PONG

    def test_a_step_shows_the_same_moment(self):
        slow = clip_of(timing=Timing(rate=5.0))
        session = session_with(clip_of(), slow, links=(Link.TIME,))
        CineCommands(session).go_to(6)
        assert frames(session) == [6, 3]

    def test_a_step_of_stretched_loops_shows_the_same_phase(self):
        session = session_with(clip_of(), clip_of(frames=4), links=(Link.TIME,), stretched=True)
        CineCommands(session).go_to(6)
        assert frames(session) == [6, 3]

    def test_a_loop_that_opens_joins(self):
        session = session_with(clip_of(), clip_of(), None, links=(Link.TIME,))
        CineCommands(session).play_pause()
        session.update(views=(*session.state.views[:2], make_view(), *session.state.views[3:]))
        assert session.state.views[2].cine.playing


def test_a_new_link_takes_the_others_to_the_active_viewport():
    session = session_with(clip_of(), clip_of())
    WindowCommands(session).set_voi(LUNG)
    ViewCommands(session).zoom_by(2.0)
    session.update(layout=replace(session.state.layout, links=frozenset((Link.WINDOW,))))
    assert shown(session)[1].voi == LUNG
    assert shown(session)[1].zoom is None


def test_what_is_not_on_screen_is_not_led():
    session = session_with(clip_of(), clip_of(), links=(Link.FRAME,))
    session.update(layout=replace(session.state.layout, columns=1))
    CineCommands(session).go_to(5)
    assert [view.frame for view in session.state.views[:2]] == [5, 0]
    session.update(detached=frozenset((1,)))
    CineCommands(session).go_to(6)
    assert [view.frame for view in session.state.views[:2]] == [6, 6]


def test_nothing_leads_when_several_change_at_once():
    session = session_with(clip_of(), clip_of(), links=(Link.FRAME,))
    one, two, *others = session.state.views
    session.update(views=(replace(one, frame=1), replace(two, frame=6), *others))
    assert frames(session) == [1, 6]
