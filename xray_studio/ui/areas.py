"""Areas of the window, in the order in which F6 visits them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

_REASON = Qt.FocusReason.TabFocusReason


def next_area(areas: Sequence[QWidget]) -> None:
    """Give the focus to the area after the one that has it, skipping what cannot be seen."""
    shown = [area for area in areas if area.isVisible() and _entrance(area) is not None]
    focused = QApplication.focusWidget()
    here = next((n for n, area in enumerate(shown) if _holds(area, focused)), -1)
    if shown:
        entrance = _entrance(shown[(here + 1) % len(shown)])
        assert entrance is not None
        entrance.setFocus(_REASON)


def _holds(area: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (area is widget or area.isAncestorOf(widget))


def _entrance(area: QWidget) -> QWidget | None:
    """Return the first control of an area that takes the focus with Tab."""
    return next((w for w in (area, *area.findChildren(QWidget)) if _takes_focus(w)), None)


def _takes_focus(widget: QWidget) -> bool:
    return _is_stop(widget) and widget.isVisible() and widget.isEnabled()


def walk_in_order(parts: Iterable[QWidget]) -> None:
    """Let Tab visit what is in some parts of an area in the order in which the parts stand."""
    stops = [
        one
        for part in parts
        for one in (part, *part.findChildren(QWidget))
        if _is_stop(one) and one.window() is part.window()  # lists that drop down have their own
    ]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def holds_focus(widget: QWidget) -> bool:
    """Tell whether a widget, or one inside it, has the focus."""
    focused = QApplication.focusWidget()
    return focused is not None and widget.isAncestorOf(focused)
