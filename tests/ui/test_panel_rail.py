"""The rail of side panels: eight fit wherever the window does, by mouse and by keyboard."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import click, focused, press
from tests.ui.waiting import choose
from xray_studio.ui.look.theme import CAPTION, TEXT_SCALES, apply_theme, font
from xray_studio.ui.main_window import SMALLEST, MainWindow
from xray_studio.ui.panel_rail import LEAST, SMALL, Entry, PanelRail

EIGHT = (
    "Window", "Process", "Findings", "Heatmap", "Report", "Measure", "Tags", "Volume",
)  # fmt: skip
KEYS = (
    *(("Ctrl+Alt+2", "Processing"), ("Ctrl+Alt+3", "Findings"), ("Ctrl+Alt+6", "Measurements")),
    *(
        ("Ctrl+Alt+7", "Tags"),
        ("Ctrl+Tab", "Volume"),
        ("Ctrl+Tab", "Window"),
        ("Ctrl+Shift+Tab", "Volume"),
    ),
)
LOWEST = 330  # pixels that the smallest window leaves beside its pictures


def rail_of(qtbot: QtBot, height: int) -> PanelRail:
    rail = PanelRail([Entry(name, name, "tag", "") for name in EIGHT])
    qtbot.addWidget(rail)
    rail.resize(rail.sizeHint().width(), height)
    rail.show()
    return rail


def at(window: MainWindow, number: int) -> QPoint:
    tabs = window.side.tabs
    return tabs.mapTo(window, tabs.tabRect(number).center())


@pytest.mark.parametrize("text", [*TEXT_SCALES])
@pytest.mark.parametrize("height", [LOWEST, 420, 900])
def test_eight_panels_fit(qtbot: QtBot, text: str, height: int) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, text=text)
    rail = rail_of(qtbot, height)
    places = [rail.tabRect(number) for number in range(rail.count())]
    assert all(rail.rect().contains(place) for place in places)
    assert not any(one.intersects(two) for one, two in pairwise(places))
    if not rail.is_small:
        metrics = QFontMetrics(font(CAPTION))
        assert all(metrics.horizontalAdvance(name) < rail.width() for name in EIGHT)
    assert rail.is_small or height > LOWEST
    assert not rail.is_small or height < 900


def test_captions_give_way_in_a_narrow_window_and_come_back(qtbot: QtBot) -> None:
    rail = rail_of(qtbot, 900)
    assert rail.sizeHint().width() >= LEAST
    rail.set_narrow(narrow=True)
    assert rail.sizeHint().width() == rail.tabRect(6).width() == SMALL
    rail.set_narrow(narrow=False)
    assert rail.tabRect(6).width() >= LEAST


def test_the_rail_by_mouse(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.side.show()
        side, tags = window.side, EIGHT.index("Tags")
        click(window, at(window, tags))
        assert side.stack.currentWidget() is window.tags_panel
        assert side.heading.text() == "Tags"
        click(window, at(window, tags))
        assert side.isHidden()
        click(window, at(window, tags))
        assert side.isVisible()
        press(window, "Ctrl+J")
        click(window, at(window, 0))
        assert side.isVisible()
        assert side.heading.text() == "Window"

    drive(script)


def test_the_rail_by_keyboard(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.side.show()
        side, rail = window.side, window.side.tabs
        for key, title in KEYS:
            press(window, key)
            assert side.heading.text() == title
            focus = focused()
            assert focus is not None
            assert side.isAncestorOf(focus), key
        rail.setFocus(Qt.FocusReason.TabFocusReason)
        press(window, "Home", "Down", "Return")
        assert side.heading.text() == "Processing"
        assert window.steps_panel.isAncestorOf(focused())
        press(window, "Ctrl+J")
        rail.setFocus(Qt.FocusReason.TabFocusReason)
        press(window, "End")
        assert side.isVisible()
        assert side.heading.text() == "Volume"
        window.stage.focus()
        press(window, "Ctrl+Tab")
        assert window.stage.isAncestorOf(focused())

    drive(script, study)


def test_every_panel_has_a_name_and_tells_its_key(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        rail = window.side.tabs
        face = QAccessible.queryAccessibleInterface(rail)
        names = [face.child(n).text(QAccessible.Text.Name) for n in range(rail.count())]
        assert names == [
            "Window", "Processing", "Findings", "Heatmap", "Report", "Measurements", "Tags",
            "Volume",
        ]  # fmt: skip
        assert rail.tabToolTip(2) == "Findings (Ctrl+Alt+3)"
        window.session.change_settings("keys", changed=(("show_findings", "Ctrl+Alt+9"),))
        assert rail.tabToolTip(2) == "Findings (Ctrl+Alt+9)"

    drive(script)


def test_the_smallest_window_shows_the_whole_rail(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.resize(*SMALLEST)
        rail = window.side.tabs
        rail.parentWidget().layout().activate()
        inside = QRect(rail.mapTo(window, QPoint(0, 0)), rail.size())
        assert window.rect().contains(inside)
        assert rail.rect().contains(rail.tabRect(rail.count() - 1))

    drive(script)
