"""Every control has a name for assistive tools and can be reached with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QLineEdit,
    QProgressBar,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import focused, press
from tests.ui.waiting import LONG, choose
from xray_studio.ui.main_window import MainWindow

FAR = 64  # grey levels by which a pixel is another one
RING = 80  # pixels that make a ring: round the handle of a slider there are not many more
DIALOGS = (
    ("export", "export"),
    ("skipped", "skipped"),
    ("keys", "keys"),
    ("about", "about"),
    ("find", "find_action"),
    ("settings", "settings"),
    ("keymap", "edit_keys"),
    ("display_check", "check_display"),
    ("motion", "motion"),
    ("send", "send"),
    ("nodes", "nodes"),
    ("queue", "send_queue"),
    ("fetch", "find_in_archive"),
)
CONTROLS = (QAbstractButton, QLineEdit, QAbstractSlider, QAbstractItemView, QTabBar, QProgressBar)


def controls(inside: QWidget) -> list[QWidget]:
    """Return the controls that can be seen, without the parts that Qt makes itself."""
    found = (w for w in inside.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisible())
    return [w for w in found if not isinstance(w, QScrollBar) and not _is_part(w)]


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(widget, QToolButton) and isinstance(parent, (QLineEdit, QTabBar))


def nameless(inside: QWidget) -> list[str]:
    return [
        f"{type(w).__name__} in {type(w.parentWidget()).__name__}"
        for w in controls(inside)
        if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text().strip()))
    ]


def unreachable(inside: QWidget) -> list[str]:
    return [
        w.accessibleName() or type(w).__name__
        for w in controls(inside)
        if not isinstance(w, QProgressBar)
        and w.isEnabled()
        and not w.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def speechless(inside: QWidget) -> list[str]:
    """Return what can have the focus and tells assistive tools neither what it is nor its name."""
    found = []
    for widget in inside.findChildren(QWidget):
        if not widget.isVisible() or not widget.focusPolicy() or _is_part(widget):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        name = face.text(QAccessible.Text.Name) if face is not None else ""
        if not name.strip() or face.role() == QAccessible.Role.NoRole:
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def spoken(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Description) -> str:
    return str(QAccessible.queryAccessibleInterface(widget).text(what))


def test_whatever_has_the_focus_says_what_it_is(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        window.side.show()
        assert speechless(window) == []
        window.open([str(study)])
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2)
        for panel in range(window.side.stack.count()):
            window.side.show_panel(panel)
            assert speechless(window) == []
        for name, action in DIALOGS:
            window.commands[action].trigger()
            assert speechless(window.desk.dialogs[name]) == [], name
            window.desk.dialogs[name].reject()

    drive(script, study)


def test_a_viewport_is_told_in_words(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        viewport = window.stage.viewport
        assert spoken(viewport, QAccessible.Text.Name) == "Viewport, empty"
        window.open([str(study)])
        choose(qtbot, window, "LCA")
        name = spoken(viewport, QAccessible.Text.Name)
        assert name == "Viewport, Run 1 · LCA, Phantom, Coronary"
        assert spoken(viewport) == "frame 1 of 12, window 3000, level 2000"
        for action in ("next_frame", "invert", "rotate_right", "mirror", "actual_size"):
            window.commands[action].trigger()
        words = spoken(viewport)
        for part in ("frame 2 of 12", "inverted", "rotated by 90", "flipped left", "100 percent"):
            assert part in words
        window.commands["hide_identity"].trigger()
        assert "Phantom" not in spoken(viewport, QAccessible.Text.Name)
        window.commands["play"].trigger()
        assert "playing 12 frames" in spoken(viewport)

    drive(script)


def test_the_timeline_is_a_slider_of_frames(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        timeline = window.stage.cine.timeline
        face = QAccessible.queryAccessibleInterface(timeline)
        assert face.role() == QAccessible.Role.Slider
        values = face.valueInterface()
        assert (values.minimumValue(), values.maximumValue()) == (0, 11)
        timeline.setFocus()
        press(window, "Right", "Right")
        assert window.session.view.frame == values.currentValue() == 2
        press(window, "End")
        assert window.session.view.frame == 11
        assert spoken(timeline).startswith("frame 12 of 12")

    drive(script, study)


def test_the_row_on_which_keys_act_is_told(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        assert spoken(window.browser.view).startswith("Run 1 · LCA")
        assert " of " in spoken(window.browser.view)

    drive(script, study)


def reachable(window: MainWindow) -> set[QWidget]:
    """Return what Tab, and the arrows of lists and tabs, can give the focus."""
    return set(tab_round(window))


def test_every_control_is_reached_with_tab(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        window.side.show()
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2)
        qtbot.waitUntil(lambda: window.session.view.histogram is not None, timeout=LONG)
        for panel in range(window.side.stack.count()):
            window.side.show_panel(panel)
            if window.tags_panel.isVisible():
                qtbot.waitUntil(window.tags_panel.view.isVisible, timeout=LONG)
            if window.report_panel.isVisible():  # its buttons come with the engines
                qtbot.waitUntil(lambda: bool(window.session.state.reporting.engines), timeout=LONG)
            if window.heatmap_panel.isVisible():  # so do its detectors
                qtbot.waitUntil(lambda: bool(window.session.state.looks.offers), timeout=LONG)
            visited = reachable(window)
            missed = [
                w.accessibleName() or type(w).__name__
                for w in controls(window)
                if w.isEnabled() and w not in visited and not isinstance(w, QProgressBar)
            ]
            assert missed == []

    drive(script, study)


def test_areas_go_round_and_escape_leads_back(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        window.side.show()
        choose(qtbot, window, "LCA")
        window.stage.focus()
        visited = []
        for _ in range(8):
            press(window, "F6")
            visited.append(focused())
        for area in (window.browser, window.side, window.header, window.stage.cine):
            assert any(w is not None and area.isAncestorOf(w) for w in visited)
        assert window.stage.viewport in visited
        window.browser.search.setFocus()
        press(window, "Esc")
        assert focused() is window.stage.viewport

    drive(script, study)


def test_controls_of_the_window_have_names(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        assert nameless(window) == []
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2)
        for panel in range(window.side.stack.count()):
            window.side.show_panel(panel)
            assert nameless(window) == []
            assert unreachable(window) == []

    drive(script, study)


def test_controls_of_dialogs_have_names(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        for name, action in DIALOGS:
            window.commands[action].trigger()
            dialog = window.desk.dialogs[name]
            assert nameless(dialog) == [], name
            dialog.reject()

    drive(script, study)


def tab_round(window: MainWindow) -> Iterator[QWidget]:
    """Press Tab until every control that it leads to has had the focus once."""
    visited: list[QWidget] = []
    press(window, "Tab")
    while (control := focused()) is not None and control not in visited:
        visited.append(control)
        yield control
        control.setFocus()
        press(window, "Tab")


def test_tab_goes_round_the_window(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.stage.viewport.setFocus()
        visited = list(tab_round(window))
        for wanted in (window.browser.search, window.browser.view, window.header.export):
            assert wanted in visited
        assert visited.index(window.browser.search) < visited.index(window.browser.view)

    drive(script, study)


def picture(window: MainWindow, control: QWidget) -> npt.NDArray[np.int16]:
    """Return what is seen of a control with a little of what is round it."""
    place = QRect(control.mapTo(window, control.rect().topLeft()), control.size())
    image = window.grab(place.adjusted(-4, -4, 4, 4)).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].astype(np.int16).reshape(-1, 3)


def shows_focus(window: MainWindow, control: QWidget) -> bool:
    """Tell whether a control looks different, at a glance, when Tab has led to it."""
    control.setFocus(Qt.FocusReason.TabFocusReason)
    with_focus = picture(window, control)
    control.clearFocus()
    difference = np.abs(with_focus - picture(window, control)).max(axis=1)
    return bool((difference > FAR).sum() >= RING)


def ringless(window: MainWindow) -> list[str]:
    return [
        f"{type(control).__name__} {control.accessibleName()}"
        for control in tab_round(window)
        if not shows_focus(window, control)
    ]


def test_every_stop_of_tab_shows_that_it_has_the_focus(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        assert ringless(window) == []
        window.open([str(study)])
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2)
        for series in window.browser.listed():
            qtbot.waitUntil(lambda s=series: window.thumbnails.get(s) is not None, timeout=LONG)
        qtbot.waitUntil(lambda: window.session.view.histogram is not None, timeout=LONG)
        for panel in range(window.side.stack.count()):
            window.side.show_panel(panel)
            assert ringless(window) == []

    drive(script)
