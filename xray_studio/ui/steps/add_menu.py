"""Add menu: the steps there are, by what they do, each with what it is good for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QMenu, QWidget

from xray_studio.core.pipeline import lacks_frames
from xray_studio.core.step import Group, RecursiveStep, Step
from xray_studio.ui.actions.actions import soften

TITLES = {
    Group.DENOISE: "Denoise",
    Group.SUBTRACT: "Subtract",
    Group.ENHANCE: "Enhance",
    Group.MEASURE: "Measure",
}


def add_menu(
    steps: Iterable[type[Step]], frames: int, add: Callable[[type[Step]], object], owner: QWidget
) -> QMenu:
    """Return a menu that adds steps to a clip of so many frames, those that it can have.

    Those that need a run through the clip say so.
    """
    menu, group = QMenu("Add a step", owner), None
    soften(menu)
    menu.setToolTipsVisible(True)
    for step in steps:
        if step.group is not group:
            group = step.group
            heading = menu.addAction(TITLES[group].upper())
            heading.setEnabled(False)
        too_few = lacks_frames(step, frames)
        action = menu.addAction(f"{step.title}\t{about_words(step)}")
        action.setEnabled(not too_few)
        action.setToolTip(too_few or step.about)
        action.triggered.connect(lambda _checked=False, kind=step: add(kind))
    return menu


def about_words(step: type[Step]) -> str:
    """Return what a step is good for, and that it has to be run."""
    about = step.about.rstrip(".")
    return f"{about}; needs a run" if issubclass(step, RecursiveStep) else about
