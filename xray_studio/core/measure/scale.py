"""What a pixel of a frame measures, and where that holds. Nothing is measured that is unclear."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from xray_studio.core.clip import Clip
from xray_studio.core.scale_bar import AGREE, WHERE

BY_HAND, PIXELS, UNCLEAR = "hand", "pixels", "unclear"


@dataclass(frozen=True, slots=True)
class Scale:
    """Height and width of a pixel; `meaning` is that of Acquisition, or one of the above.

    They are millimetres, with the meaning "pixels" in widths of a pixel. Where it is "unclear" the
    file contradicts itself, and no shape of a pixel holds.
    """

    spacing: tuple[float, float]
    meaning: str

    @property
    def in_millimetres(self) -> bool:
        """Tell whether sizes are known."""
        return self.meaning not in {PIXELS, UNCLEAR}

    @property
    def is_clear(self) -> bool:
        """Tell whether shapes are known."""
        return self.meaning != UNCLEAR

    @property
    def unit(self) -> str:
        """Unit of lengths."""
        if self.in_millimetres:
            return "mm"
        return "px" if math.isclose(*self.spacing, rel_tol=1e-6) else "pixel widths"

    @property
    def where(self) -> str:
        """Where millimetres hold, "" where they are those of the patient or not known."""
        return WHERE.get(self.meaning, "")


def scale_at(clip: Clip, index: int, given: tuple[float, float] | None = None) -> Scale:
    """Return the scale of frame `index` (from 0); `given` is the spacing of a calibration by hand.

    Slices that tell a spacing of their own are measured by that. In a clip of several objects one
    that lies at the detector is not known to hold for all of them, so that none is used.
    """
    if given is not None:
        return Scale(given, BY_HAND)
    spacing, meaning = _told(clip, index)
    if spacing is None:
        return Scale((clip.pixel_aspect, 1.0), PIXELS)
    agrees = abs(spacing[0] / spacing[1] / clip.pixel_aspect - 1.0) <= AGREE
    return Scale(spacing, meaning) if agrees else Scale((clip.pixel_aspect, 1.0), UNCLEAR)


def _told(clip: Clip, index: int) -> tuple[tuple[float, float] | None, str]:
    spacing, meaning = clip.acquisition.pixel_spacing, clip.acquisition.spacing_meaning
    own = clip.places[index].spacing if index < len(clip.places) else None
    if own is not None and meaning == "patient":
        return own, meaning
    if len(clip.objects) > 1 or not meaning:
        return None, ""
    return spacing, meaning


def as_calibrated(clip: Clip, given: tuple[float, float] | None) -> Clip:
    """Return a clip that tells the spacing a person gave it, where there is one."""
    if given is None:
        return clip
    made = replace(clip.acquisition, pixel_spacing=given, spacing_meaning=BY_HAND)
    return replace(clip, acquisition=made)


def calibrated(scale: Scale, length: float, millimetres: float) -> tuple[float, float]:
    """Return the spacing at which a length drawn on a picture measures some millimetres.

    `length` is what it measures by `scale`. The shape of the pixels stays. Raises ValueError for
    sizes that are not above 0.
    """
    if not (length > 0.0 and 0.0 < millimetres < math.inf):
        raise ValueError("a calibration needs a length above 0")
    factor = millimetres / length
    return scale.spacing[0] * factor, scale.spacing[1] * factor
