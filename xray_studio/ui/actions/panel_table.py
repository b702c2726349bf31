"""Actions that choose a side panel. The figure of a key is the place of its panel in the rail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside

MENU = Submenu("Panels", named=True)


def panel_specs(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(runs))


def _specs(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    yield Spec("show_window", "Window", runs["show_window"], "Ctrl+Alt+1")
    yield Spec("show_steps", "Processing", runs["show_steps"], "Ctrl+Alt+2 Ctrl+Alt+P")
    yield Spec("show_findings", "Findings", runs["show_findings"], "Ctrl+Alt+3 Ctrl+Alt+I")
    yield Spec("show_heatmap", "Heatmap", runs["show_heatmap"], "Ctrl+Alt+4")
    yield Spec("show_report", "Report", runs["show_report"], "Ctrl+Alt+5")
    yield Spec("show_marks", "Measurements", runs["show_marks"], "Ctrl+Alt+6 Ctrl+Alt+L")
    yield Spec("show_tags", "Tags", runs["show_tags"], "Ctrl+Alt+7")
    yield Spec("show_volume_panel", "Volume", runs["show_volume_panel"], "Ctrl+Alt+8")
    yield SEPARATOR
    yield Spec("next_panel", "Next", runs["next_panel"], "Ctrl+Tab")
    yield Spec("previous_panel", "Previous", runs["previous_panel"], "Ctrl+Shift+Tab")
    yield Spec("panels", "Show or hide", runs["panels"], "Ctrl+J")
