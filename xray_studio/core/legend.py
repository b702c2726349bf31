"""What the colours of a map stand for: the values at both ends of the window."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import format_number
from xray_studio.core.lut import Voi, modality_range
from xray_studio.core.presentation import Presentation, VoiFunction, Window

STEPS = 64  # of colour that a legend is drawn in


@dataclass(frozen=True, slots=True)
class Legend:
    """A bar of colours: the values at its top, where the map ends, and at its foot.

    `colour_map` is the name of the map, `unit` what the values are in.
    """

    colour_map: str
    top: str
    foot: str
    unit: str


def legend(clip: Clip, presentation: Presentation, voi: Voi, index: int) -> Legend | None:
    """Return the legend of frame `index`, shown with `voi`; None where no map is used.

    A VOI LUT bends the values between its ends, so the ends say only lowest and highest.
    """
    if not presentation.colour_map or clip.is_colour:
        return None
    low, high = _ends(clip, voi, index)
    if clip.pixels.inverted != presentation.invert:
        low, high = high, low
    return Legend(presentation.colour_map, high, low, clip.unit)


def _ends(clip: Clip, voi: Voi, index: int) -> tuple[str, str]:
    if voi is None:
        low, high = modality_range(clip.pixels, clip.modality_at(index))
        return format_number(low), format_number(high)
    if not isinstance(voi, Window):
        return "lowest", "highest"
    below, above = window_ends(voi)
    return format_number(below), format_number(above)


def window_ends(window: Window) -> tuple[float, float]:
    """Return the values shown black and white (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    A sigmoid reaches neither; its ends are where it is 2 % and 98 %.
    """
    if window.function is VoiFunction.LINEAR:
        center, half = window.center - 0.5, (window.width - 1.0) / 2
    else:
        center, half = window.center, window.width / 2
    return center - half, center + half
