"""What can be done with the pipeline of the picture in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xray_studio.core.parameter import parameters_of
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.step import Step
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared, is_behind, is_processed, keeps_values, waits_to_run
from xray_studio.ui.unusual_state import can_be_overlaid

WIPE_STEP = 0.05  # of the width of the viewport


class StepCommands:
    """Changes the pipeline of the active view, and how it is compared."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the view."""
        return self._session.view.pipeline.stages

    def put(self, pipeline: Pipeline, stage: int = 0) -> None:
        """Process by another pipeline."""
        chosen = min(max(0, stage), max(0, len(pipeline.stages) - 1))
        self._session.update_view(pipeline=pipeline, stage=chosen, note="")

    def add(self, step: type[Step]) -> None:
        """Add a step, as it comes, behind the others."""
        stages = (*self.stages, Stage(step()))
        self.put(Pipeline(stages), len(stages) - 1)

    def choose(self, number: int) -> None:
        """Choose the stage that is changed."""
        self._session.update_view(stage=number)

    def remove(self) -> None:
        """Take the chosen stage away."""
        stages, here = self.stages, self._session.view.stage
        self.put(Pipeline((*stages[:here], *stages[here + 1 :])), here)

    def move(self, by: int) -> None:
        """Do the chosen stage earlier or later."""
        here, there = self._session.view.stage, self._session.view.stage + by
        if 0 <= there < len(self.stages):
            order = [*range(len(self.stages))]
            order.insert(there, order.pop(here))
            self.reorder(order)

    def reorder(self, order: Sequence[int]) -> None:
        """Do the stages in another order, given by their numbers now."""
        stages, here = self.stages, self._session.view.stage
        moved = Pipeline(tuple(stages[number] for number in order))
        self.put(moved, order.index(here) if here in order else 0)

    def switch(self, number: int) -> None:
        """Switch a stage on or off."""
        if number < len(self.stages):
            stage = self.stages[number]
            self._replace(number, replace(stage, on=not stage.on))

    def switch_chosen(self) -> None:
        """Switch the chosen stage on or off."""
        self.switch(self._session.view.stage)

    def change(self, values: Mapping[str, Any]) -> None:
        """Change parameters of the chosen stage. Raises UsageError for those out of range."""
        stage = chosen_stage(self._session.state)
        if stage is not None:
            step = replace(stage.step, **values)
            self._replace(self._session.view.stage, replace(stage, step=step))

    def reset(self) -> None:
        """Give the chosen stage the parameters that it comes with."""
        stage = chosen_stage(self._session.state)
        if stage is not None:
            self.change({p.name: p.default for p in parameters_of(stage.step)})

    def clear(self) -> None:
        """Take every stage away."""
        self.put(Pipeline())

    def compare(self, how: Compared) -> None:
        """Show the unprocessed picture beside, or the difference; the same again shows neither."""
        same = self._session.view.compared is how
        self._session.update_view(compared=Compared.NOT if same else how)

    def show_as(self, how: Compared) -> None:
        """Show the picture in one of the ways."""
        self._session.update_view(compared=how)

    def wipe_by(self, part: float) -> None:
        """Move the border between both pictures by a part of the width; show it first."""
        view = self._session.view
        moved = min(max(0.0, view.wipe + part), 1.0)
        self._session.update_view(wipe=moved, compared=Compared.WIPE)

    def _replace(self, number: int, stage: Stage) -> None:
        stages = self.stages
        self._session.update_view(
            pipeline=Pipeline((*stages[:number], stage, *stages[number + 1 :])), note=""
        )


def chosen_stage(state: State) -> Stage | None:
    """Return the stage that is changed, None where there is none."""
    stages = state.view.pipeline.stages
    return stages[state.view.stage] if state.view.stage < len(stages) else None


@needs("Add a step first.")
def has_stages(state: State) -> bool:
    """Tell whether the view has steps, on or off."""
    return bool(state.view.pipeline.stages)


def stage_is_on(state: State) -> bool:
    """Tell whether the chosen stage is on."""
    stage = chosen_stage(state)
    return stage is not None and stage.on


@needs("This is the first step already.")
def can_move_up(state: State) -> bool:
    """Tell whether the chosen stage can be done earlier."""
    return has_stages(state) and state.view.stage > 0


@needs("This is the last step already.")
def can_move_down(state: State) -> bool:
    """Tell whether the chosen stage can be done later."""
    return state.view.stage < len(state.view.pipeline.stages) - 1


@needs("Nothing waits to be run; steps that are not recursive are shown at once.")
def can_run(state: State) -> bool:
    """Tell whether a pipeline waits for being run."""
    return waits_to_run(state.view) and not state.view.working


@needs("Process the picture first, or show a map over it.")
def can_compare(state: State) -> bool:
    """Tell whether there is something beside the picture as it is: processed, or a map over it."""
    return is_processed(state.view) or can_be_overlaid(state)


@needs("Show a map over the picture first; a viewport with a window of its own is put back first.")
def can_stand_beside(state: State) -> bool:
    """Tell whether a picture can be shown twice, or stands so."""
    return state.beside is not None or (can_be_overlaid(state) and not state.detached)


def stands_beside(state: State) -> bool:
    """Tell whether a picture is shown twice."""
    return state.beside is not None


@needs("Process the picture first; steps that show something else than values have no difference.")
def has_difference(state: State) -> bool:
    """Tell whether the processed values can be compared with those before."""
    return is_processed(state.view) and keeps_values(state.view)


@needs("Open a picture first; where its steps are not applied yet, run them or switch them off.")
def is_settled(state: State) -> bool:
    """Tell whether the clip in view is there as its pipeline asks for it."""
    return state.view.clip is not None and not is_behind(state.view) and not _failed(state)


def _failed(state: State) -> bool:
    made = state.view.worked
    return made is not None and bool(made.error)
