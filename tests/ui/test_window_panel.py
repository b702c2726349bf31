from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.viewer.fakes import NARROW, WIDE, MemorySource, make_clip, make_session, make_view
from xray_studio.core.histogram import Histogram
from xray_studio.core.lut import LookupTable, Rescale
from xray_studio.core.presentation import Window
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.histogram_handle import HistogramHandle
from xray_studio.ui.viewer.window_commands import WindowCommands
from xray_studio.ui.widgets.value_slider import STEPS, ValueSlider, number_words
from xray_studio.ui.window_panel import COLOUR, NOTHING, WindowPanel


@pytest.fixture
def session():
    made = make_session(make_clip(modality=(Rescale(1.0, 0.0, "HU"),)))
    made.update_view(histogram=Histogram(0.0, 1000.0, (1, 5, 2)))
    return made


@pytest.fixture
def panel(qtbot, session):
    made = WindowPanel(session)
    qtbot.addWidget(made)
    made.resize(350, 800)
    with qtbot.waitExposed(made):
        made.show()
    return made


def type_into(slider: ValueSlider, text: str) -> None:
    slider.edit.setFocus()
    slider.edit.selectAll()
    QTest.keyClicks(slider.edit, text)
    QTest.keyClick(slider.edit, Qt.Key.Key_Return)


def test_a_row_chooses_its_window_and_is_marked(session, panel):
    assert [row.text() for row in panel.rows] == ["Wide", "Narrow", "Vessel"]
    assert [row.isChecked() for row in panel.rows] == [True, False, False]
    panel.rows[1].click()
    assert session.view.presentation.voi == NARROW
    assert [row.isChecked() for row in panel.rows] == [False, True, False]


def test_a_marked_row_stays_marked_when_it_is_clicked_again(session, panel):
    panel.rows[0].click()
    assert panel.rows[0].isChecked()


def test_typed_numbers(session, panel):
    type_into(panel.center, "120")
    type_into(panel.width_value, "80,5")
    shown = session.view.presentation.voi
    assert (shown.center, shown.width) == (120.0, 80.5)
    assert not any(row.isChecked() for row in panel.rows)
    assert panel.center.unit.text() == "HU"


def test_what_is_no_number_gives_way_to_the_value_shown(session, panel):
    type_into(panel.center, "-")
    assert panel.center.edit.text() == "2048"
    assert session.view.presentation.voi is WIDE


def test_sliders(session, panel):
    panel.center.slider.setValue(STEPS)
    assert session.view.presentation.voi.center == 2048
    panel.width_value.slider.setValue(0)
    assert session.view.presentation.voi.width == 1.0


def test_the_slider_runs_over_the_values_of_the_picture(session, panel):
    session.update_presentation(voi=NARROW)
    panel.center.slider.setValue(0)
    assert session.view.presentation.voi.center == 0.0
    session.update_view(histogram=Histogram(-500.0, 1000.0, (1,)))
    panel.center.slider.setValue(0)
    assert session.view.presentation.voi.center == -500.0


def test_the_slider_lets_go_of_a_window_that_is_shown_no_longer(session, panel):
    type_into(panel.center, "99999")
    panel.center.slider.setValue(STEPS)
    assert session.view.presentation.voi.center == 99999
    panel.reset.click()
    session.update_presentation(voi=NARROW)
    panel.center.slider.setValue(STEPS)
    assert session.view.presentation.voi.center == 1000.0


def test_the_axis_of_a_clip_grows_and_never_shrinks(session, panel):
    session.update_view(histogram=Histogram(200.0, 1500.0, (1, 5, 2)))
    assert panel.histogram.ends() == ("0 HU", "1500 HU")
    session.update_view(histogram=Histogram(-1024.0, 300.0, (1, 5, 2)))
    assert panel.histogram.ends() == ("\u22121024 HU", "1500 HU")
    session.update_view(histogram=None)
    session.update(view=make_view())
    session.update_view(histogram=Histogram(5.0, 6.0, (1,)))
    assert panel.histogram.ends() == ("5", "6")


def test_counts_stand_where_their_values_are(session, panel):
    session.update_view(histogram=Histogram(0.0, 100.0, (9, 9, 9)))
    image = panel.histogram.grab().toImage()
    page = image.pixelColor(round(panel.histogram.position(500.0)), 90)
    assert image.pixelColor(round(panel.histogram.position(50.0)), 90) != page


def test_numbers_of_choices_say_what_they_are(qtbot):
    low = Window(-600, 1500, explanation="Lung")
    panel = WindowPanel(make_session(make_clip(windows=(low,))))
    qtbot.addWidget(panel)
    assert panel.rows[0].accessibleName() == "Lung, 1500 / \u2212600"
    words = [label.text() for label in panel.findChildren(QLabel)]
    assert words.count("Width / centre") == words.count("Stored in the file") + 1


@pytest.mark.parametrize("minus", ["-", "\u2212"])
def test_a_minus_is_typed_either_way(session, panel, minus):
    panel.center.edit.setFocus()
    panel.center.edit.selectAll()
    panel.center.edit.insert(f"{minus}600")  # as from a clipboard: no key is asked for
    QTest.keyClick(panel.center.edit, Qt.Key.Key_Return)
    assert session.view.presentation.voi.center == -600.0


