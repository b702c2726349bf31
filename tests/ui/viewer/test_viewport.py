from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.viewer.events import CTRL, LEFT, MIDDLE, RIGHT, SHIFT, drag, hover, wheel
from tests.ui.viewer.fakes import (
    WIDE,
    HeldSource,
    MemorySource,
    make_clip,
    make_series,
    make_session,
    make_view,
    pixel,
)
from xray_studio.core.clip import Acquisition
from xray_studio.core.histogram import Histogram
from xray_studio.core.lut import LookupTable, Pixels, Rescale
from xray_studio.core.presentation import Overlay, Window
from xray_studio.ui.frame_worker import FrameRequest, answer
from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.viewer.geometry import place
from xray_studio.ui.viewer.probe import pixel_text
from xray_studio.ui.viewer.viewport import PATIENCE, Viewport


def show(qtbot, session: Session, width: int = 600, height: int = 400) -> Viewport:
    """Return a viewport on screen with the picture of the session, rendered here."""
    viewport = Viewport(session)
    qtbot.addWidget(viewport)
    viewport.resize(width, height)
    with qtbot.waitExposed(viewport):
        viewport.show()
    give(viewport, session)
    return viewport


def give(viewport: Viewport, session: Session) -> None:
    """Render what the session asks for and put it on screen."""
    view, size = session.view, viewport.view_size()
    if view.clip is None:
        return
    session.update_view(fit=place(view.clip, view.presentation, size).fit)
    asked = FrameRequest(view.clip, view.presentation, view.frame, size)
    viewport.show_answer(answer(asked, view.clip.stored(view.frame)))


@pytest.fixture
def session(qtbot):
    made = make_session()
    made.update_view(histogram=Histogram(0.0, 1024.0, (1,)))
    return made


@pytest.fixture
def viewport(qtbot, session):
    return show(qtbot, session)


class TestPicture:
    def test_fills_the_viewport_and_leaves_the_rest_black(self, qtbot, session, viewport):
        session.update(overlay=Overlay.NONE, identity_hidden=False)
        viewport.resize(600, 600)
        give(viewport, session)
        image = viewport.grab().toImage()
        assert image.pixelColor(300, 590).value() == 0
        bright = pixel(0, 39, 59) / 4096 * 255
        assert image.pixelColor(598, 490).value() == pytest.approx(bright, abs=2)

    def test_an_answer_that_reached_the_screen_is_told_once(self, qtbot, session, viewport):
        with qtbot.waitSignal(viewport.painted) as told:
            give(viewport, session)
        assert told.args[0] is viewport.answer
        with qtbot.assertNotEmitted(viewport.painted, wait=50):
            viewport.update()

    def test_while_zooming_the_last_picture_is_stretched(self, qtbot, session, viewport):
        session.update_presentation(zoom=20.0)
        image = viewport.grab().toImage()
        assert image.pixelColor(300, 200).value() > 0

    def test_another_size_asks_for_another_picture(self, qtbot, viewport):
        with qtbot.waitSignal(viewport.resized):
            viewport.resize(300, 300)

    def test_clear_takes_the_picture_away(self, viewport):
        viewport.clear()
        assert viewport.answer is None
        assert viewport.grab().toImage().pixelColor(300, 200).value() == 0


