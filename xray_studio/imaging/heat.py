"""Heat maps in the pixels of their picture, and drawn over it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.heat import Heat, HeatValues, Method
from xray_studio.core.learning.heat_colours import heat_colours

# Deviation of the Gaussian, as part of the longer side.
_BLUR = {Method.GRADIENT_SHAP: 1 / 64, Method.OCCLUSION: 1 / 40}
Picture = npt.NDArray[np.uint8]


def in_picture(heat: Heat) -> HeatValues:
    """Return the values of a heat map at the pixels of its picture, float32 (rows, columns).

    The whole picture was squashed to the network's size, so each side is stretched back by itself,
    linear between the middles of what were pixels there; the range of values stays.
    """
    rows, columns = heat.shape
    full = cv2.resize(heat.values, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, np.float32)


def smoothed(heat: Heat) -> Heat:
    """Return a heat map as eyes can take it in: blurred where it jumps from pixel to pixel.

    The gradients of GradientShap jump by themselves, occlusion at the borders of its squares. A
    Gaussian leaves the sums over any larger place.
    """
    part = _BLUR.get(heat.method)
    if part is None:
        return heat
    sigma = max(heat.values.shape) * part
    blurred = cv2.GaussianBlur(heat.values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    return replace(heat, values=np.asarray(blurred, np.float32))


def drawn_over(picture: Picture, heat: Heat, colour_map: str, opacity: float) -> Picture:
    """Return a displayed picture (rows, columns), or RGB, with its heat map over it, RGB.

    Colours cover the more the further a value is from 0, by `opacity` (0 to 1) at most.
    """
    shown = smoothed(heat)
    return laid_over(picture, in_picture(shown), shown.limit, colour_map, opacity)


def laid_over(
    picture: Picture, values: HeatValues, limit: float, colour_map: str, opacity: float
) -> Picture:
    """Return a displayed picture with values, float32 (rows, columns), over it in colours, RGB.

    `limit` is the value of the brightest colour.
    """
    drawn = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture
    colours, cover = heat_colours(values, limit, colour_map)
    part = (cover * opacity)[..., None]
    return np.asarray(np.rint(drawn * (1.0 - part) + colours * part), np.uint8)