def test_buttons(session, panel):
    panel.invert.click()
    assert session.view.presentation.invert
    assert panel.invert.isChecked()
    panel.full.click()
    assert session.view.presentation.voi is None
    assert "Full range" in panel.function.text()
    panel.reset.click()
    assert session.view.presentation.voi is WIDE
    assert not panel.invert.isChecked()
    panel.auto.click()
    assert session.view.auto_window
    assert panel.auto.text() != "Auto"


def test_colour_and_emptiness_say_why_there_is_nothing(qtbot):
    session = Session()
    panel = WindowPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    assert (panel.reason.text(), panel.controls.isVisible()) == (NOTHING, False)
    session.update(view=make_view(make_clip(MemorySource(colour=True), windows=())))
    assert (panel.reason.text(), panel.controls.isVisible()) == (COLOUR, False)
    session.update(view=make_view())
    assert (panel.reason.isVisible(), panel.controls.isVisible()) == (False, True)


def test_a_table_of_the_file_is_a_choice(qtbot):
    table = LookupTable(0, 8, bytes(512), explanation="Hard")
    session = make_session(make_clip(windows=(), voi_luts=(table,)))
    panel = WindowPanel(session)
    qtbot.addWidget(panel)
    assert panel.rows[0].text() == "Hard"
    panel.rows[0].click()
    assert session.view.presentation.voi == 0
    assert "Table" in panel.function.text()


def test_windows_of_the_same_name_stay_apart(qtbot):
    session = make_session(make_clip(windows=(WIDE, WIDE.moved(5, 0), NARROW)))
    panel = WindowPanel(session)
    qtbot.addWidget(panel)
    panel.rows[1].click()
    assert session.view.presentation.voi == WIDE.moved(5, 0)


def test_the_histogram_shows_the_window(session, panel):
    session.update_presentation(voi=NARROW)
    image = panel.histogram.grab().toImage()
    inside = image.pixelColor(round(panel.histogram.position(100.0)), 5)
    outside = image.pixelColor(round(panel.histogram.position(800.0)), 5)
    assert inside.blue() > outside.blue()


def test_what_is_being_typed_is_left_alone(session, panel):
    panel.center.edit.setFocus()
    panel.center.edit.selectAll()
    QTest.keyClicks(panel.center.edit, "3")
    session.update_presentation(voi=NARROW)
    assert panel.center.edit.text() == "3"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1e-12, "0"),
        (0.0, "0"),
        (0.00151, "0.00151"),
        (-0.00012345, "-0.000123"),
        (100.0, "100"),
        (-600.0, "-600"),
        (0.125, "0.125"),
        (1e6, "1000000"),
    ],
)
def test_numbers_in_words(value, words):
    assert number_words(value) == words


def ends_of(session: Session) -> tuple[float, float]:
    voi = session.view.presentation.voi
    return voi.center - voi.width / 2, voi.center + voi.width / 2


def pull(handle: HistogramHandle, by: int) -> None:
    """Drag a handle sideways, as a person does."""
    start = QPoint(handle.width() // 2, 40)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    place = QPointF(handle.mapToGlobal(start + QPoint(by, 0)))
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(start), place, Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(handle, move)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start)


@pytest.fixture
def handles(session, panel):
    WindowCommands(session).set_voi(Window.spanning(200, 800))
    found = panel.histogram
    return {"low": found.low, "middle": found.middle, "high": found.high}


@pytest.mark.parametrize(("name", "moved"), [("low", (1, 0)), ("high", (0, 1)), ("middle", (1, 1))])
def test_handles_of_the_histogram_by_mouse(session, panel, handles, name, moved):
    pull(handles[name], 32)
    by = 32 / panel.histogram.width() * 1000
    assert ends_of(session) == pytest.approx((200 + by * moved[0], 800 + by * moved[1]), abs=0.01)


@pytest.mark.parametrize(
    ("name", "key", "moved"),
    [
        ("low", Qt.Key.Key_Right, (10, 0)),
        ("high", Qt.Key.Key_Left, (0, -10)),
        ("middle", Qt.Key.Key_Right, (10, 10)),
        ("middle", Qt.Key.Key_PageUp, (100, 100)),
    ],
)
def test_handles_of_the_histogram_by_keys(session, panel, handles, name, key, moved):
    handles[name].setFocus()
    QTest.keyClick(handles[name], key)
    assert ends_of(session) == pytest.approx((200 + moved[0], 800 + moved[1]), abs=0.01)


def test_the_ends_of_the_window_never_cross(session, panel, handles):
    pull(handles["low"], panel.histogram.width())
    low, high = ends_of(session)
    assert high - low > 0
    assert high == pytest.approx(800, abs=1.5)


def test_handles_tell_assistive_tools_what_they_are(session, panel, handles):
    for handle, words in zip(handles.values(), ("200 HU", "500 HU", "800 HU"), strict=True):
        found = QAccessible.queryAccessibleInterface(handle)
        assert found.role() == QAccessible.Role.Slider
        assert found.text(QAccessible.Text.Name)
        assert found.text(QAccessible.Text.Description) == words


def test_a_table_has_no_handles(session, panel, handles):
    session.update(view=make_view(make_clip(voi_luts=(LookupTable(0, 8, bytes(512)),))))
    session.update_presentation(voi=0)
    assert not any(handle.isVisible() for handle in handles.values())
