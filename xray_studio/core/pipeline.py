"""Pipeline: steps in order, each of them on or off, over the frames of a clip."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce

import numpy as np

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.memory import enough_for
from xray_studio.core.scene import Scene
from xray_studio.core.step import Finish, Image, Reach, RecursiveStep, Running, Stack, Step


@dataclass(frozen=True, slots=True)
class Stage:
    """A step in a pipeline; one that is off is passed over."""

    step: Step
    on: bool = True


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Steps in the order in which they are done."""

    stages: tuple[Stage, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are on."""
        return tuple(stage.step for stage in self.stages if stage.on)

    @property
    def recursive(self) -> bool:
        """Tell whether frames can only be had in order, from the first one on."""
        return any(isinstance(step, RecursiveStep) for step in self.steps)

    @property
    def badges(self) -> tuple[str, ...]:
        """What pictures are marked with."""
        return tuple(dict.fromkeys(step.group.value for step in self.steps))

    @property
    def words(self) -> tuple[str, ...]:
        """The steps as the command line says them."""
        return tuple(step.words() for step in self.steps)

    @property
    def reach(self) -> Reach:
        """Which frames beside its own a frame of the last step depends on."""
        return reduce(Reach.__add__, (step.reach for step in self.steps), Reach())

    def check(self, frames: int) -> None:
        """Raise UsageError for a step that needs more frames than there are."""
        for step in self.steps:
            too_few = lacks_frames(type(step), frames)
            if too_few:
                raise UsageError(too_few)


def lacks_frames(step: type[Step], frames: int) -> str:
    """Return why a clip of so many frames is too short for a step, "" where it is not."""
    if frames >= step.least_frames:
        return ""
    return f"{step.title} needs at least {step.least_frames} frames; this has {frames}."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pipeline with the scene that each of its steps works in."""

    steps: tuple[Step, ...]
    scenes: tuple[Scene, ...]

    @property
    def output(self) -> Scene:
        """The scene of what comes out."""
        return self.steps[-1].output(self.scenes[-1])

    @property
    def reach(self) -> Reach:
        """Which frames beside its own a frame depends on."""
        return reduce(Reach.__add__, (step.reach for step in self.steps), Reach())

    def apply(self, stack: Stack) -> Image:
        """Return a processed frame, float32 (rows, columns).

        The stack holds the frames within reach, less what lies outside the clip. Raises UsageError
        naming the step that cannot process them.
        """
        frames, here = stack.frames, stack.here
        rest = [step.reach for step in self.steps]
        for place, (step, scene) in enumerate(zip(self.steps, self.scenes, strict=True)):
            after = reduce(Reach.__add__, rest[place + 1 :], Reach())
            first, last = max(0, here - after.before), min(len(frames) - 1, here + after.after)
            made = [_one(step, scene, frames, index) for index in range(first, last + 1)]
            frames, here = np.stack(made), here - first
        result: Image = frames[here]
        return result

    def running(self) -> _Chain:
        """Begin a clip whose frames come in order; a pipeline with recursive steps needs that.

        It is to be closed when it has ended or is given up.
        """
        return _Chain(self)


def _one(step: Step, scene: Scene, frames: Image, index: int) -> Image:
    reach = step.reach
    first, last = max(0, index - reach.before), min(len(frames) - 1, index + reach.after)
    return applied(step, Stack(frames[first : last + 1], index - first), scene)


def applied(step: Step, stack: Stack, scene: Scene) -> Image:
    """Return what a step makes of a stack, checked: finite, of the same size.

    Raises UsageError naming the step for values that are no numbers and for too little memory.
    """
    if not np.isfinite(stack.frames).all():
        raise UsageError(f"{step.title} cannot process values that are no finite numbers.")
    with enough_for(step.title, *stack.middle.shape):
        return checked(step, step.apply(stack, scene), stack.middle)


def checked(step: Step, made: Image, before: Image) -> Image:
    """Return the result of a step as float32. Raises StudioError where it is no picture."""
    if made.shape != before.shape or not np.isfinite(made).all():
        raise StudioError(f"{step.title} gave no picture; change its values ({step.words()}).")
    return np.ascontiguousarray(made, np.float32)


class _Chain:
    """All steps on their way through a clip; those that look at later frames wait for them."""

    def __init__(self, prepared: Prepared) -> None:
        self._links = [
            _link(step, scene) for step, scene in zip(prepared.steps, prepared.scenes, strict=True)
        ]

    def next(self, frame: Image) -> list[Image]:
        """Return the frames that are finished with the next one, in order: none, one or more."""
        return self._pass([frame], self._links)

    def end(self) -> list[Image]:
        """Return the frames that are left when no more come."""
        found: list[Image] = []
        for place, link in enumerate(self._links):
            found += self._pass(link.end(), self._links[place + 1 :])
        return found

    def close(self) -> None:
        """Stop what still works on frames."""
        for link in self._links:
            link.close()

    @staticmethod
    def _pass(frames: Sequence[Image], links: Sequence[_Link]) -> list[Image]:
        for link in links:
            frames = [made for frame in frames for made in link.next(frame)]
        return list(frames)


class _Link:
    """One step, with the frames that it still looks at."""

    def __init__(self, step: Step, scene: Scene) -> None:
        self._step, self._scene = step, scene
        self._kept: list[Image] = []
        self._here = 0  # the place in `_kept` of the next frame to make

    def next(self, frame: Image) -> list[Image]:
        """Take a frame and return those that are finished."""
        self._kept.append(frame)
        made = []
        while self._here + self._step.reach.after < len(self._kept):
            made.append(self._make())
        return made

    def end(self) -> list[Image]:
        """Return the frames that were waiting for later ones."""
        return [self._make() for _ in range(len(self._kept) - self._here)]

    def close(self) -> None:
        """Stop what still works on frames: nothing does."""

    def _make(self) -> Image:
        reach = self._step.reach
        first = max(0, self._here - reach.before)
        frames = self._kept[first : self._here + reach.after + 1]
        made = applied(self._step, Stack(np.stack(frames), self._here - first), self._scene)
        self._here += 1
        gone = max(0, self._here - reach.before)
        del self._kept[:gone]
        self._here -= gone
        return made


class _RunningLink(_Link):
    """A recursive step. A frame is finished in a thread of its own while the next is taken in."""

    def __init__(self, step: RecursiveStep, scene: Scene) -> None:
        super().__init__(step, scene)
        self._running: Running = step.begin(scene)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=step.name)
        self._waiting: Future[Image] | None = None

    def next(self, frame: Image) -> list[Image]:
        """Take a frame and return the one before it processed."""
        if not np.isfinite(frame).all():
            raise UsageError(
                f"{self._step.title} cannot process values that are no finite numbers."
            )
        with enough_for(self._step.title, *frame.shape):
            finish = self._running.next(frame)
        made = self.end()
        self._waiting = self._thread.submit(self._finished, finish, frame)
        return made

    def end(self) -> list[Image]:
        """Return the frame that is being finished."""
        waiting, self._waiting = self._waiting, None
        return [] if waiting is None else [waiting.result()]

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)

    def _finished(self, finish: Finish, frame: Image) -> Image:
        with enough_for(self._step.title, *frame.shape):
            return checked(self._step, finish(), frame)


def _link(step: Step, scene: Scene) -> _Link:
    return _RunningLink(step, scene) if isinstance(step, RecursiveStep) else _Link(step, scene)