class TestWords:
    def test_corner_text_says_what_core_says(self, session, viewport):
        text = viewport.corners().text
        assert text.top_left[:2] == ("Phantom, Coronary", "DEMO-0001")
        assert text.bottom_left == ("W 4096 L 2048 · 1000 %",)
        assert text.bottom_right == ("Run 3 · RAO 30 CAUD 20", "1/8 · 0.00 s")

    def test_the_frame_named_is_the_one_on_screen(self, session, viewport):
        session.update_view(frame=5)
        assert viewport.corners().text.bottom_right[1] == "1/8 · 0.00 s"
        give(viewport, session)
        assert viewport.corners().text.bottom_right[1] == "6/8 · 0.50 s"

    def test_text_in_the_picture_is_not_said_to_be_hidden(self, session, viewport):
        session.update(identity_hidden=True)
        session.update(view=make_view(make_clip(acquisition=Acquisition(modality="US"))))
        give(viewport, session)
        assert viewport.corners().hidden == "Tags hidden; text in the picture stays"

    def test_hidden_identity_leaves_a_badge_in_its_place(self, session, viewport):
        session.update(identity_hidden=True)
        corners = viewport.corners()
        assert corners.hidden == "Identity hidden"
        assert corners.text.top_left == ()
        assert "Phantom" not in str(corners)
        assert "2026" not in str(corners)

    def test_without_corner_text_who_is_shown_and_badges_stay(self, qtbot):
        clip = make_clip(acquisition=Acquisition(modality="XA", lossy=True))
        session = make_session(clip)
        viewport = show(qtbot, session)
        session.update(overlay=Overlay.NONE)
        text = viewport.corners().text
        assert text.top_left == ("Phantom, Coronary", "DEMO-0001")
        assert text.badges == ("LOSSY",)
        assert text.top_right == text.bottom_left == text.bottom_right == ()

    def test_the_rate_wanted_counts_the_speed(self, session, viewport):
        session.update_cine(playing=True, speed=2.0)
        session.update_view(rate=19.7)
        assert "19.7/20 per s" in viewport.corners().text.bottom_left[0]

    @pytest.mark.parametrize("size", [(200, 150), (100, 60), (1600, 1000)])
    def test_any_size_can_be_painted(self, qtbot, size):
        viewport = show(qtbot, make_session(), *size)
        assert not viewport.grab().isNull()


class TestFailures:
    def test_what_cannot_be_painted_gives_way_to_a_sentence_once(
        self, qtbot, session, viewport, monkeypatch
    ):
        tried = []

        def fail(*_given):
            tried.append(1)
            raise ValueError("broken")

        with monkeypatch.context() as broken:
            broken.setattr(viewport, "corners", fail)
            assert not viewport.grab().isNull()
            viewport.grab()
        assert len(tried) == 1
        give(viewport, session)
        viewport.grab()
        assert not viewport._unpaintable

    def test_words_are_those_of_the_picture_on_screen(self, session, viewport):
        table = LookupTable(0, 16, bytes(4), "Bone")
        session.update(view=make_view(make_clip(voi_luts=(table,))))
        session.update_presentation(voi=0)
        give(viewport, session)
        session.update(view=make_view(make_clip()))  # the longer clip has no such table
        assert "Bone" in viewport.corners().text.bottom_left[0]


class TestPixelValue:
    def test_position_and_modality_value_with_unit(self, qtbot):
        clip = make_clip(modality=(Rescale(2.0, -1000.0, "HU"),))
        viewport = show(qtbot, make_session(clip))
        hover(viewport, 305, 205)
        assert viewport.pixel_words() == f"x 31 · y 21 · {2 * pixel(0, 20, 30) - 1000} HU"

    def test_colour_shows_three_values(self, qtbot):
        clip = make_clip(MemorySource(colour=True), windows=())
        viewport = show(qtbot, make_session(clip))
        hover(viewport, 5, 5)
        assert viewport.pixel_words() == "x 1 · y 1 · R 0 G 1 B 9"

    def test_padding_is_no_value(self, qtbot):
        clip = make_clip(pixels=Pixels(bits=12, padding=(0, 0)))
        viewport = show(qtbot, make_session(clip))
        hover(viewport, 5, 5)
        assert viewport.pixel_words() == "x 1 · y 1 · padding"

    def test_what_is_no_number_has_no_value(self):
        stored = np.full((40, 60), np.nan, np.float32)
        assert pixel_text(make_clip(), 0, stored, 0, 0) == "x 1 · y 1 · no value"

    def test_nothing_is_said_beside_the_picture_or_when_the_pointer_leaves(self, qtbot):
        viewport = show(qtbot, make_session(), 600, 600)
        hover(viewport, 300, 20)
        assert viewport.pixel_words() == ""
        hover(viewport, 300, 300)
        assert viewport.pixel_words() != ""
        viewport.leaveEvent(None)
        assert viewport.pixel_words() == ""

    def test_turned_and_flipped_pictures_are_read_where_they_are(self, qtbot, session, viewport):
        session.update_presentation(rotation=180, flip_vertical=True)
        give(viewport, session)
        hover(viewport, 5, 5)
        assert viewport.pixel_words().startswith("x 60 · y 1 ·")


