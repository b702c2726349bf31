"""Edges: how steeply values change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.imaging.exposed import exposed, without_cover


@dataclass(frozen=True)
class Edges(Step):
    """Magnitude of the gradient of the frame under a Gaussian (Canny 1986), values per pixel.

    The outline of the collimator is left out.
    """

    name: ClassVar[str] = "edges"
    title: ClassVar[str] = "Edges"
    about: ClassVar[str] = "Shows how steeply values change, instead of the values."
    group: ClassVar[Group] = Group.MEASURE

    sigma: float = number(
        "Width", 1.0, 0.5, 20.0, unit="pixels", about="Deviation of the Gaussian: the finest edge."
    )

    def output(self, scene: Scene) -> Scene:
        """Return a range from 0 to the steepest edge that there can be."""
        steepest = scene.span / (2.0 * np.pi) ** 0.5 / self.sigma
        return replace(scene, low=0.0, high=float(steepest), noise=Noise(), seen=None)

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the gradient, values per pixel."""
        field = exposed(stack.middle, scene)
        across, down = gradient(without_cover(stack.middle, field), self.sigma)
        # OpenCV's magnitude rounds by where the result lies in memory: two runs would differ.
        return np.asarray(np.sqrt(across * across + down * down) * field, np.float32)


def gradient(frame: Image, sigma: float) -> tuple[Image, Image]:
    """Return the derivatives to the right and down of a frame under a Gaussian."""
    smooth, slope, _ = gaussian_derivatives(sigma)
    return filtered(frame, slope, smooth), filtered(frame, smooth, slope)


def gaussian_derivatives(sigma: float) -> tuple[Image, Image, Image]:
    """Return a sampled Gaussian and its first and second derivative.

    They sum to 1, 0 and 0, and give a straight line and a parabola their exact derivatives.
    """
    reach = max(1, int(np.ceil(4.0 * sigma)))
    at = np.arange(-reach, reach + 1, dtype=np.float64)
    bell = np.exp(-0.5 * (at / sigma) ** 2)
    bell /= bell.sum()
    slope = at * bell / (at**2 * bell).sum()
    bend = (at**2 - (at**2 * bell).sum()) * bell
    bend *= 2.0 / (at**2 * bend).sum()
    return bell.astype(np.float32), slope.astype(np.float32), bend.astype(np.float32)


def filtered(frame: Image, across: Image, down: Image) -> Image:
    """Return a frame under one filter for rows and one for columns, mirrored at its borders."""
    made = cv2.sepFilter2D(frame, cv2.CV_32F, across, down, borderType=cv2.BORDER_REFLECT)
    return np.asarray(made, np.float32)
