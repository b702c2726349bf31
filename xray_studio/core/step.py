"""Step: one piece of processing of modality values, before the window.

A step is a frozen dataclass whose fields are parameters (core.parameter). From them come the form
in the window, the options of the command line, the table of a recipe and the Derivation
Description of a derived object. It is called with a stack of frames and gives one frame; the same
input gives the same output, bit for bit, wherever it runs.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.parameter import parameters_of
from xray_studio.core.scene import Scene

SETTLED: Final = 8  # frames after which a recursive step has found its strength
Image: TypeAlias = npt.NDArray[np.float32]
Finish: TypeAlias = Callable[[], Image]


class Group(enum.Enum):
    """What a step does, as menus group it; the value is the badge that pictures then carry."""

    DENOISE = "DENOISED"
    SUBTRACT = "DSA"
    ENHANCE = "ENHANCED"
    MEASURE = "DERIVED"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many frames before and after its own a step looks at."""

    before: int = 0
    after: int = 0

    def __add__(self, other: Reach) -> Reach:
        """Return the reach of two steps, one after the other."""
        return Reach(self.before + other.before, self.after + other.after)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Frames in order, float32 (frames, rows, columns); `here` is the place of the one wanted.

    At the ends of a clip there are fewer frames before or after than the step reaches.
    """

    frames: Image
    here: int = 0

    @property
    def middle(self) -> Image:
        """The frame that is wanted, float32 (rows, columns)."""
        frame: Image = self.frames[self.here]
        return frame


class Running(Protocol):
    """A recursive step on its way through a clip."""

    def next(self, frame: Image) -> Finish:
        """Take in the next frame of the clip, and return what makes its processed frame.

        That part no later frame waits for: it may go on in another thread while the next frame is
        taken in, but has to end before the one after is.
        """


@dataclass(frozen=True)
class Step(ABC):
    """Base of all steps. Raises UsageError for parameters out of range."""

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    group: ClassVar[Group]
    least_frames: ClassVar[int] = 1

    def __post_init__(self) -> None:
        """Check every parameter."""
        for parameter in parameters_of(self):
            parameter.check(getattr(self, parameter.name), self.title)

    @property
    def reach(self) -> Reach:
        """Which frames beside its own this looks at."""
        return Reach()

    def check(self, scene: Scene) -> None:
        """Raise UsageError for a clip that this step cannot process."""
        del scene

    def needs(self, scene: Scene) -> tuple[int, ...]:
        """Return the frames of the clip, from 0, that every frame depends on wherever it is."""
        del scene
        return ()

    def keep(self, frames: Image) -> Image:
        """Return what is kept of the frames that this needs, float32 (rows, columns): their mean.

        The frames are those of `needs`, in that order, after the steps before.
        """
        mean: Image = frames.mean(axis=0, dtype=np.float64).astype(np.float32)
        return mean

    def told(self, scene: Scene) -> str:
        """Return what whoever sees the result must know beside the parameters, "" for nothing."""
        del scene
        return ""

    def output(self, scene: Scene) -> Scene:
        """Return the scene of what comes out: the range of its values."""
        return scene

    @abstractmethod
    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the processed frame, float32 (rows, columns), finite."""

    def values(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {parameter.name: getattr(self, parameter.name) for parameter in parameters_of(self)}

    def words(self) -> str:
        """Return the step as the command line says it: "nlm:strength=1.2,patch=5"."""
        said = ",".join(f"{p.name}={p.word(getattr(self, p.name))}" for p in parameters_of(self))
        return f"{self.name}:{said}" if said else self.name


@dataclass(frozen=True)
class RecursiveStep(Step):
    """A step whose frame depends on all frames before it: it runs through a clip from the start."""

    least_frames: ClassVar[int] = 2

    @property
    def reach(self) -> Reach:
        """As many frames before as it takes to find its strength, for whoever needs one frame."""
        return Reach(before=SETTLED)

    @abstractmethod
    def begin(self, scene: Scene) -> Running:
        """Begin at the first frame of a clip."""

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the frame wanted as it is where the clip begins with the stack."""
        running = self.begin(scene)
        taken = [running.next(frame) for frame in stack.frames[: stack.here + 1]]
        return taken[-1]()