class TestWaiting:
    def test_a_short_wait_is_not_mentioned(self, qtbot, session):
        viewport = Viewport(session)
        qtbot.addWidget(viewport)
        session.update(view=View(series=make_series()))
        assert viewport._patience.isActive()
        assert viewport._patience.interval() == PATIENCE
        session.update(view=make_view())
        give(viewport, session)
        assert not viewport._patience.isActive()

    def test_opening_and_decoding_are_named(self, qtbot):
        session = Session()
        session.update(view=View(series=make_series()))
        viewport = show(qtbot, session)
        black = viewport.grab().toImage()
        qtbot.waitUntil(lambda: viewport._turned > 0)
        assert viewport.grab().toImage() != black
        assert viewport.waiting() == "Opening Run 3 · LCA"
        session.update(identity_hidden=True)
        session.update(view=make_view(make_clip(HeldSource())))
        assert viewport.waiting() == "Decoding frame 1 of 8"

    def test_an_error_is_a_sentence_in_place_of_the_picture(self, qtbot):
        session = Session()
        session.update(view=View(series=make_series(), error="The file is cut short."))
        viewport = show(qtbot, session)
        assert viewport.waiting() == ""
        image = viewport.grab().toImage()
        lit = [y for y in range(400) for x in range(600) if image.pixelColor(x, y).value() > 100]
        assert min(lit) > 150
        assert max(lit) < 250

    def test_nothing_open_is_black_and_quiet(self, qtbot):
        viewport = show(qtbot, Session())
        assert viewport.waiting() == ""
        assert viewport.corners().text.top_left == ()


class TestWindowDrag:
    def test_sideways_changes_the_width_and_upwards_the_level(self, session, viewport):
        drag(viewport, (300, 200), (330, 190))
        shown = session.view.presentation.voi
        assert (shown.width, shown.center) == (4096 + 30, 2048 + 10)

    def test_integers_of_a_wide_range_give_whole_numbers(self, session, viewport):
        session.update_view(histogram=Histogram(0.0, 1500.0, (1,)))
        session.update_presentation(voi=Window(40.25, 400.5))
        drag(viewport, (300, 200), (331, 193))
        shown = session.view.presentation.voi
        assert (shown.width, shown.center) == (446, 51)  # 445.91 and 50.50 on the way
        session.update_presentation(voi=Window(40.25, 400.5))
        drag(viewport, (300, 200), (331, 200))
        assert session.view.presentation.voi.center == 40.25

    def test_values_of_a_narrow_range_keep_their_fractions(self, session, viewport):
        session.update_view(histogram=Histogram(0.0, 40.0, (1,)))
        drag(viewport, (300, 200), (331, 193))
        assert session.view.presentation.voi.center == pytest.approx(2048 + 7 * 40 / 1024)

    def test_the_direction_can_be_turned_round(self, session, viewport):
        viewport._session.change_settings("viewing", level_up=False)
        drag(viewport, (300, 200), (300, 190))
        assert session.view.presentation.voi.center == 2048 - 10

    def test_the_width_stays_above_nothing(self, session, viewport):
        session.update_view(histogram=Histogram(0.0, 1e6, (1,)))
        drag(viewport, (300, 200), (10, 200))
        assert session.view.presentation.voi.width == 1.0

    def test_from_the_full_range_and_from_a_table(self, qtbot):
        table = LookupTable(100, 8, bytes(400))
        session = make_session(make_clip(voi_luts=(table,)))
        viewport = show(qtbot, session)
        session.update_presentation(voi=0)
        drag(viewport, (300, 200), (303, 200))
        assert session.view.presentation.voi.center == pytest.approx(100 + 199 / 2)
        session.update_presentation(voi=None)
        drag(viewport, (300, 200), (303, 200))
        assert session.view.presentation.voi.center == pytest.approx(4095 / 2)

    def test_colour_has_no_window(self, qtbot):
        session = make_session(make_clip(MemorySource(colour=True), windows=()))
        viewport = show(qtbot, session)
        before = session.view.presentation
        drag(viewport, (300, 200), (330, 190))
        assert session.view.presentation == before

    def test_a_click_changes_nothing(self, session, viewport):
        QTest.mouseClick(viewport, LEFT, pos=QPoint(100, 100))
        QTest.mouseDClick(viewport, LEFT, pos=QPoint(100, 100))
        assert session.view.presentation.voi is WIDE

    def test_an_empty_viewport_ignores_the_mouse(self, qtbot):
        session = Session()
        viewport = show(qtbot, session)
        for button in (LEFT, MIDDLE, RIGHT):
            drag(viewport, (300, 200), (330, 190), button)
        wheel(viewport, 120)
        wheel(viewport, 120, CTRL)
        assert session.view == View()


