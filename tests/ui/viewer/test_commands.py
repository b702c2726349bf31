from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.viewer.fakes import NARROW, WIDE, MemorySource, make_clip, make_session
from xray_studio.core.histogram import Histogram
from xray_studio.core.lut import LookupTable
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.cine_commands import SPEEDS, CineCommands
from xray_studio.ui.viewer.geometry import Size, place
from xray_studio.ui.viewer.view_commands import LARGEST, SMALLEST, ViewCommands
from xray_studio.ui.viewer.window_commands import (
    WindowCommands,
    chosen,
    preset_choices,
    stored_choices,
)

VIEW = Size(600, 400)


def test_every_command_leaves_an_empty_window_alone():
    session = Session()
    before = session.state
    cine, view, window = CineCommands(session), ViewCommands(session), WindowCommands(session)
    for command in (
        cine.play_pause, cine.first, cine.last, cine.set_in, cine.set_out, cine.clear_range,
        view.fit, view.one_to_one, view.zoom_in, view.rotate_right, view.flip_horizontal,
        view.reset, window.auto, window.invert, window.full_range, window.reset,
    ):  # fmt: skip
        command()
    cine.step(1)
    cine.go_to(4)
    window.key(3)
    assert session.state == before


class TestCine:
    def test_steps_stay_inside_and_stop(self):
        session = make_session()
        cine = CineCommands(session)
        cine.play_pause()
        assert session.view.cine.playing
        cine.step(3)
        assert (session.view.frame, session.view.cine.playing) == (3, False)
        cine.step(-10)
        assert session.view.frame == 0
        cine.last()
        assert session.view.frame == 7
        cine.first()
        assert session.view.frame == 0

    def test_in_and_out_point(self):
        session = make_session()
        cine = CineCommands(session)
        cine.go_to(5)
        cine.set_in()
        assert (session.view.cine.first, session.view.cine.last) == (5, 7)
        cine.go_to(2)
        cine.set_out()
        assert (session.view.cine.first, session.view.cine.last) == (0, 2)
        cine.go_to(4)
        cine.set_in()
        assert (session.view.cine.first, session.view.cine.last) == (4, 7)
        cine.clear_range()
        assert (session.view.cine.first, session.view.cine.last) == (0, 7)

    def test_speeds(self):
        session = make_session()
        cine = CineCommands(session)
        for _ in range(20):
            cine.faster()
        assert session.view.cine.speed == SPEEDS[-1]
        for _ in range(20):
            cine.slower()
        assert session.view.cine.speed == SPEEDS[0]

    def test_real_time_needs_frame_times(self):
        session = make_session()
        CineCommands(session).set_real_time()
        assert not session.view.cine.real_time
        timed = make_session(make_clip(timing=Timing(times=tuple(n * 0.1 for n in range(8)))))
        cine = CineCommands(timed)
        cine.faster()
        cine.set_real_time()
        assert (timed.view.cine.real_time, timed.view.cine.speed) == (True, 1.0)
        cine.set_speed(2.0)
        assert (timed.view.cine.real_time, timed.view.cine.speed) == (False, 2.0)

    def test_ways_to_loop_go_round(self):
        session = make_session()
        cine = CineCommands(session)
        seen = [session.view.cine.loop]
        for _ in range(3):
            cine.cycle_loop()
            seen.append(session.view.cine.loop)
        assert seen == [Loop.LOOP, Loop.PING_PONG, Loop.ONCE, Loop.LOOP]


class TestView:
    @given(st.floats(0.01, 100.0), st.floats(-300, 300), st.floats(-200, 200), st.data())
    def test_zoom_keeps_the_point_under_the_pointer(self, factor, x, y, data):
        session = make_session()
        start = data.draw(st.none() | st.floats(0.1, 20.0))
        session.update_presentation(zoom=start)
        clip = session.view.clip
        session.update_view(fit=place(clip, session.view.presentation, VIEW).fit)
        before = _under(session, x, y)
        ViewCommands(session).zoom_by(factor, (x, y))
        assert _under(session, x, y) == pytest.approx(before, abs=1e-6)
        assert SMALLEST <= session.view.presentation.zoom <= LARGEST

    def test_fit_and_actual_size(self):
        session = make_session()
        view = ViewCommands(session)
        view.zoom_in()
        view.pan_by(10, 5)
        view.fit()
        assert session.view.presentation == session.view.initial
        view.one_to_one()
        assert session.view.presentation.zoom == 1.0

    def test_four_quarter_turns_are_none(self):
        session = make_session()
        view = ViewCommands(session)
        view.pan_by(30, -10)
        before = session.view.presentation
        for _ in range(4):
            view.rotate_right()
        assert session.view.presentation == before
        view.rotate_right()
        view.rotate_left()
        assert session.view.presentation == before

    def test_a_turn_is_clockwise_on_screen_even_when_flipped(self):
        session = make_session()
        view = ViewCommands(session)
        view.flip_horizontal()
        view.rotate_right()
        assert session.view.presentation.rotation == 270
        view.flip_vertical()
        view.rotate_right()
        assert session.view.presentation.rotation == 0

    def test_reset_goes_back_to_how_it_opened(self):
        session = make_session()
        view = ViewCommands(session)
        view.rotate_right()
        view.zoom_in()
        WindowCommands(session).choose(stored_choices(session.view)[1])
        view.reset()
        assert session.view.presentation == session.view.initial


