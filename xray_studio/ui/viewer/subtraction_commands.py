"""What can be done with the subtraction of the picture in view: mask and pixel shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xray_studio.core.clip import Clip
from xray_studio.core.parameter import parameters_of
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.step import Group, Step
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View

PIXEL, TENTH = 1.0, 0.1


class SubtractionCommands:
    """Changes the subtraction among the steps of the active view."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def toggle(self) -> None:
        """Subtract the mask, or show the picture without that; mask and shift are kept."""
        here = place_of_subtraction(self._session.view.pipeline)
        if here is None:
            self._put(None, {})
            return
        stages = self._session.view.pipeline.stages
        self._replace(here, replace(stages[here], on=not stages[here].on))

    def take_mask(self) -> None:
        """Make the frame in view the mask."""
        here = place_of_subtraction(self._session.view.pipeline)
        self._put(here, {"first": self._session.view.frame + 1, "count": 1})

    def move(self, right: float, down: float) -> None:
        """Move the mask by pixels; at the end of the range it stays."""
        here = place_of_subtraction(self._session.view.pipeline)
        if here is None:
            return
        step = self._session.view.pipeline.stages[here].step
        bounds = {p.name: (p.low, p.high) for p in parameters_of(step)}
        moved = {}
        for name, by in (("right", right), ("down", down)):
            low, high = bounds[name]
            moved[name] = min(max(low, round(step.values()[name] + by, 1) + 0.0), high)
        self._put(here, moved)

    def _put(self, here: int | None, values: dict[str, Any]) -> None:
        """Subtract with other values, switched on; without a subtraction one is put in."""
        pipeline = self._session.view.pipeline
        if here is not None:
            stage = pipeline.stages[here]
            self._replace(here, Stage(replace(stage.step, **values)))
            return
        step = subtraction(self._session.state)
        if step is not None:
            clip = self._session.view.clip
            asked = usual_mask(clip) | values
            stages = pipeline.stages
            here = _behind_denoising(stages)
            made = Pipeline((*stages[:here], Stage(step(**asked)), *stages[here:]))
            self._session.update_view(pipeline=made, stage=here, note="")

    def _replace(self, here: int, stage: Stage) -> None:
        stages = self._session.view.pipeline.stages
        made = Pipeline((*stages[:here], stage, *stages[here + 1 :]))
        self._session.update_view(pipeline=made, stage=here, note="")


def usual_mask(clip: Clip | None) -> dict[str, Any]:
    """Return the mask to begin with: that of the file where it can be used, else frame 1."""
    named = None if clip is None else clip.acquisition.mask
    return {"first": 1} if named is not None and named.refused else {}


def subtraction(state: State) -> type[Step] | None:
    """Return the kind of step that subtracts, None while it is not there."""
    return next((step for step in state.steps if step.group is Group.SUBTRACT), None)


def place_of_subtraction(pipeline: Pipeline) -> int | None:
    """Return which stage (from 0) subtracts, on or off."""
    numbered = enumerate(pipeline.stages)
    return next((n for n, stage in numbered if stage.step.group is Group.SUBTRACT), None)


def _behind_denoising(stages: Sequence[Stage]) -> int:
    """Return where a subtraction goes: noise is taken from frames and mask alike before it.

    What spreads or bends values comes after it, since that is no longer the radiation.
    """
    groups = [stage.step.group for stage in stages]
    return next((n for n, group in enumerate(groups) if group is not Group.DENOISE), len(groups))


@needs("Open a grey clip of several frames first.")
def can_subtract(state: State) -> bool:
    """Tell whether a mask can be subtracted from the clip in view."""
    clip = state.view.clip
    long_enough = clip is not None and len(clip) > 1 and not clip.is_colour
    return long_enough and subtraction(state) is not None


@needs("Subtract a mask first.")
def is_subtracted(state: State) -> bool:
    """Tell whether the view is to be subtracted."""
    return subtracts(state.view)


def subtracts(view: View) -> bool:
    """Tell whether the steps of a view, those that are on, subtract a mask."""
    return any(step.group is Group.SUBTRACT for step in view.pipeline.steps)
