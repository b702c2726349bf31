"""Bilateral filter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class Bilateral(Denoiser):
    """The mean of near pixels of like value (Tomasi and Manduchi, ICCV 1998)."""

    name: ClassVar[str] = "bilateral"
    title: ClassVar[str] = "Bilateral"
    about: ClassVar[str] = "Smooths within areas and stops at edges that stand out of the noise."

    strength: float = number(
        "Strength", 3.0, 0.5, 10.0, unit="x noise", about="Differences that are smoothed over."
    )
    sigma: float = number(
        "Width", 1.5, 0.5, 4.0, unit="pixels", about="How far away pixels still count."
    )

    def smooth(self, even: Image, here: int) -> Image:
        """Return the filtered frame."""
        across = 2 * math.ceil(2.0 * self.sigma) + 1
        made = cv2.bilateralFilter(
            even[here], across, self.strength, self.sigma, borderType=cv2.BORDER_REFLECT
        )
        return np.asarray(made, np.float32)