class TestWindow:
    def test_choices_have_the_keys_of_the_interface(self):
        view = make_session().view
        assert [(c.name, c.key) for c in stored_choices(view)] == [("Wide", "1"), ("Narrow", "2")]
        assert [(c.name, c.key) for c in preset_choices(view)] == [("Vessel", "3")]

    def test_number_keys(self):
        session = make_session()
        window = WindowCommands(session)
        window.key(2)
        assert session.view.presentation.voi == NARROW
        window.key(3)
        assert session.view.presentation.voi.explanation == "Vessel"
        window.key(9)
        assert session.view.presentation.voi.explanation == "Vessel"
        window.key(0)
        assert session.view.auto_window

    def test_tables_come_after_windows_and_need_no_name(self):
        table = LookupTable(0, 8, bytes(512))
        session = make_session(make_clip(windows=(Window(5, 10),), voi_luts=(table,)))
        stored = stored_choices(session.view)
        assert [c.name for c in stored] == ["Stored window 1", "VOI table"]
        WindowCommands(session).choose(stored[1])
        assert session.view.presentation.voi == 0
        assert chosen(session.view, stored[1])
        assert not chosen(session.view, stored[0])

    def test_typed_numbers_keep_the_function(self):
        session = make_session(make_clip(windows=(Window(5, 10, VoiFunction.SIGMOID),)))
        window = WindowCommands(session)
        window.choose(stored_choices(session.view)[0])
        window.set_window(100, 40)
        assert session.view.presentation.voi == Window(100, 40, VoiFunction.SIGMOID)
        window.set_window(100, -7)
        assert session.view.presentation.voi.width == session.view.presentation.voi.least_width

    def test_numbers_replace_the_full_range_by_a_window(self):
        session = make_session()
        window = WindowCommands(session)
        window.full_range()
        assert session.view.presentation.voi is None
        window.set_window(100, 40)
        shown = session.view.presentation.voi
        assert (shown.center, shown.width) == (100, 40)

    def test_the_full_range_of_wide_data_is_what_the_frame_holds(self):
        source = MemorySource()
        source.dtype = np.dtype(np.float32)
        session = make_session(make_clip(source))
        session.update_view(histogram=Histogram(0.001, 0.003, (1, 2)))
        WindowCommands(session).full_range()
        shown = session.view.presentation.voi
        assert (shown.center, shown.width) == pytest.approx((0.002, 0.002))

    def test_a_choice_ends_the_search_for_an_automatic_window(self):
        session = make_session()
        window = WindowCommands(session)
        window.auto()
        window.key(1)
        assert not session.view.auto_window

    def test_reset_and_invert(self):
        session = make_session()
        window = WindowCommands(session)
        window.invert()
        window.key(2)
        assert session.view.presentation == Presentation(voi=NARROW, invert=True)
        window.reset()
        assert session.view.presentation == Presentation(voi=WIDE)

    def test_colour_has_no_window(self):
        session = make_session(make_clip(MemorySource(colour=True), windows=()))
        window = WindowCommands(session)
        before = session.view
        for number in range(10):
            window.key(number)
        window.full_range()
        window.set_window(1, 2)
        assert session.view is before
        assert stored_choices(session.view) == preset_choices(session.view) == ()


def _under(session: Session, x: float, y: float) -> tuple[float, float]:
    """Return the picture coordinates shown at a point from the viewport's centre."""
    shown = session.view.presentation
    zoom = session.view.fit if shown.zoom is None else shown.zoom
    return x / zoom - shown.pan[0], y / zoom - shown.pan[1]
