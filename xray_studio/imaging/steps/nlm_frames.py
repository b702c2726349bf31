"""Non-local means over frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xray_studio.core.parameter import number, whole
from xray_studio.core.step import Image, Reach
from xray_studio.imaging.alike import mean_of_alike
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class NonLocalMeansFrames(Denoiser):
    """Non-local means that also looks in the frames around (Buades, Coll and Morel, IJCV 2008).

    Places are found again wherever they have moved to, so no motion needs to be known.
    """

    name: ClassVar[str] = "nlm-frames"
    title: ClassVar[str] = "Non-local means over frames"
    about: ClassVar[str] = "Averages places that look alike in this frame and those around it."
    least_frames: ClassVar[int] = 2

    strength: float = number(
        "Strength", 1.2, 0.2, 5.0, unit="x noise", about="How unlike places may be."
    )
    radius: int = whole("Radius", 1, 1, 3, unit="frames", about="Frames before and after.")
    patch: int = whole(
        "Patch", 5, 3, 9, unit="pixels", odd=True, about="Width of what is compared."
    )
    search: int = whole(
        "Search", 7, 5, 21, unit="pixels", odd=True, about="Width of where is looked in each frame."
    )

    @property
    def reach(self) -> Reach:
        """As many frames before as after."""
        return Reach(self.radius, self.radius)

    def smooth(self, even: Image, here: int) -> Image:
        """Return the filtered frame; at the ends of a clip frames are looked at twice."""
        order = [_mirrored(here + away, len(even)) for away in range(-self.radius, self.radius + 1)]
        return mean_of_alike(even[order], self.radius, self.strength, self.patch, self.search)


def _mirrored(place: int, count: int) -> int:
    """Return a place within `count`, mirrored at the ends."""
    if count == 1:
        return 0
    turn = 2 * (count - 1)
    place %= turn
    return min(place, turn - place)
