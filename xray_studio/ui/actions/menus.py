"""Menus that are not in the table of actions: recent paths, and the one of the right button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from xray_studio.ui.actions.actions import soften
from xray_studio.ui.widgets.recent_list import recent_words


def fill_recent(
    menu: QMenu,
    paths: Sequence[str],
    open_paths: Callable[[list[str]], object],
    clear: Callable[[], object],
    *,
    hidden: bool = False,
) -> None:
    """List the paths opened before, their numbers only while identity is `hidden`.

    The menu cannot be opened while there are none.
    """
    menu.clear()
    menu.setEnabled(bool(paths))
    for number, path in enumerate(paths, 1):
        words = recent_words(number) if hidden else path
        menu.addAction(words.replace("&", "&&"), partial(open_paths, [path]))
    menu.addSeparator()
    menu.addAction("Clear this list", clear)


def menu_of(title: str, actions: Sequence[QAction], owner: QWidget) -> QMenu:
    """Return a menu of actions for a button."""
    menu = QMenu(title, owner)
    soften(menu)
    menu.addActions(list(actions))
    return menu


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
