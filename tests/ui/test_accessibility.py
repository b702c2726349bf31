"""Every control has a name for assistive tools and can be reached with the keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
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
from tests.ui.waiting import choose
from xray_studio.ui.main_window import MainWindow

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
        for name, action in (
            ("export", "export"),
            ("skipped", "skipped"),
            ("keys", "keys"),
            ("about", "about"),
            ("find", "find_action"),
        ):
            window.commands[action].trigger()
            dialog = window.desk.dialogs[name]
            assert nameless(dialog) == [], name
            dialog.reject()

    drive(script, study)


def test_tab_goes_round_the_window(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.stage.viewport.setFocus()
        visited: list[QWidget] = []
        focused = window.focusWidget()
        while focused is not None and focused not in visited and len(visited) < 200:
            visited.append(focused)
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
            focused = window.focusWidget()
        for wanted in (window.browser.search, window.browser.view, window.header.export):
            assert wanted in visited

    drive(script, study)
