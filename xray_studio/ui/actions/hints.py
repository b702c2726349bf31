"""Keys of actions wherever a control tells them: tooltips, lists, the search for actions."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.panel_rail import PanelRail
from xray_studio.ui.widgets.choice_row import ChoiceRow
from xray_studio.ui.widgets.hint import show_key


def show_keys(root: QWidget, actions: Actions) -> None:
    """Show the keys in use in every control below `root` that names its actions."""
    for rail in root.findChildren(PanelRail):
        rail.show_keys(actions.keys)
    for widget in root.findChildren(QWidget):
        names = widget.property("actions")
        if names:
            keys = [written(actions.keys[name]) for name in names.split() if name in actions.keys]
            key = " and ".join(filter(None, keys))
            show_key(widget, key)
            if isinstance(widget, ChoiceRow):
                widget.set_key(key)
