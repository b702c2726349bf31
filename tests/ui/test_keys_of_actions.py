"""Every key of the window, pressed in the real program, does what its action says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import choose, wait_for_picture
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay, Window
from xray_studio.services.settings import load_settings
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.view import View

TALLEST = 620  # pixels, letters of the usual size


def press(qtbot: QtBot, widget: QWidget, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def presentation(name: str) -> Callable[[MainWindow], Any]:
    return lambda window: getattr(window.session.view.presentation, name)


def cine(name: str) -> Callable[[MainWindow], Any]:
    return lambda window: getattr(window.session.view.cine, name)


def state(name: str) -> Callable[[MainWindow], Any]:
    return lambda window: getattr(window.session.state, name)


def view(name: str) -> Callable[[MainWindow], Any]:
    return lambda window: getattr(window.session.view, name)


def width(window: MainWindow) -> float:
    voi = window.session.view.presentation.voi
    assert voi is not None
    assert not isinstance(voi, int)
    return voi.width


# Keys pressed one after the other, what is looked at, and what it is then.
PRESSED: list[tuple[str, Callable[[MainWindow], Any], Any]] = [
    ("Ctrl+1", presentation("zoom"), 1.0),
    ("F", presentation("zoom"), None),
    ("O", state("overlay"), Overlay.NONE),
    ("O", state("overlay"), Overlay.ALL),
    ("Ctrl+I", state("identity_hidden"), True),
    ("Ctrl+I", state("identity_hidden"), False),
    ("Z", state("tool"), "zoom"),
    ("P", state("tool"), "pan"),
    ("W", state("tool"), "window"),
    ("I", presentation("invert"), True),
    ("R", presentation("rotation"), 90),
    ("L", presentation("rotation"), 0),
    ("H", presentation("flip_horizontal"), True),
    ("V", presentation("flip_vertical"), True),
    ("Shift+R", presentation("flip_vertical"), False),
    ("2", width, 1000.0),
    ("1", width, 3000.0),
    ("Shift+F", presentation("voi"), None),
    ("Right", view("frame"), 1),
    ("Down", view("frame"), 2),
    ("Left", view("frame"), 1),
    ("Up", view("frame"), 0),
    ("End", view("frame"), 11),
    ("Home", view("frame"), 0),
    ("Right", view("frame"), 1),
    ("[", cine("first"), 1),
    ("End", view("frame"), 11),
    ("Left", view("frame"), 10),
    ("]", cine("last"), 10),
    ("\\", cine("last"), 11),
    ("-", cine("speed"), 0.75),
    ("+", cine("speed"), 1.0),
    ("=", cine("speed"), 1.5),
    ("Shift+L", cine("loop"), Loop.PING_PONG),
    ("Space", cine("playing"), True),
    ("Space", cine("playing"), False),
    ("C", cine("playing"), True),
    ("C", cine("playing"), False),
    ("Ctrl+B", lambda window: window.browser.isVisible(), False),
    ("Ctrl+B", lambda window: window.browser.isVisible(), True),
    ("Ctrl+J", lambda window: window.side.isVisible(), False),
    ("Ctrl+J", lambda window: window.side.isVisible(), True),
    ("F11", lambda window: (window.isFullScreen(), window.header.isVisible()), (True, False)),
    ("Esc", lambda window: (window.isFullScreen(), window.header.isVisible()), (False, True)),
    ("Ctrl+F", lambda window: window.browser.search.hasFocus(), True),
]


def test_keys_act_on_the_picture(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        viewport = window.stage.viewport
        viewport.setFocus()
        for keys, look, wanted in PRESSED:
            press(qtbot, viewport, keys)
            assert look(window) == wanted, keys

    drive(script, study)


def test_zoom_keys_magnify_and_reduce(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        press(qtbot, window.stage.viewport, "Ctrl+1")
        press(qtbot, window.stage.viewport, "Ctrl++")
        zoom = window.session.view.presentation.zoom
        assert zoom is not None
        assert zoom > 1.0
        press(qtbot, window.stage.viewport, "Ctrl+-")
        assert window.session.view.presentation.zoom == pytest.approx(1.0)

    drive(script, study)


def test_the_automatic_window_is_found_in_the_background(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        before = window.session.view.presentation.voi
        press(qtbot, window.stage.viewport, "0")
        qtbot.waitUntil(lambda: window.session.view.presentation.voi != before)
        assert not window.session.view.auto_window

    drive(script, study)


def test_number_keys_choose_presets_and_the_menu_names_them(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        preset = window.commands["window_3"]
        assert preset.isVisible()
        press(qtbot, window.stage.viewport, "3")
        voi = window.session.view.presentation.voi
        assert preset.text() == getattr(voi, "explanation", None)

    drive(script, study)


def test_page_keys_go_through_the_series(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        seen = []
        for keys in ("PgDown", "PgDown", "PgDown", "PgUp"):
            press(qtbot, window.stage.viewport, keys)
            seen.append(description(window.session.view))
        assert seen == ["RCA", "Lung", "Lung", "RCA"]

    drive(script, study)


def description(view: View) -> str:
    assert view.series is not None
    return view.series.series_description


def test_f6_visits_the_areas_in_turn(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.stage.viewport.setFocus()
        stage = window.stage
        sides = [window.side.tabs, window.side, window.header, window.browser]
        areas = [stage.cine, stage.bar, *sides]
        for area in (*areas, stage.viewport):
            press(qtbot, window, "F6")
            focused = window.focusWidget()
            assert area is focused or area.isAncestorOf(focused), area

    drive(script, study)


def test_letters_typed_into_a_field_stay_there(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.browser.search.focus()
        qtbot.keyClicks(window.browser.search, "i r")
        assert window.browser.search.text() == "i r"
        assert not window.session.view.presentation.invert

    drive(script, study)


def test_space_on_a_button_presses_the_button(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        button = window.header.tools["invert"]
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert window.session.view.presentation.invert
        assert not window.session.view.cine.playing

    drive(script, study)


def test_actions_that_make_no_sense_are_not_offered(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        assert not window.commands["play"].isEnabled()
        window.open([str(study / "slice0")])
        wait_for_picture(qtbot, window)
        assert window.commands["fit"].isEnabled()
        assert not window.commands["play"].isEnabled()
        assert not window.commands["window_2"].isVisible()
        assert not window.commands["real_time"].isEnabled()

    drive(script)


def listed_in(menu: QMenu) -> set[str]:
    """Return the names of the actions of a menu and of the menus below it."""
    below = [found for a in menu.actions() if isinstance(found := a.menu(), QMenu)]
    return {a.objectName() for a in menu.actions()}.union(*map(listed_in, below))


def test_every_action_is_in_a_menu(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        listed = {name for menu in window.header.menus.values() for name in listed_in(menu)}
        assert {action.objectName() for action in window.commands} <= listed

    drive(script)


def test_no_menu_is_taller_than_a_small_screen(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        menus = list(window.header.menus.values())
        below = [found for menu in menus for found in menu.findChildren(QMenu)]
        assert len(below) > 6
        for menu in (*menus, *below):
            assert menu.sizeHint().height() <= TALLEST, menu.title()

    drive(script, study)


def test_a_submenu_names_its_actions_where_they_need_it(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        called = {spec.name: spec.called(spec.text) for _, spec in window.commands.specs()}
        assert called["theme_dark"] == "Theme: Dark"
        assert called["zoom_tool"] == "Zoom tool"
        assert called["export"] == "Export clip"

    drive(script)


def test_toolbar_buttons_do_what_their_actions_do(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        tools = window.header.tools
        shown = window.session
        for name, look in (
            ("zoom_tool", lambda: shown.state.tool == "zoom"),
            ("pan_tool", lambda: shown.state.tool == "pan"),
            ("window_tool", lambda: shown.state.tool == "window"),
            ("actual_size", lambda: shown.view.presentation.zoom == 1.0),
            ("fit", lambda: shown.view.presentation.zoom is None),
            ("rotate_left", lambda: shown.view.presentation.rotation == 270),
            ("rotate_right", lambda: shown.view.presentation.rotation == 0),
            ("mirror", lambda: shown.view.presentation.flip_horizontal),
            ("flip", lambda: shown.view.presentation.flip_vertical),
            ("invert", lambda: shown.view.presentation.invert),
            ("reset", lambda: not shown.view.presentation.invert),
            ("corner_text", lambda: shown.state.overlay is Overlay.NONE),
        ):
            qtbot.mouseClick(tools[name], Qt.MouseButton.LeftButton)
            assert look(), name
            action = window.commands[name]
            assert tools[name].isChecked() == (action.isCheckable() and action.isChecked())
        qtbot.mouseClick(tools["open_folder"], Qt.MouseButton.LeftButton)
        assert "open" in window.desk.dialogs

    drive(script, study)


def test_the_direction_of_dragging_is_a_setting(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def level_after_dragging_up(window: MainWindow) -> float:
        window.commands["reset"].trigger()
        viewport = window.stage.viewport
        middle = viewport.rect().center()
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseMove(viewport, middle - QPoint(0, 40))
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 40))
        voi = window.session.view.presentation.voi
        assert isinstance(voi, Window)
        return voi.center

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        assert level_after_dragging_up(window) > 2000
        window.commands["level_up"].trigger()
        assert level_after_dragging_up(window) < 2000

    drive(script, study)
    assert not load_settings()[0].viewing.level_up


def test_the_right_button_opens_a_menu(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        qtbot.mouseClick(window.stage.viewport, Qt.MouseButton.RightButton)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert window.commands["invert"] in menu.actions()
        assert window.commands["export"] in menu.actions()
        menu.close()

    drive(script, study)
