"""What steps that keep the kind of values share: the range of the clip bounds what comes out."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Stack, Step


@dataclass(frozen=True)
class Enhancer(Step):
    """A step that shows one frame differently, within the range of its clip."""

    group: ClassVar[Group] = Group.ENHANCE

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the enhanced frame; no value leaves the range of the clip."""
        return np.clip(self.enhance(stack.middle, scene), scene.low, scene.high)

    @abstractmethod
    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return a frame, float32 (rows, columns), enhanced; it is not changed itself."""
