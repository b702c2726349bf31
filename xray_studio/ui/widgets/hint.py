"""Hints: what a control does and the key that does the same, in its tooltip."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def hint(widget: QWidget, text: str, actions: str = "") -> None:
    """Say what a control does; `actions` are names of actions whose keys stand behind it."""
    widget.setProperty("hint", text)
    if actions:
        widget.setProperty("actions", actions)
    show_key(widget, str(widget.property("key") or ""))


def show_key(widget: QWidget, key: str) -> None:
    """Show another key in the tooltip."""
    text = str(widget.property("hint") or "")
    widget.setProperty("key", key)
    widget.setToolTip(f"{text} ({key})" if key and text else text)
