"""A scale bar: a round length, how long it is on screen, and where that length holds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Presentation

WHERE = {
    "detector": "at the detector",
    "film": "on the film",
    "magnification": "corrected for magnification",
    "calibrated": "calibrated",
    "hand": "calibrated by hand",
}
ROUND = (5.0, 2.0, 1.0)
AGREE = 0.02  # by which spacing and shape of the pixels may differ


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """`millimetres` that are `pixels` wide on screen; `words` say both length and where it holds.

    The length is that in the patient only where nothing else is said: Imager Pixel Spacing is
    measured at the detector, where everything is larger (PS3.3 10.7.1.3).
    """

    millimetres: float
    pixels: float
    words: str


def scale_bar(clip: Clip, presentation: Presentation, width: float, room: float) -> ScaleBar | None:
    """Return the longest round bar of at most `room` pixels for a picture `width` pixels wide.

    None where the file tells no spacing, or one that its pixels are not shown by.
    """
    spacing = clip.acquisition.pixel_spacing
    if spacing is None or width <= 0.0 or not _is_shown(spacing, clip.pixel_aspect):
        return None
    turned = presentation.rotation % 180 != 0
    across = clip.rows * spacing[0] if turned else clip.columns * spacing[1]
    length = _longest(room * across / width)
    if length <= 0.0:
        return None
    where = WHERE.get(clip.acquisition.spacing_meaning, "")
    return ScaleBar(length, length * width / across, f"{length_words(length)} {where}".rstrip())


def _is_shown(spacing: tuple[float, float], aspect: float) -> bool:
    return abs(spacing[0] / spacing[1] / aspect - 1.0) <= AGREE


def _longest(most: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten up to `most` millimetres."""
    if not 1e-6 < most < 1e9:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(most))
    fitting = (step * unit for step in ROUND if step * unit <= most)
    return next(fitting, ROUND[0] * unit / 10.0)  # the logarithm of a power of ten may be rounded


def length_words(millimetres: float) -> str:
    """Return a length with its unit: mm, below one of them micrometres."""
    if millimetres < 1.0:
        return f"{round(millimetres * 1000.0, 3):g} µm"
    return f"{millimetres:g} mm"
