"""The window by keyboard alone: keys reach the picture from wherever they are pressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import click, click_series, focused, press, type_in
from tests.ui.waiting import LONG, choose, wait_for_picture
from xray_studio.ui.main_window import MainWindow


def on_screen(window: MainWindow) -> str:
    series = window.session.view.series
    return "" if series is None else series.series_description


def click_into(window: MainWindow, field: QLineEdit) -> None:
    click(window, field.mapTo(window, field.rect().center()))
    assert focused() is field


# -- the list of series


def test_after_a_click_on_a_series_the_keys_mean_its_picture(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        click_series(window, "RCA")
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        assert focused() is window.browser.view
        frames = []
        for key in ("Right", "Right", "Left", "End", "Home"):
            press(window, key)
            frames.append(window.session.view.frame)
        assert frames == [1, 2, 1, 11, 0]
        press(window, "Space")
        assert window.session.view.cine.playing
        press(window, "Space")
        assert not window.session.view.cine.playing
        assert on_screen(window) == "RCA"

    drive(script, study)


def test_the_list_keeps_up_and_down_and_enter_leads_to_the_picture(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        click_series(window, "LCA")
        press(window, "Down")
        assert (on_screen(window), window.session.view.frame) == ("RCA", 0)
        press(window, "Up")
        assert on_screen(window) == "LCA"
        assert focused() is window.browser.view
        press(window, "Return")
        assert focused() is window.stage.viewport

    drive(script, study)


def test_letters_do_not_look_for_a_row(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        click_series(window, "Lung")
        type_in(window, "j")  # no action has this key
        press(window, "Home", "Space")  # a still has no frames to go through
        assert on_screen(window) == "Lung"
        assert window.browser.view.currentIndex().data().startswith("Lung")

    drive(script, study)


# -- fields


def test_enter_takes_a_number_and_gives_the_keys_back_to_the_picture(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        click_into(window, window.side.stack.widget(0).width_value.edit)
        press(window, "Ctrl+A")
        type_in(window, "1234")
        press(window, "Return")
        assert getattr(window.session.view.presentation.voi, "width", None) == 1234
        assert focused() is window.stage.viewport
        press(window, "Space")
        assert window.session.view.cine.playing
        press(window, "Space", "I")
        assert window.session.view.presentation.invert

    drive(script, study)


def test_esc_puts_a_number_back_and_gives_the_keys_back_to_the_picture(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        before = window.session.view.presentation
        edit = window.side.stack.widget(0).center.edit
        shown = edit.text()
        click_into(window, edit)
        type_in(window, "77")
        assert edit.text() != shown
        press(window, "Esc")
        assert edit.text() == shown
        assert focused() is window.stage.viewport
        assert window.session.view.presentation == before

    drive(script, study)


def test_the_frame_field_is_left_with_enter_and_esc(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        field = window.stage.cine.frame
        for keys, frame in (("Return", 6), ("Esc", 6), ("Enter", 1)):
            click_into(window, field)
            press(window, "Ctrl+A")
            type_in(window, "2" if keys != "Return" else "7")
            press(window, keys)
            assert (window.session.view.frame, field.text()) == (frame, str(frame + 1))
            assert focused() is window.stage.viewport

    drive(script, study)


def test_esc_in_a_field_leaves_the_full_screen_only_when_pressed_again(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        press(window, "F11")
        window.stage.cine.frame.setFocus()
        press(window, "Esc")
        assert window.isFullScreen()
        assert focused() is window.stage.viewport
        press(window, "Esc")
        assert not window.isFullScreen()

    drive(script, study)


@pytest.mark.parametrize("place", ["series", "tags"])
def test_esc_clears_a_search_and_then_leaves_it(
    qtbot: QtBot, drive: Drive, study: Path, place: str
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.side.show_widget(window.tags_panel)
        search = {"series": window.browser.search, "tags": window.tags_panel.search}
        field = search[place]
        click_into(window, field)
        type_in(window, "xyz")
        press(window, "Esc")
        assert (field.text(), focused()) == ("", field)
        press(window, "Esc")
        assert focused() is window.stage.viewport

    drive(script, study)


def test_keys_with_ctrl_work_in_a_field_and_editing_ones_edit(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        field = window.browser.search
        for keys, name in (("Ctrl+E", "export"), ("Ctrl+K", "find"), ("Ctrl+O", "open")):
            click_into(window, field)
            press(window, keys)
            assert name in window.desk.dialogs, keys
            window.desk.dialogs[name].reject()
            with qtbot.waitActive(window):
                window.activateWindow()
        click_into(window, field)
        type_in(window, "one two")
        press(window, "Ctrl+A", "Ctrl+C", "Ctrl+X")
        assert field.text() == ""
        press(window, "Ctrl+V", "Ctrl+Z")
        assert field.text() == ""
        press(window, "Ctrl+V", "Ctrl+Left", "Ctrl+Backspace")
        assert field.text() == "two"

    drive(script, study)


# -- search


def test_a_search_is_finished_with_enter(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        press(window, "Ctrl+F")
        type_in(window, "thor")
        press(window, "Return")
        assert on_screen(window) == "Lung"
        assert focused() is window.stage.viewport

    drive(script, study)


def test_enter_stays_in_a_search_without_result_or_words(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Ctrl+F", "Return", "Up")
        assert focused() is window.browser.search
        type_in(window, "antom")  # no word begins so
        press(window, "Return", "Down")
        assert window.browser.listed() == []
        assert focused() is window.browser.search
        assert on_screen(window) == "RCA"

    drive(script, study)


def test_down_leads_from_the_search_into_the_list(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        press(window, "Ctrl+F")
        type_in(window, "XA")
        press(window, "Down")
        assert [series.modality for series in window.browser.listed()] == ["XA", "XA"]
        assert focused() is window.browser.view
        assert on_screen(window) == "LCA"
        press(window, "Down")
        assert on_screen(window) == "RCA"

    drive(script, study)


def test_down_does_not_leave_the_series_on_screen(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        press(window, "Ctrl+F", "Down")
        assert focused() is window.browser.view
        assert on_screen(window) == "RCA"

    drive(script, study)


def test_tab_into_a_list_of_other_series_opens_none_of_them(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        press(window, "Ctrl+F")
        type_in(window, "lca")
        qtbot.waitUntil(lambda: len(window.browser.listed()) == 1)
        press(window, "Tab")
        assert focused() is window.browser.view
        assert window.browser.view.currentIndex().row() == 0
        assert on_screen(window) == "Lung"
        press(window, "Down")
        assert on_screen(window) == "LCA"

    drive(script, study)


def test_down_leads_from_the_search_to_the_tags(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.side.show_widget(window.tags_panel)
        panel = window.tags_panel
        qtbot.waitUntil(panel.view.isVisible, timeout=LONG)
        click_into(window, panel.search)
        type_in(window, "patient")
        press(window, "Down")
        assert focused() is panel.view
        assert panel.view.currentIndex().row() == 0
        press(window, "Space")
        assert window.session.view.cine.playing

    drive(script, study)


# -- menus


def open_menu() -> QMenu | None:
    popup = QApplication.activePopupWidget()
    assert popup is None or isinstance(popup, QMenu)
    return popup


def test_alt_and_a_letter_open_the_menus(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        for name, menu in window.header.menus.items():
            press(window, f"Alt+{name[0]}")
            assert open_menu() is menu
            press(window, "Esc", "Esc")
            assert open_menu() is None

    drive(script, study)


def test_alt_and_a_letter_type_nothing_into_a_field(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        click_into(window, window.browser.search)
        press(window, "Alt+F")
        assert open_menu() is window.header.menus["File"]
        press(window, "Esc", "Esc", "Alt+Q")
        assert window.browser.search.text() == ""

    drive(script, study)


def test_f10_opens_the_menus_and_arrows_walk_through_them(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        press(window, "F10")
        menu = window.header.menus["File"]
        assert open_menu() is menu
        assert menu.activeAction() is window.commands["open_folder"]
        press(window, "Right")
        assert open_menu() is window.header.menus["View"]
        press(window, "Left", "Left", "Left")  # round the end of the bar
        assert open_menu() is window.header.menus["Cine"]
        press(window, "Return")  # Play or pause
        qtbot.waitUntil(lambda: window.session.view.cine.playing)

    drive(script, study)


def test_f10_leaves_the_full_screen_which_has_no_menus(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        press(window, "F11", "F10")
        assert not window.isFullScreen()
        assert open_menu() is window.header.menus["File"]
        press(window, "Esc")

    drive(script, study)


# -- where the keyboard goes


class Windows(QObject):
    """Notes what comes up as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        if event.type() == QEvent.Type.Show and isinstance(watched, QWindow):
            self.shown.append(watched.objectName())
        return False


def test_no_window_takes_the_keys_away_while_series_change_quickly(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        windows = Windows()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(windows)
        click_series(window, "LCA")
        for _ in range(5):
            press(window, "Down")
            QApplication.processEvents()
            press(window, "Up")
        choose(qtbot, window, "LCA")
        app.removeEventFilter(windows)
        assert windows.shown == []
        assert focused() is window.browser.view

    drive(script, study)
