"""Find how far the mask of a subtraction is to be moved for a frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.pipeline import Pipeline, Prepared, Stage
from xray_studio.core.step import Group, Step
from xray_studio.services.processing.process import Known, frames_after, prepare

_BETTER: Final = 0.995  # of the detail that is left: noise alone does as much


@dataclass(frozen=True, slots=True)
class Moved:
    """A subtraction with another shift, and a sentence that says what was found."""

    step: Step
    sentence: str


def find_shift(
    clip: Clip, pipeline: Pipeline, index: int, known: Known | None = None
) -> Job[Moved]:
    """Return the subtraction of a pipeline with its mask moved onto frame `index` (from 0).

    The mask stays where it is when no shift leaves clearly less. Raises UsageError for a pipeline
    without a subtraction, and what its steps raise.
    """
    from xray_studio.imaging.moved import moved
    from xray_studio.imaging.pixel_shift import pixel_shift
    from xray_studio.imaging.steps.subtract import Subtract

    steps = pipeline.steps
    place = next((n for n, step in enumerate(steps) if step.group is Group.SUBTRACT), None)
    if place is None or not isinstance(step := steps[place], Subtract):
        raise UsageError("Subtract a mask first; then it can be moved.")
    prepared = yield from prepare(clip, Pipeline(tuple(map(Stage, steps[: place + 1]))), known)
    before = Prepared(prepared.steps[:-1], prepared.scenes[:-1])
    (frame,) = yield from frames_after(clip, before, (index,))
    scene, kept = prepared.scenes[-1], prepared.scenes[-1].kept
    if kept is None or index in kept.frames:
        raise UsageError("This frame is one of the mask; go to one with contrast medium.")
    now = step.shift(scene)
    found = pixel_shift(moved(kept.image, *now), frame, scene)
    if found.left > _BETTER or not (found.right or found.down):
        return Moved(step, "The mask stays: no other place leaves less of the background.")
    better = replace(
        step, right=_tenths(step.right + found.right), down=_tenths(step.down + found.down)
    )
    return Moved(
        better,
        f"The mask was moved by {found.right:+.1f} right and {found.down:+.1f} down; "
        f"{100 * (1 - found.left):.0f} % less fine detail of the background is left.",
    )


def _tenths(value: float) -> float:
    return round(value, 1) + 0.0
