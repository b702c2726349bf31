"""Non-local means within a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xray_studio.core.parameter import number, whole
from xray_studio.core.step import Image
from xray_studio.imaging.alike import mean_of_alike
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class NonLocalMeans(Denoiser):
    """The mean of pixels whose surroundings look alike (Buades, Coll and Morel, CVPR 2005)."""

    name: ClassVar[str] = "nlm"
    title: ClassVar[str] = "Non-local means"
    about: ClassVar[str] = "Averages places that look alike; keeps repeated structure such as bone."

    strength: float = number(
        "Strength", 1.2, 0.2, 5.0, unit="x noise", about="How unlike places may be."
    )
    patch: int = whole(
        "Patch", 5, 3, 9, unit="pixels", odd=True, about="Width of what is compared."
    )
    search: int = whole(
        "Search", 11, 5, 31, unit="pixels", odd=True, about="Width of where is looked."
    )

    def smooth(self, even: Image, here: int) -> Image:
        """Return the filtered frame."""
        frame = even[here : here + 1]
        return mean_of_alike(frame, 0, self.strength, self.patch, self.search)
