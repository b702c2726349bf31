"""How a frame is shown. Nothing here changes pixels.

`Presentation` maps to a DICOM presentation state (PS3.3 A.33): VOI LUT, presentation LUT shape,
spatial transformation and displayed area.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, replace
from typing import TypeAlias

from xray_studio.core.per_frame import PerFrame

FARTHEST = 8e307  # twice as much is still a number
NARROWEST = 1e-12  # far below what any quantity in a picture is told in


class VoiFunction(enum.Enum):
    """VOI LUT Function (0028,1056), PS3.3 C.11.2.1.2 and C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """Window Center and Window Width in modality units.

    `width` is at least 1 for LINEAR and above 0 for the other functions (PS3.3 C.11.2.1.2.1).
    """

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR
    explanation: str = ""

    def __post_init__(self) -> None:
        """Refuse windows that no display can follow."""
        if not (math.isfinite(self.center) and math.isfinite(self.width)):
            raise ValueError("window centre and width must be finite numbers")
        if self.function is VoiFunction.LINEAR and self.width < 1.0:
            raise ValueError("window width must be at least 1")
        if self.width <= 0.0:
            raise ValueError("window width must be above 0")

    @property
    def least_width(self) -> float:
        """The narrowest that this window can become."""
        return 1.0 if self.function is VoiFunction.LINEAR else NARROWEST

    def moved(self, center_by: float, width_by: float) -> Window:
        """Return this window shifted and widened, its width kept at what its function allows."""
        width = max(self.least_width, self.width + width_by)
        return replace(self, center=self.center + center_by, width=width, explanation="")

    @classmethod
    def spanning(cls, low: float, high: float, explanation: str = "") -> Window:
        """Return the LINEAR_EXACT window that shows `low` as black and `high` as white.

        Values may be of any size: quantities of parametric maps can lie within a thousandth.
        """
        low, high = max(low, -FARTHEST), min(high, FARTHEST)
        width = high - low if high - low > NARROWEST else 1.0
        center = low + width / 2
        return cls(center, width, VoiFunction.LINEAR_EXACT, explanation)


StoredWindow: TypeAlias = Window | PerFrame[Window]

# What a presentation chooses: a window, one of the file that differs from frame to frame, a VOI LUT
# of the file by its position (from 0), or the full range.
VoiChoice: TypeAlias = StoredWindow | int | None


class Overlay(enum.Enum):
    """Which corner text is drawn."""

    NONE = "none"
    ANONYMOUS = "anonymous"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the frames of one clip are shown.

    `voi` is a Window, windows of the file that differ from frame to frame, the position (from 0) of
    a VOI LUT stored in the file, or None to show the full range of the pixel data. `zoom` is screen
    pixels per image pixel, None to fit the view. `pan` moves the image centre, in image pixels.
    `rotation` is clockwise, in degrees of 90. `planes` shows the overlay planes of the file, but
    for the groups in `hidden_planes`; `shutter` its display shutter; `profile` shows colours by the
    ICC profile of the file. `colour_map` is the name of the map that grey is shown in, "" for none.
    `area` is the part of the picture that is shown where `zoom` is None:
    left, top, right, bottom in image pixels, None for all of it. `drawings` shows what a
    presentation state has drawn; `segments` the segments of a segmentation but for the numbers in
    `hidden_segments`, `opacity` of 1 covers what is below, and `outlines` are lines round them.
    """

    voi: VoiChoice = None
    invert: bool = False
    overlay: Overlay = Overlay.ALL
    zoom: float | None = None
    pan: tuple[float, float] = (0.0, 0.0)
    rotation: int = 0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    planes: bool = True
    hidden_planes: frozenset[int] = frozenset()
    shutter: bool = True
    profile: bool = True
    colour_map: str = ""
    area: tuple[float, float, float, float] | None = None
    drawings: bool = True
    segments: bool = True
    hidden_segments: frozenset[int] = frozenset()
    opacity: float = 0.4
    outlines: bool = True

    def with_voi(self, voi: VoiChoice) -> Presentation:
        """Return this presentation with another VOI transformation."""
        return replace(self, voi=voi)
