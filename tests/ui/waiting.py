"""What window tests wait for."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from xray_studio.ui.main_window import MainWindow

LONG = 30_000  # milliseconds: far more than ever needed, so that a busy machine fails no test


def scanned(window: MainWindow) -> bool:
    """Tell whether everything that was opened has been looked through."""
    state = window.session.state
    return bool(state.opened) and not state.scanning


def shown(window: MainWindow) -> bool:
    """Tell whether a picture is on screen."""
    return window.session.view.clip is not None and window.stage.viewport.answer is not None


def wait_for_picture(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the scan has ended and a picture is on screen."""
    qtbot.waitUntil(lambda: scanned(window) and shown(window), timeout=LONG)


def choose(qtbot: QtBot, window: MainWindow, description: str) -> None:
    """Show the series with a description."""
    wait_for_picture(qtbot, window)
    found = (s for s in window.browser.listed() if s.series_description == description)
    window.controller.choose(next(found))
    qtbot.waitUntil(lambda: shown(window), timeout=LONG)
