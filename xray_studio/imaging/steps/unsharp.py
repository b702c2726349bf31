"""Unsharp masking that leaves noise alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.noise_of_detail import deviation, noise_of_detail
from xray_studio.imaging.steps.enhancer import Enhancer


@dataclass(frozen=True)
class Unsharp(Enhancer):
    """The difference to a blurred copy, added as far as it stands out of the noise."""

    name: ClassVar[str] = "unsharp"
    title: ClassVar[str] = "Unsharp mask"
    about: ClassVar[str] = "Steepens edges; what is no stronger than noise is left as it is."

    amount: float = number("Amount", 1.0, 0.0, 5.0, about="How much of the difference is added.")
    sigma: float = number(
        "Width", 3.0, 0.5, 40.0, unit="pixels", about="Deviation of the Gaussian that blurs."
    )
    threshold: float = number(
        "Noise", 3.0, 0.0, 10.0, about="Deviations of the noise from which on detail counts."
    )

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the sharpened frame."""
        blurred: Image = np.asarray(
            cv2.GaussianBlur(frame, (0, 0), self.sigma, borderType=cv2.BORDER_REFLECT), np.float32
        )
        detail = frame - blurred
        noise = deviation(blurred, noise_of_detail(blurred, detail), scene.span)
        return np.asarray(
            frame + np.float32(self.amount) * cored(detail, np.float32(self.threshold) * noise),
            np.float32,
        )


def cored(detail: Image, least: Image) -> Image:
    """Return detail, smoothly suppressed where it is smaller than `least` (both same units)."""
    power = detail * detail
    return np.asarray(detail * (power / (power + least * least + np.float32(1e-30))), np.float32)
