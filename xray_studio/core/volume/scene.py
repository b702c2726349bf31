"""What is drawn of a volume: how its values look, from where, inside which box. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.transfer import PRESETS, Transfer

LARGEST: Final = 4096  # pixels of a picture's side


@dataclass(frozen=True, slots=True)
class Box:
    """What is kept of a volume, in shares (0 to 1) of its planes, rows and columns."""

    low: tuple[float, float, float] = (0.0, 0.0, 0.0)
    high: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        for low, high in zip(self.low, self.high, strict=True):
            if not 0.0 <= low < high <= 1.0:
                raise UsageError("A clipping box goes from a lower to a higher share, 0 to 1.")

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is cut away."""
        return self == Box()


@dataclass(frozen=True, slots=True)
class VolumeScene:
    """One picture of a volume: `size` is (rows, columns); `coarse` is drawn fast, while turning.

    `background` is sRGB, 0 to 1; with `cube` an orientation cube stands in a corner.
    """

    transfer: Transfer = field(default_factory=lambda: PRESETS["bone"])
    camera: Camera = field(default_factory=Camera)
    box: Box = field(default_factory=Box)
    size: tuple[int, int] = (512, 512)
    coarse: bool = False
    cube: bool = True
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        if not all(16 <= side <= LARGEST for side in self.size):
            raise UsageError(f"A rendering has 16 to {LARGEST:,} pixels a side.")
