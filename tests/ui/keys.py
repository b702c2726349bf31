"""Keys as a person presses them: they go to the window that is in front, not to a control."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.waiting import LONG
from xray_studio.ui.main_window import MainWindow

_LOOK = 20  # milliseconds between two looks at what is listed


def press(window: QWidget, *keys: str) -> None:
    """Press keys, one combination after the other; an open menu or the focus gets them."""
    for key in keys:
        combination = QKeySequence(key)[0]
        QTest.keyClick(window.windowHandle(), combination.key(), combination.keyboardModifiers())


def type_in(window: QWidget, text: str) -> None:
    """Type letters and figures."""
    for letter in text:
        QTest.keyClick(window.windowHandle(), letter)


def click_series(window: MainWindow, description: str) -> None:
    """Click a series in the browser, once it is listed."""
    view, model = window.browser.view, window.browser.model
    waited = 0
    while description not in _listed(window) and waited < LONG:
        QTest.qWait(_LOOK)
        waited += _LOOK
    index = model.index(_listed(window).index(description), 0)
    view.scrollTo(index)
    place = view.viewport().mapTo(window, view.visualRect(index).center())
    click(window, place)


def _listed(window: MainWindow) -> list[str]:
    rows = [row.series for row in window.browser.model.rows]
    return ["" if found is None else found.series_description for found in rows]


def click(window: QWidget, place: QPoint) -> None:
    """Click at a place of the window; what is there gets focus and click."""
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)


def focused() -> QWidget | None:
    """Return the control that has the focus."""
    return QApplication.focusWidget()
