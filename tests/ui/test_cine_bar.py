from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.viewer.events import LEFT, drag, hover
from tests.ui.viewer.fakes import MemorySource, make_clip, make_series, make_session, make_view
from xray_studio.core.playback import Loop, Timing
from xray_studio.ui.cine_bar import CineBar
from xray_studio.ui.look.theme import apply_theme
from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_words import range_words, rate_words, time_words


@pytest.fixture
def session():
    return make_session(make_clip(MemorySource(20)))


@pytest.fixture
def placed(qtbot):
    """Make bars in a window, where each has the width it is given and no other."""
    kept = []

    def make(session: Session, width: int) -> CineBar:
        holder = QWidget()
        kept.append(holder)
        qtbot.addWidget(holder)
        holder.resize(1600, 120)
        bar = CineBar(session, holder)
        bar.resize(width, bar.sizeHint().height())
        with qtbot.waitExposed(holder):
            holder.show()
        return bar

    return make


@pytest.fixture
def bar(placed, session):
    return placed(session, 1000)


def at(bar: CineBar, frame: float) -> tuple[int, int]:
    """Return the place of a frame on the timeline, its middle for whole numbers."""
    return round((frame + 0.5) * bar.timeline.width() / 20), 30


class TestButtons:
    def test_play_turns_into_pause(self, session, bar):
        assert bar.play.accessibleName() == "Play"
        bar.play.click()
        assert session.view.cine.playing
        assert bar.play.accessibleName() == "Pause"
        bar.play.click()
        assert not session.view.cine.playing

    def test_transport(self, session, bar):
        shown = []
        for button in (bar.forward, bar.forward, bar.back, bar.last, bar.first):
            button.click()
            shown.append(session.view.frame)
        assert shown == [1, 2, 1, 19, 0]

    def test_ways_to_loop(self, session, bar):
        names = [bar.loop.accessibleName()]
        for _ in range(3):
            bar.loop.click()
            names.append(bar.loop.accessibleName())
        assert names == ["Loop", "Forwards and backwards", "Play once", "Loop"]
        assert bar.loop.isChecked()

    def test_speed_menu(self, session, bar):
        menu = bar.speed.menu()
        menu.aboutToShow.emit()
        words = [action.text() for action in menu.actions() if action.text()]
        assert words[0] == "0.25 \u00d7"
        assert words[-1] == "Real time"
        assert not menu.actions()[-1].isEnabled()
        next(action for action in menu.actions() if action.text() == "2.0 \u00d7").trigger()
        assert session.view.cine.speed == 2.0
        assert bar.speed.text() == "2.0 \u00d7"

    def test_real_time_is_offered_when_the_file_has_frame_times(self, qtbot):
        timing = Timing(rate=10.0, times=tuple(n * 0.2 for n in range(8)))
        session = make_session(make_clip(timing=timing))
        bar = CineBar(session)
        qtbot.addWidget(bar)
        menu = bar.speed.menu()
        menu.aboutToShow.emit()
        menu.actions()[-1].trigger()
        assert session.view.cine.real_time
        assert bar.speed.text() == "Real time"

    def test_play_all_frames_again(self, session, bar):
        assert not bar.clear.isVisible()
        session.update_cine(first=3, last=9)
        assert bar.range.text() == "in 4 · out 10"
        bar.clear.click()
        assert (session.view.cine.first, session.view.cine.last) == (0, 19)
        assert not bar.clear.isVisible()


class TestFrameField:
    def test_a_typed_frame_is_shown(self, session, bar):
        bar.frame.setFocus()
        bar.frame.selectAll()
        QTest.keyClicks(bar.frame, "12")
        QTest.keyClick(bar.frame, Qt.Key.Key_Return)
        assert session.view.frame == 11

    def test_what_is_being_typed_is_left_alone(self, session, bar):
        bar.frame.setFocus()
        bar.frame.selectAll()
        QTest.keyClicks(bar.frame, "1")
        session.update_view(frame=7)
        assert bar.frame.text() == "1"

    def test_only_frames_of_the_clip_are_taken(self, session, bar):
        bar.frame.setFocus()
        bar.frame.selectAll()
        QTest.keyClicks(bar.frame, "99")
        QTest.keyClick(bar.frame, Qt.Key.Key_Return)
        assert session.view.frame in {0, 8}

    def test_nothing_typed_gives_way_to_the_frame_on_screen(self, session, bar):
        session.update_view(frame=7)
        bar.frame.setFocus()
        bar.frame.selectAll()
        QTest.keyClick(bar.frame, Qt.Key.Key_Delete)
        QTest.keyClick(bar.frame, Qt.Key.Key_Return)
        assert bar.frame.text() == "8"

    def test_the_frame_on_screen_is_shown(self, session, bar):
        session.update_view(frame=7)
        assert bar.frame.text() == "8"
        assert bar.count.text() == "/ 20"
        assert bar.time.text() == "0.70 s of 2.00 s"


