"""Menus that are not in the table of actions: recent paths, and the one of the right button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from xray_studio.ui.actions import soften


def fill_recent(
    menu: QMenu,
    paths: Sequence[str],
    open_paths: Callable[[list[str]], object],
    clear: Callable[[], object],
) -> None:
    """List the paths opened before; the menu cannot be opened while there are none."""
    menu.clear()
    menu.setEnabled(bool(paths))
    for path in paths:
        menu.addAction(path.replace("&", "&&"), partial(open_paths, [path]))
    menu.addSeparator()
    menu.addAction("Clear this list", clear)


def open_menu(groups: Sequence[Sequence[QAction]], place: QPoint, owner: QWidget) -> QMenu:
    """Open a menu of groups of actions at a place of the screen; it goes when it is closed."""
    menu = QMenu(owner)
    soften(menu)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in groups:
        menu.addActions(list(group))
        menu.addSeparator()
    menu.popup(place)
    return menu
