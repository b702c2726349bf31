"""Gaussian smoothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.imaging.stabilise import Stabiliser


@dataclass(frozen=True)
class Gaussian(Step):
    """Every pixel becomes the mean of those around it, weighted by a Gaussian."""

    name: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    about: ClassVar[str] = "Smooths evenly; noise and fine detail go alike."
    group: ClassVar[Group] = Group.DENOISE

    sigma: float = number("Width", 1.0, 0.2, 20.0, unit="pixels", about="Standard deviation.")

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the smoothed frame."""
        stable = Stabiliser(scene.noise, scene.low, scene.high)
        smooth: Image = cv2.GaussianBlur(
            stable.forward(stack.middle), (0, 0), self.sigma, borderType=cv2.BORDER_REFLECT
        ).astype(np.float32, copy=False)
        return stable.back(smooth)