class TestTimeline:
    def test_a_click_shows_its_frame(self, session, bar):
        QTest.mouseClick(bar.timeline, LEFT, pos=QPoint(*at(bar, 12)))
        assert session.view.frame == 12

    def test_a_drag_scrubs_and_stays_inside(self, session, bar):
        drag(bar.timeline, at(bar, 3), at(bar, 40))
        assert session.view.frame == 19

    def test_a_clip_that_plays_rests_while_it_is_scrubbed(self, session, bar):
        session.update_cine(playing=True)
        QTest.mousePress(bar.timeline, LEFT, pos=QPoint(*at(bar, 5)))
        assert not session.view.cine.playing
        QTest.mouseRelease(bar.timeline, LEFT, pos=QPoint(*at(bar, 5)))
        assert session.view.cine.playing
        assert session.view.frame == 5

    def test_in_and_out_lines_are_dragged(self, session, bar):
        drag(bar.timeline, at(bar, -0.5), at(bar, 3.5))
        assert (session.view.cine.first, session.view.cine.last) == (4, 19)
        drag(bar.timeline, at(bar, 19.45), at(bar, 14.5))
        assert (session.view.cine.first, session.view.cine.last) == (4, 14)
        drag(bar.timeline, at(bar, 14.5), at(bar, 0))
        assert (session.view.cine.first, session.view.cine.last) == (4, 4)
        assert session.view.frame == 0

    def test_the_pointer_tells_what_it_would_take(self, session, bar):
        hover(bar.timeline, *at(bar, 10))
        assert bar.timeline.cursor().shape() is Qt.CursorShape.ArrowCursor
        hover(bar.timeline, *at(bar, -0.5))
        assert bar.timeline.cursor().shape() is Qt.CursorShape.SizeHorCursor

    def test_what_is_in_memory_is_drawn_below(self, session, bar):
        session.update_view(cached=((0, 9),))
        image = bar.timeline.grab().toImage()
        bottom = bar.timeline.height() - 2
        cached = image.pixelColor(at(bar, 5)[0], bottom)
        absent = image.pixelColor(at(bar, 15)[0], bottom)
        assert cached.blue() > 150 > absent.blue()

    def test_the_line_stands_at_the_frame_on_screen(self, session, bar):
        session.update_view(frame=10)
        image = bar.timeline.grab().toImage()
        assert image.pixelColor(at(bar, 10)[0], 30).value() > 200


class TestShown:
    def test_hidden_without_a_clip_and_for_stills(self, qtbot):
        session = Session()
        bar = CineBar(session)
        qtbot.addWidget(bar)
        bar.show()
        session.update(view=make_view(make_clip(MemorySource(1))))
        assert not bar.isVisible()
        session.update(view=make_view())
        assert bar.isVisible()
        session.update(view=View(series=make_series()))
        assert bar.isVisible()
        assert not bar.isEnabled()
        session.update(view=View(series=make_series(), error="The file is damaged."))
        assert not bar.isVisible()
        session.update(view=View())
        assert not bar.isVisible()

    def test_a_narrow_bar_keeps_the_controls(self, qtbot, session, bar):
        session.update_cine(first=2, last=9, playing=True)
        session.update_view(rate=9.7)
        bar.resize(430, bar.height())
        qtbot.wait(1)
        assert not bar.time.isVisible()
        assert not bar.range.isVisible()
        assert bar.rate.text() == "9.7/s"
        assert bar.play.isVisible()
        session.update_cine(playing=False)
        assert bar.rate.text() == "10/s"
        assert "from Frame Time" in bar.source.toolTip()
        bar.resize(1000, bar.height())
        qtbot.wait(1)
        assert bar.time.isVisible()
        assert bar.range.text() == "in 3 · out 10"
        assert bar.clear.isVisible()


def parts(bar: CineBar) -> dict[str, QRect]:
    """Return where the visible parts of a bar lie, by what they are."""
    named = {name: part for name, part in vars(bar).items() if isinstance(part, QWidget)}
    seen = {name: part for name, part in named.items() if part.isVisibleTo(bar)}
    return {n: QRect(p.mapTo(bar, QPoint()), p.size()) for n, p in seen.items() if n != "rates"}


