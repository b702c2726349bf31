"""Running mean over frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import whole
from xray_studio.core.step import Image, Reach
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class RunningMean(Denoiser):
    """Every frame becomes the mean of the frames around it."""

    name: ClassVar[str] = "running-mean"
    title: ClassVar[str] = "Running mean"
    about: ClassVar[str] = "Best where nothing moves; what moves is seen several times, faintly."
    least_frames: ClassVar[int] = 2

    radius: int = whole("Radius", 1, 1, 10, unit="frames", about="Frames before and after.")

    @property
    def reach(self) -> Reach:
        """As many frames before as after."""
        return Reach(self.radius, self.radius)

    def smooth(self, even: Image, here: int) -> Image:
        """Return the mean of all frames that are there."""
        del here
        made: Image = even.mean(axis=0, dtype=np.float32)
        return made
