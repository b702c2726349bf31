"""Median filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import whole
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class Median(Denoiser):
    """Every pixel becomes the median of those around it (Tukey, "Exploratory Data Analysis")."""

    name: ClassVar[str] = "median"
    title: ClassVar[str] = "Median"
    about: ClassVar[str] = "Takes away single bright and dark pixels and keeps straight edges."

    size: int = whole(
        "Size", 3, 3, 5, unit="pixels", odd=True, about="Width of the square around a pixel."
    )

    def smooth(self, even: Image, here: int) -> Image:
        """Return the filtered frame."""
        return np.asarray(cv2.medianBlur(even[here], self.size), np.float32)
