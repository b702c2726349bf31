"""Curvature flow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser

_LONGEST: Final = 0.2  # time of one step; an explicit scheme is stable below 0.25
_FLAT: Final = 1e-6  # squared slope, in noise a pixel, below which a place has no direction


@dataclass(frozen=True)
class CurvatureFlow(Denoiser):
    """Lines of equal value move by their curvature (Sethian, "Level Set Methods", 1999).

    A round spot of radius r is gone after the time r * r / 2, in pixels; straight edges stay.
    """

    name: ClassVar[str] = "curvature-flow"
    title: ClassVar[str] = "Curvature flow"
    about: ClassVar[str] = "Straightens contours: small specks go, long edges and vessels stay."

    time: float = number(
        "Time", 2.0, 0.2, 20.0, unit="pixels²", about="Spots of radius r go at r²/2."
    )

    def smooth(self, even: Image, here: int) -> Image:
        """Return the frame after the flow."""
        rounds = math.ceil(self.time / _LONGEST)
        made: Image = even[here].copy()
        for _ in range(rounds):
            made += np.float32(self.time / rounds) * _speed(made)
        return made


def _speed(image: Image) -> Image:
    """Return curvature times slope: the second derivative along the line of equal value."""
    x, y = _derivative(image, 1, 0), _derivative(image, 0, 1)
    xx, yy = _second(image, across=True), _second(image, across=False)
    xy = _derivative(x, 0, 1)
    along = xx * y * y + yy * x * x - 2.0 * x * y * xy
    made: Image = along / (x * x + y * y + np.float32(_FLAT))
    return made


def _derivative(image: Image, x: int, y: int) -> Image:
    made = cv2.Sobel(image, -1, x, y, ksize=1, scale=0.5, borderType=cv2.BORDER_REFLECT)
    return np.asarray(made, np.float32)


def _second(image: Image, *, across: bool) -> Image:
    kernel = np.array([[1.0, -2.0, 1.0]], np.float32)
    turned = kernel if across else kernel.T
    made = cv2.filter2D(image, -1, turned, borderType=cv2.BORDER_REFLECT)
    return np.asarray(made, np.float32)