def clipped(bar: CineBar) -> list[str]:
    """Return the labels and buttons whose words have no room; the source may be elided."""
    words = (bar.count, bar.time, bar.range, bar.rate, bar.frame, bar.speed)
    return [
        part.text()
        for part in words
        if part.isVisibleTo(bar)
        and part.fontMetrics().horizontalAdvance(part.text()) > part.contentsRect().width()
    ]


STATES = [
    {},
    {"first": 18, "last": 77},
    {"playing": True, "first": 18, "last": 77},
    {"playing": True, "real_time": True, "first": 1},
    {"speed": 0.25, "last": 7},
]


@pytest.mark.parametrize("cine", STATES, ids=str)
@pytest.mark.parametrize("frames", [20, 96, 1500])
@pytest.mark.parametrize(
    ("rate", "source"),
    [(30.3, "Frame Time"), (7.5, "Recommended Display Frame Rate"), (120.0, "default for XA")],
)
def test_nothing_overlaps_and_nothing_is_clipped_at_any_width(
    placed, qapp, cine, frames, rate, source
):
    apply_theme(qapp)
    times = tuple(n / rate for n in range(frames))
    session = make_session(make_clip(MemorySource(frames), timing=Timing(rate, source, times)))
    bar = placed(session, 1400)
    last = min(cine.get("last", frames - 1), frames - 1)
    session.update_view(frame=frames - 1)
    session.update_cine(**(cine | {"last": last}))
    session.update_view(rate=rate if cine.get("playing") else None)
    for width in range(430, 1400, 9):
        bar.resize(width, bar.height())
        bar.layout().activate()
        places = parts(bar)
        assert {"play", "frame", "speed"} <= places.keys()
        for (one, first), (other, second) in combinations(places.items(), 2):
            assert not first.intersects(second), (width, one, other)
        assert all(bar.rect().contains(place) for place in places.values()), width
        assert clipped(bar) == [], width


@pytest.mark.parametrize("width", [430, 560, 672, 860, 1100])
def test_nothing_moves_when_a_clip_plays_or_its_rate_changes(placed, qapp, width):
    apply_theme(qapp)
    session = make_session(make_clip(MemorySource(96), timing=Timing(30.0, "Frame Time")))
    bar = placed(session, width)
    places = set()
    for playing, rate in ((False, None), (True, None), (True, 9.8), (True, 30.1), (False, None)):
        session.update_cine(playing=playing)
        session.update_view(rate=rate)
        bar.layout().activate()
        places.add((bar.speed.x(), bar.rates.x(), bar.rates.width()))
    assert len(places) == 1


@pytest.mark.parametrize("source", ["Recommended Display Frame Rate", "Frame Time Vector"])
@pytest.mark.parametrize("rate", [None, 15.0])
def test_the_rate_of_a_trimmed_clip_is_readable_in_a_window_of_1280(qtbot, placed, source, rate):
    session = make_session(make_clip(MemorySource(96), timing=Timing(rate=15.0, source=source)))
    bar = placed(session, 672)
    session.update_cine(playing=rate is not None, first=18)
    session.update_view(rate=rate)
    qtbot.waitUntil(lambda: bar.source.text().endswith(("Recommended", "Time Vector")))
    assert source in bar.source.toolTip()


class TestWords:
    def test_rate_with_its_source(self, session):
        assert rate_words(session.state) == ("", "10 per s · from Frame Time")
        session.update_cine(playing=True, speed=2.0)
        session.update_view(rate=19.9)
        assert rate_words(session.state) == ("19.9", "/20 of 10 per s · from Frame Time")

    def test_default_rates_and_real_time(self):
        timing = Timing(rate=15.0, source="default for XA", times=tuple(n / 9 for n in range(8)))
        session = make_session(make_clip(timing=timing))
        assert rate_words(session.state)[1] == "15 per s · default for XA"
        session.update_cine(real_time=True, playing=True)
        session.update_view(rate=9.0)
        assert rate_words(session.state) == ("9.0", " per s · acquired frame times")
        assert time_words(session.view) == "0.00 s of 0.89 s"

    def test_a_whole_clip_has_no_range(self, session):
        assert range_words(session.view) == ""
        session.update_cine(loop=Loop.ONCE, first=1)
        assert range_words(session.view) == "in 2 · out 20"
