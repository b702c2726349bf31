"""Multiscale detail: contrast of every size lifted, the faint more than the strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from xray_studio.core.parameter import number, whole
from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Image
from xray_studio.imaging.noise_of_detail import deviation, noise_of_detail
from xray_studio.imaging.pyramid import enlarged, pyramid
from xray_studio.imaging.steps.enhancer import Enhancer

_FULL: Final = 0.06  # of the usual range: detail that is as strong as this needs no lift
_TOLD: Final = 4  # sizes at which quiet parts are more noise than structure


@dataclass(frozen=True)
class Multiscale(Enhancer):
    """A Laplacian pyramid (Burt and Adelson 1983) whose levels are lifted as one by one curve.

    After Vuylsteke and Schoeters ("Multiscale image contrast amplification", SPIE 2167, 1994): the
    fainter a detail, the more it is lifted; detail within the noise of its level is not.
    """

    name: ClassVar[str] = "multiscale"
    title: ClassVar[str] = "Multiscale detail"
    about: ClassVar[str] = "Lifts faint structures of every size; noise and strong edges stay."

    strength: float = number(
        "Strength", 1.0, 0.0, 5.0, about="How much the faintest visible detail is lifted."
    )
    levels: int = whole(
        "Sizes", 5, 1, 9, about="Sizes that are lifted: each is twice the one before."
    )
    noise: float = number(
        "Noise", 2.5, 0.0, 10.0, about="Deviations of the noise from which on detail counts."
    )

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the frame with its levels lifted."""
        low, high = scene.usual
        sizes = pyramid(frame, self.levels)
        below = [enlarged(small, like) for small, like in zip(sizes[1:], sizes, strict=False)]
        details = [size - under for size, under in zip(sizes, below, strict=False)]
        noises = _noises(below, details)
        made = sizes[-1]
        for under, detail, noise in reversed(list(zip(below, details, noises, strict=True))):
            least = np.float32(self.noise) * deviation(under, noise, scene.span)
            made = enlarged(made, under) + self._lifted(detail, least, _FULL * (high - low))
        return made

    def _lifted(self, detail: Image, noise: Image, full: float) -> Image:
        size = np.abs(detail)
        seen = size**2 / (size**2 + noise**2 + np.float32(1e-30))
        gain = np.float32(self.strength) * seen / (1.0 + size / np.float32(full))
        made: Image = detail * (1.0 + gain)
        return made


def _noises(frames: Sequence[Image], details: Sequence[Image]) -> list[Noise]:
    """Return the noise in the detail of each size; the coarse ones follow white noise."""
    found: list[Noise] = []
    for frame, detail in zip(frames, details, strict=True):
        seen = noise_of_detail(frame, detail) if len(found) < _TOLD else Noise()
        if seen == Noise() and found:
            seen = Noise(found[-1].gain / 4.0, found[-1].ground / 4.0)
        found.append(seen)
    return found
