"""Speech: what assistive tools read of a control that is painted by hand."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def describe(widget: QWidget, words: str) -> None:
    """Let a control be described in words; said aloud when they change while it has the focus."""
    if words == widget.accessibleDescription():
        return
    widget.setAccessibleDescription(words)
    if widget.hasFocus():
        announce(widget, words)


def announce(widget: QWidget, words: str) -> None:
    """Say words aloud, if a tool listens."""
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
