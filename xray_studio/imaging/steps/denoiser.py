"""What all denoisers share: values whose noise is even go in, what was no noise is given back."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol

from xray_studio.core.scene import Scene
from xray_studio.core.step import Finish, Group, Image, RecursiveStep, Running, Stack, Step
from xray_studio.imaging.alike import mean_of_alike
from xray_studio.imaging.balance import balanced
from xray_studio.imaging.stabilise import Stabiliser

_STRENGTH, _PATCH, _SEARCH = 1.2, 5, 11  # of non-local means over the first frame


@dataclass(frozen=True)
class Denoiser(Step):
    """A step that smooths values whose noise has a deviation of 1 everywhere."""

    group: ClassVar[Group] = Group.DENOISE

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the smoothed frame; its mean is that of the frame as it was."""
        stable = Stabiliser(scene.noise, scene.low, scene.high)
        even = stable.forward(stack.frames)
        return balanced(stable.back(self.smooth(even, stack.here)), stack.middle)

    @abstractmethod
    def smooth(self, even: Image, here: int) -> Image:
        """Return frame `here` of stabilised frames (frames, rows, columns) without its noise."""


class Filter(Protocol):
    """What a recursive denoiser keeps from frame to frame."""

    def next(self, even: Image) -> Image:
        """Return the next stabilised frame without its noise; it holds while the next is made.

        The frame that is given is the filter's own from then on; the first has no noise already.
        """


@dataclass(frozen=True)
class RecursiveDenoiser(RecursiveStep):
    """A recursive step over values whose noise has a deviation of 1 everywhere."""

    group: ClassVar[Group] = Group.DENOISE

    def begin(self, scene: Scene) -> Running:
        """Begin at the first frame of a clip."""
        return _Run(Stabiliser(scene.noise, scene.low, scene.high), self.filter())

    @abstractmethod
    def filter(self) -> Filter:
        """Return the filter before the first frame."""


class _Run:
    """A recursive denoiser on its way through a clip."""

    def __init__(self, stable: Stabiliser, filter_: Filter) -> None:
        self._stable, self._filter, self._begun = stable, filter_, False

    def next(self, frame: Image) -> Finish:
        """Take in a frame and return what makes the smoothed one, whose mean is the frame's."""
        even = self._stable.forward(frame)
        if not self._begun:  # there is nothing before it to take the mean with
            even, self._begun = mean_of_alike(even[None], 0, _STRENGTH, _PATCH, _SEARCH), True
        known = self._filter.next(even)
        return lambda: balanced(self._stable.back(known), frame)
