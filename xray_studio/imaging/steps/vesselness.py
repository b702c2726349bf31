"""Vesselness: how much a place looks like a vessel."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.parameter import choice, number
from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.imaging.exposed import exposed, without_cover
from xray_studio.imaging.noise_of_detail import deviation, noise_of_detail
from xray_studio.imaging.steps.edges import filtered, gaussian_derivatives

_BETA: Final = 0.5  # Frangi's: how round a spot may be
_STEP: Final = 1.5  # from one width to the next, at most
_FINEST, _WIDEST = 0.5, 60.0  # deviation of the Gaussian in pixels
_CERTAIN: Final = 3.0  # deviations of the noise in the Hessian at a scale


@dataclass(frozen=True)
class Vesselness(Step):
    """Frangi's filter over widths (Frangi et al., MICCAI 1998), from 0 to 1.

    The Hessian is taken at one half of every width and normalised by scale (Lindeberg 1998), so
    that thin and wide vessels of one contrast answer alike. Its constant for structure is not the
    frame's own maximum but a share of the clip's usual range, and at least what noise reaches at
    that scale: frames of a clip compare, and noise is no vessel. Nor is the collimator.
    """

    name: ClassVar[str] = "vesselness"
    title: ClassVar[str] = "Vesselness"
    about: ClassVar[str] = "Shows how much each place looks like a vessel, instead of the values."
    group: ClassVar[Group] = Group.MEASURE

    narrow: float = number("Narrowest", 2.0, 0.1, 100.0, about="Width of the narrowest vessels.")
    wide: float = number("Widest", 20.0, 0.1, 100.0, about="Width of the widest vessels.")
    unit: str = choice(
        "Widths in",
        "pixels",
        {"pixels": "pixels", "mm": "mm"},
        "Millimetres need a known size of the pixels.",
    )
    vessels: str = choice(
        "Vessels",
        "dark",
        {"dark": "Lower values", "bright": "Higher values", "both": "Lower or higher values"},
        "Contrast medium has lower values in X-ray frames that grow with the radiation.",
    )
    contrast: float = number(
        "Contrast", 2.0, 0.1, 50.0, unit="%", about="Of the usual range: contrast that counts."
    )

    def output(self, scene: Scene) -> Scene:
        """Return a range from 0 to 1. Raises UsageError where millimetres are not known."""
        self._scales(scene)
        return replace(scene, low=0.0, high=1.0, noise=Noise(), seen=None)

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return vesselness, the highest over all widths."""
        field = exposed(stack.middle, scene)
        frame = without_cover(stack.middle, field)
        made = np.zeros(frame.shape, np.float32)
        for sigma in self._scales(scene):
            made = np.maximum(made, self._at(frame, sigma, scene))
        return made * field

    def _scales(self, scene: Scene) -> list[float]:
        """Return the deviations of the Gaussians in pixels, the finest first."""
        size = 1.0
        if self.unit == "mm":
            if scene.spacing is None:
                raise UsageError(
                    f"{self.title}: the size of these pixels is not known; give widths in pixels"
                    " (unit=pixels)."
                )
            size = float(np.mean(scene.spacing))
        ends = (min(max(w / size / 2.0, _FINEST), _WIDEST) for w in (self.narrow, self.wide))
        first, last = sorted(ends)
        count = 1 + math.ceil(math.log(last / first) / math.log(_STEP) - 1e-9)
        return [float(sigma) for sigma in np.geomspace(first, last, count)]

    def _at(self, frame: Image, sigma: float, scene: Scene) -> Image:
        small, large = _bends(frame, sigma)
        low, high = scene.usual
        noise = deviation(frame, noise_of_detail(frame, large), scene.span)
        least = np.maximum(np.float32(self.contrast / 100.0 * (high - low)), _CERTAIN * noise)
        round_ = (small / np.where(large == 0, np.float32(1e-30), large)) ** 2
        structure = (small**2 + large**2) / (2.0 * least**2)
        made: Image = np.exp(-round_ / (2.0 * _BETA**2)) * -np.expm1(-structure)
        wrong = {"dark": large <= 0, "bright": large >= 0, "both": large == 0}[self.vessels]
        made[wrong] = 0.0
        return made


def _bends(frame: Image, sigma: float) -> tuple[Image, Image]:
    """Return both eigenvalues of the Hessian at a scale, times its square, the smaller first."""
    smooth, slope, bend = gaussian_derivatives(sigma)
    square = np.float32(sigma**2)
    across = filtered(frame, bend, smooth) * square
    down = filtered(frame, smooth, bend) * square
    both = filtered(frame, slope, slope) * square
    half, mean = (across - down) / 2.0, (across + down) / 2.0
    root = np.hypot(half, both)
    one, other = mean - root, mean + root
    swap = np.abs(one) > np.abs(other)
    return np.where(swap, other, one), np.where(swap, one, other)
