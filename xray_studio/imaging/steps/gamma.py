"""Gamma: a curve that spreads dark or bright values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.steps.enhancer import Enhancer


@dataclass(frozen=True)
class Gamma(Enhancer):
    """A power of the values between those that nearly all pixels lie between; others stay."""

    name: ClassVar[str] = "gamma"
    title: ClassVar[str] = "Gamma"
    about: ClassVar[str] = "Shows more in low values (below 1) or in high values (above 1)."

    gamma: float = number(
        "Gamma", 0.7, 0.2, 5.0, about="1 changes nothing; below 1 spreads low values."
    )

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the frame under the curve, which never reverses the order of values."""
        low, high = scene.usual
        inside = np.clip((frame - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
        curve = np.float32(low) + np.float32(high - low) * inside ** np.float32(self.gamma)
        made: Image = np.where((frame > low) & (frame < high), curve, frame)
        return made
