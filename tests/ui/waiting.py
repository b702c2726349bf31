"""What window tests wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from xray_studio.ui.main_window import MainWindow

LONG = 60_000  # milliseconds: far more than ever needed, so that a busy machine fails no test


class PatientBot(QtBot):
    """The robot of pytest-qt, whose own five seconds a busy machine can need."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = LONG) -> None:  # noqa: N802 - its name there
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = LONG, **more: Any) -> SignalBlocker:  # noqa: N802 - its name there
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitActive(self, widget: QWidget, *, timeout: int = LONG) -> Any:  # noqa: N802 - its name there
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = LONG) -> Any:  # noqa: N802 - its name there
        return super().waitExposed(widget, timeout=timeout)


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
