"""Keys: how they are written for people, which ones clash, and whom a key belongs to.

Plain keys (Space, arrows, letters) work everywhere in the window, except where the control that
has the focus uses them itself: a button its Space, a list its arrows, a field its letters. Keys
with Ctrl work in fields too, except those that edit what is typed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QTabBar,
    QWidget,
)

from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.widgets.row_view import RowView
from xray_studio.ui.widgets.search_field import SearchField

_UP_DOWN = {Qt.Key.Key_Up, Qt.Key.Key_Down}
_ARROWS = _UP_DOWN | {Qt.Key.Key_Left, Qt.Key.Key_Right}
_ENDS = {Qt.Key.Key_Home, Qt.Key.Key_End}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_TABS = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
_LEAVE = _ENTER | {Qt.Key.Key_Escape}
# The first kind that a control is of holds the keys it uses.
_OWN: tuple[tuple[type[QObject], frozenset[Qt.Key]], ...] = (
    (RowView, frozenset(_UP_DOWN | _ENTER)),
    (QAbstractItemView, frozenset(_ARROWS | _ENDS | _ENTER)),
    (QAbstractSlider, frozenset(_ARROWS | _ENDS)),
    (QTabBar, frozenset(_ARROWS)),
    (QAbstractButton, frozenset(_ARROWS | _ENTER | {Qt.Key.Key_Space})),
    (SearchField, frozenset(_UP_DOWN | _LEAVE)),
    (QLineEdit, frozenset(_LEAVE)),
)
_EDITING = {
    *(Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Z, Qt.Key.Key_Y),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, *_ENDS),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Insert),
}
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def written(keys: str) -> str:
    """Return the first of keys separated by spaces, as tooltips name it, "" for none."""
    text = QKeySequence(keys.partition(" ")[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return {
        "PgUp": "Page Up",
        "PgDown": "Page Down",
        "Left": "←",
        "Right": "→",
        "Up": "↑",
        "Down": "↓",
    }.get(text, text)


def clashes(keys: Iterable[str]) -> list[str]:
    """Return the keys that are given more than once."""
    counted = Counter(QKeySequence(key).toString() for key in keys)
    return sorted(key for key, count in counted.items() if count > 1)


def belongs_to_control(control: QObject, event: QKeyEvent) -> bool:
    """Tell whether a control uses a key itself, so that it is no shortcut while it has focus."""
    if event.key() in _TABS and not event.modifiers() & _CTRL:
        return not isinstance(control, Viewport)
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    own = next((keys for kind, keys in _OWN if isinstance(control, kind)), frozenset())
    return Qt.Key(event.key()) in own


def belongs_to_window(control: QObject, event: QKeyEvent) -> bool:
    """Tell whether a key with Ctrl is a shortcut, although a field would take it.

    On some systems Ctrl+E and Ctrl+K move and delete in a field. Ctrl with Alt types characters.
    """
    with_ctrl = event.modifiers() & (_CTRL | _ALT) == _CTRL
    return with_ctrl and isinstance(control, QLineEdit) and event.key() not in _EDITING


def types_with_alt(control: QObject, event: QKeyEvent) -> bool:
    """Tell whether a field would type the letter of a menu that is asked for with Alt."""
    with_alt = event.modifiers() & (_CTRL | _ALT) == _ALT and sys.platform != "darwin"
    return with_alt and isinstance(control, QLineEdit) and bool(event.text())


class KeyOwner(QObject):
    """Leaves the control that has the focus the keys it uses itself, and no others."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say whose a key is before it is looked up among the shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            key = cast("QKeyEvent", event)
            event.setAccepted(belongs_to_control(watched, key))
            return event.isAccepted() or belongs_to_window(watched, key)
        if event.type() == QEvent.Type.KeyPress:
            return types_with_alt(watched, cast("QKeyEvent", event))
        return False

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        # Only the focused control is watched: a filter on the application would slow every event.
        if old is not None:
            old.removeEventFilter(self)
        # A picture leaves every key to the window, and has the most events.
        if new is not None and not isinstance(new, Viewport):
            new.installEventFilter(self)