class TestPanAndZoom:
    @pytest.mark.parametrize(("button", "keys"), [(MIDDLE, None), (LEFT, SHIFT)])
    def test_the_picture_follows_the_pointer(self, session, viewport, button, keys):
        before = place(session.view.clip, session.view.presentation, viewport.view_size()).box
        drag(viewport, (300, 200), (340, 180), button, keys or Qt.KeyboardModifier.NoModifier)
        after = place(session.view.clip, session.view.presentation, viewport.view_size()).box
        assert (after.left - before.left, after.top - before.top) == (40, -20)

    def test_the_right_button_zooms_and_opens_no_menu(self, qtbot, session, viewport):
        with qtbot.assertNotEmitted(viewport.menu_requested):
            drag(viewport, (300, 200), (300, 40), RIGHT)
        assert session.view.presentation.zoom == pytest.approx(20.0)

    def test_a_right_click_asks_for_the_menu(self, qtbot, session, viewport):
        with qtbot.waitSignal(viewport.menu_requested) as asked:
            QTest.mouseClick(viewport, RIGHT, pos=QPoint(100, 100))
        assert asked.args[0] == viewport.mapToGlobal(QPoint(100, 100))
        assert session.view.presentation.zoom is None

    @pytest.mark.parametrize("tool", ["zoom", "pan"])
    def test_the_left_button_follows_the_tool(self, session, viewport, tool):
        session.update(tool=tool)
        drag(viewport, (300, 200), (300, 120))
        shown = session.view.presentation
        assert shown.voi is WIDE
        assert (shown.zoom is not None) == (tool == "zoom")
        assert (shown.pan != (0.0, 0.0)) == (tool == "pan")

    def test_ctrl_and_wheel_zoom_at_the_pointer(self, session, viewport):
        hover(viewport, 100, 100)
        give(viewport, session)
        before = viewport.pixel_words()
        wheel(viewport, 120, CTRL, (100, 100))
        assert session.view.presentation.zoom == pytest.approx(12.5)
        give(viewport, session)
        assert viewport.pixel_words() == before


class TestWheel:
    def test_towards_the_person_is_onwards(self, session, viewport):
        wheel(viewport, -120)
        assert session.view.frame == 1
        wheel(viewport, 120)
        assert session.view.frame == 0

    def test_shift_goes_ten_at_once(self, session, viewport):
        wheel(viewport, -120, SHIFT)
        assert session.view.frame == 7

    def test_small_turns_add_up_and_a_change_of_mind_starts_anew(self, session, viewport):
        for _ in range(3):
            wheel(viewport, -30)
        assert session.view.frame == 0
        wheel(viewport, -30)
        assert session.view.frame == 1
        wheel(viewport, -100)
        wheel(viewport, 20)
        wheel(viewport, -30)
        assert session.view.frame == 1


class TestFocus:
    def test_only_the_keyboard_draws_a_frame(self, qtbot, session, viewport):
        viewport.setFocus(Qt.FocusReason.MouseFocusReason)
        assert not viewport._focus_shown
        viewport.clearFocus()
        viewport.setFocus(Qt.FocusReason.TabFocusReason)
        assert viewport._focus_shown
        assert viewport.grab().toImage().pixelColor(300, 0).blue() > 200
        viewport.clearFocus()
        assert not viewport._focus_shown


def test_presentation_of_the_picture_and_of_the_session_may_differ_for_a_moment(qtbot):
    session = make_session()
    viewport = show(qtbot, session)
    turned = replace(session.view.presentation, rotation=90)
    session.update_view(presentation=turned)
    assert not viewport.grab().isNull()
