"""Keys: how they are written for people, which ones clash, and whom a key belongs to.

Plain keys (Space, arrows, letters) work everywhere in the window, except where the control that
has the focus uses them itself: a button its Space, a list its arrows, a field its letters.
"""

from __future__ import annotations

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
    QTabBar,
    QWidget,
)

_ARROWS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
_ENDS = {Qt.Key.Key_Home, Qt.Key.Key_End}
_PRESS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_OWN: tuple[tuple[type[QObject], frozenset[Qt.Key]], ...] = (
    (QAbstractItemView, frozenset(_ARROWS | _ENDS | _PRESS)),
    (QAbstractSlider, frozenset(_ARROWS | _ENDS)),
    (QTabBar, frozenset(_ARROWS)),
    (QAbstractButton, frozenset(_ARROWS | _PRESS)),
)


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
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    key = Qt.Key(event.key())
    return any(isinstance(control, kind) and key in own for kind, own in _OWN)


class KeyOwner(QObject):
    """Leaves the control that has the focus the keys it uses itself."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key before it is looked up among the shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and belongs_to_control(
            watched, cast("QKeyEvent", event)
        ):
            event.accept()
            return True
        return False

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        # Only the focused control is watched: a filter on the application would slow every event.
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and isinstance(new, tuple(kind for kind, _ in _OWN)):
            new.installEventFilter(self)
