"""The grid in the real window: by mouse, by keys, across patients and windows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import focused, press
from tests.ui.viewer.events import hover
from tests.ui.waiting import LONG, choose, wait_for_picture
from xray_studio.core.study import Series
from xray_studio.services.settings import load_settings
from xray_studio.ui.grid.carry import Carried
from xray_studio.ui.grid.cell import Cell
from xray_studio.ui.grid.drop_mark import HERE, REFUSED, SWAP
from xray_studio.ui.layout import Link
from xray_studio.ui.main_window import MainWindow

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def drop(cell: Cell, what: Series | int) -> str:
    """Drag something onto a cell and return what the cell says before it is let go."""
    data, place = Carried(what), QPoint(30, 30)
    cell.dragEnterEvent(QDragEnterEvent(place, COPY, data, LEFT, PLAIN))
    words = cell.mark.words if cell.mark.isVisibleTo(cell) else ""
    cell.dropEvent(QDropEvent(QPointF(place), COPY, data, LEFT, PLAIN))
    assert cell.mark.isHidden()
    return words


def listed(window: MainWindow, description: str) -> Series:
    return next(s for s in window.browser.listed() if s.series_description == description)


def names(window: MainWindow) -> list[str]:
    """Return what each place of the grid shows."""
    views = window.session.state.views[: window.session.state.layout.count]
    return [view.series.series_description if view.series else "" for view in views]


def test_a_layout_by_its_key_keeps_the_picture_and_tab_goes_round(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+4")
        assert names(window) == ["RCA", "", "", ""]
        assert [cell.isVisible() for cell in window.stage.grid.cells.values()] == [True] * 4
        window.stage.focus()
        for place in (1, 2, 3, 0):
            press(window, "Tab")
            assert window.session.state.active == place
            assert focused() is window.stage.grid.cells[place].viewport
        press(window, "Shift+Tab")
        window.controller.choose(listed(window, "LCA"))
        press(window, "Alt+2")
        assert names(window) == ["RCA", "LCA"]
        assert window.session.state.active == 1
        press(window, "Alt+1")
        assert names(window) == ["LCA"]

    drive(script, study)


def test_tab_leaves_a_single_viewport(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        window.stage.focus()
        press(window, "Tab")
        assert focused() is not window.stage.viewport

    drive(script, study)


def test_a_click_chooses_and_a_double_click_shows_one_alone(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        second = window.stage.grid.cells[1]
        qtbot.mouseClick(second.viewport, LEFT)
        assert second.active
        qtbot.mouseDClick(second.viewport, LEFT)
        assert window.stage.grid.cells[0].isHidden()
        assert second.geometry() == window.stage.grid.rect()
        press(window, "Tab")
        assert second.isHidden()
        press(window, "Return")
        assert second.isVisible()

    drive(script, study)


def test_a_series_is_dropped_where_it_is_wanted(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        cells = window.stage.grid.cells
        assert drop(cells[1], listed(window, "LCA")) == HERE
        assert names(window) == ["RCA", "LCA"]
        assert window.session.state.active == 1
        assert drop(cells[1], 0) == SWAP
        assert names(window) == ["LCA", "RCA"]
        assert drop(cells[1], 1) == ""
        press(window, "Ctrl+Shift+Left")
        assert names(window) == ["RCA", "LCA"]

    drive(script, study)


def test_another_patient_is_refused_in_a_sentence(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        assert drop(window.stage.grid.cells[1], listed(window, "Lung")) == REFUSED
        assert names(window) == ["RCA", ""]
        assert "another patient" in window.jobs.message.toolTip() + window.jobs.message.text()

    drive(script, study)


def test_each_patient_has_a_grid_of_its_own(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        drop(window.stage.grid.cells[1], listed(window, "LCA"))
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        window.session.update_view(frame=4)
        choose(qtbot, window, "Lung")
        assert names(window) == ["", "Lung"]
        press(window, "Alt+1")
        window.stage.tabs.setCurrentIndex(0)
        assert names(window) == ["RCA", "LCA"]
        assert window.session.state.views[1].frame == 4
        window.stage.tabs.setCurrentIndex(1)
        assert names(window) == ["Lung"]

    drive(script, study)


def test_a_picture_is_closed_and_comes_back_as_it_was(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        window.session.update_view(frame=7)
        press(window, "Del")
        assert window.session.view.series is None
        assert window.stage.grid.isVisible()
        window.controller.choose(listed(window, "RCA"))
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        assert window.session.view.frame == 7

    drive(script, study)


def test_the_bar_of_a_viewport_comes_with_the_pointer(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        cell = window.stage.grid.cells[0]
        hover(cell.viewport, 100, 200)
        assert cell.bar.isHidden()
        hover(cell.viewport, 100, 20)
        assert cell.bar.isVisible()
        qtbot.mouseClick(cell.bar.buttons["alone"], LEFT)
        assert window.session.state.alone == 0
        qtbot.mouseClick(cell.bar.buttons["close_viewport"], LEFT)
        assert names(window) == ["", ""]

    drive(script, study)


def test_a_viewport_in_a_window_of_its_own_follows_and_goes_back(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2")
        drop(window.stage.grid.cells[1], listed(window, "LCA"))
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        press(window, "Ctrl+Shift+I", "Ctrl+Shift+D")
        other = window.stage.grid.windows[1]
        assert other.isVisible()
        assert "Phantom" not in other.windowTitle()
        window.session.update(active=0)
        press(window, "Right")
        assert [view.frame for view in window.session.state.views[:2]] == [1, 1]
        viewport = window.stage.grid.cells[1].viewport
        qtbot.waitUntil(
            lambda: viewport.answer is not None and viewport.answer.request.index == 1, timeout=LONG
        )
        other.close()
        assert window.stage.grid.windows == {}
        assert window.stage.grid.cells[1].window() is window
        assert window.stage.grid.cells[1].isVisible()

    drive(script, study)


def test_full_screen_leaves_the_grid_alone(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+2", "F11")
        assert window.stage.bar.isHidden()
        assert all(window.stage.grid.cells[place].isVisible() for place in (0, 1))
        press(window, "Esc")
        assert window.stage.bar.isVisible()

    drive(script, study)


def test_layouts_are_saved_chosen_and_deleted(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def save(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Alt+4", "Ctrl+Shift+W", "Ctrl+Shift+L")
        dialog = window.desk.dialogs["layouts"]
        dialog.field.setText("Quad")
        qtbot.mouseClick(dialog.save, LEFT)
        assert list(window.layouts.saved) == ["Quad"]
        dialog.close()
        for name in ("link_window", "grid_1x3"):
            window.commands[name].trigger()

    def use(window: MainWindow) -> None:
        assert window.session.state.layout.columns == 3
        wait_for_picture(qtbot, window)
        window.commands["saved_layouts"].trigger()
        qtbot.mouseClick(window.desk.dialogs["layouts"].use, LEFT)
        assert window.session.state.layout.count == 4
        assert window.session.state.layout.links == {Link.WINDOW}
        window.commands["saved_layouts"].trigger()
        qtbot.mouseClick(window.desk.dialogs["layouts"].delete, LEFT)
        assert window.layouts.saved == {}

    drive(save, study)
    drive(use, study)
    assert load_settings()[0].layouts.current == "2x2 window"


def test_a_study_fills_the_grid(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        window.session.update_view(frame=5)
        press(window, "Ctrl+Shift+F")
        assert names(window) == ["LCA", "RCA"]
        assert window.session.state.active == 1
        assert window.session.view.frame == 5

    drive(script, study)


def test_the_loops_of_a_stress_echo_are_offered_and_play_in_step(
    qtbot: QtBot, drive: Drive, shared_data: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        offers, session = window.stage.offers, window.session
        assert "four loops" in offers.sentence.text()
        qtbot.mouseClick(offers.accept, LEFT)
        views = lambda: session.state.views[:4]  # noqa: E731 - read on one line
        qtbot.waitUntil(lambda: all(view.clip is not None for view in views()), timeout=LONG)
        numbers = [view.series.view_number for view in views() if view.series]
        assert numbers == [1, 2, 3, 4]
        assert offers.isHidden()
        window.commands["play"].trigger()
        told: set[tuple[int, ...]] = set()
        session.changed.connect(lambda _old, new: told.add(tuple(v.frame for v in new.views[:4])))
        qtbot.waitUntil(lambda: len(told) >= 8, timeout=LONG)
        assert all(len(set(frames)) == 1 for frames in told)
        cells = window.stage.grid.cells
        qtbot.waitUntil(lambda: all(views()[n].rate for n in range(4)), timeout=LONG)
        assert all(cells[n].viewport.answer is not None for n in range(4))

    drive(script, *sorted((shared_data / "dicom").glob("stress_echo_*")))
