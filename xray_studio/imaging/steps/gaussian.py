"""Gaussian smoothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class Gaussian(Denoiser):
    """Every pixel becomes the mean of those around it, weighted by a Gaussian."""

    name: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    about: ClassVar[str] = "Smooths evenly; noise and fine detail go alike."

    sigma: float = number("Width", 1.0, 0.2, 10.0, unit="pixels", about="Standard deviation.")

    def smooth(self, even: Image, here: int) -> Image:
        """Return the smoothed frame."""
        frame = even[here]
        made = cv2.GaussianBlur(frame, (0, 0), self.sigma, borderType=cv2.BORDER_REFLECT)
        return np.asarray(made, np.float32)
