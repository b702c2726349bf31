"""What all denoisers share: values whose noise is even go in, what was no noise is given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.imaging.balance import balanced
from xray_studio.imaging.stabilise import Stabiliser


@dataclass(frozen=True)
class Denoiser(Step):
    """A step that smooths values whose noise has a deviation of 1 everywhere."""

    group: ClassVar[Group] = Group.DENOISE

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the smoothed frame; its mean is that of the frame as it was."""
        stable = Stabiliser(scene.noise, scene.low, scene.high)
        even = stable.forward(stack.frames)
        return balanced(stable.back(self.smooth(even, stack.here)), stack.middle)

    def smooth(self, even: Image, here: int) -> Image:
        """Return frame `here` of stabilised frames (frames, rows, columns) without its noise."""
        raise NotImplementedError
