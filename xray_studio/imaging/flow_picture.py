"""Flow fields as pictures: colours of a wheel, or arrows, over the frame that moves."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image
from xray_studio.imaging.scale import Picture
from xray_studio.imaging.stamps import words

_SATURATION: Final = 0.85
_SHOWN: Final = 0.75  # how much of the picture the strongest colour hides
_WHEEL: Final = 10  # legend: part of the shorter side that is its radius
_APART: Final = 24  # arrows: parts of the shorter side from one to the next
_LEAST: Final = 0.3  # pixels: shorter arrows are left out
_ARROW: Final = (255, 214, 102)


def coloured(picture: Picture, right: Image, down: Image, full: float) -> Picture:
    """Return RGB uint8: hue is the direction, strength the speed; `full` pixels a frame are full.

    `picture` is uint8 (rows, columns) or RGB, `right` and `down` float32 (rows, columns).
    """
    grey = _rgb(picture).astype(np.float32)
    strength = np.clip(np.hypot(right, down) / np.float32(full), 0.0, 1.0)[..., None]
    hidden = np.float32(_SHOWN) * strength
    made = grey * (1.0 - hidden) + _hues(right, down) * hidden
    result = np.clip(np.rint(made), 0, 255).astype(np.uint8)
    _legend(result, full)
    return result


def arrowed(picture: Picture, right: Image, down: Image, full: float) -> Picture:
    """Return RGB uint8 with an arrow at every place of a grid; see `coloured`."""
    made = np.ascontiguousarray(_rgb(picture))
    apart = max(8, min(right.shape) // _APART)
    longer = 0.9 * apart / full
    for y in range(apart // 2, right.shape[0], apart):
        for x in range(apart // 2, right.shape[1], apart):
            over, under = float(right[y, x]), float(down[y, x])
            if np.hypot(over, under) < _LEAST:
                continue
            end = round(x + over * longer), round(y + under * longer)
            cv2.arrowedLine(made, (x, y), end, _ARROW, 1, cv2.LINE_AA, tipLength=0.35)
    words(f"longest arrow {full:.1f} px a frame", _letters(made)).press(made, 4, 4)
    return made


def _rgb(picture: Picture) -> Picture:
    return np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture.copy()


def _hues(right: Image, down: Image) -> npt.NDArray[np.float32]:
    """Return the full colours (rows, columns, 3) of directions: right is red, down is green."""
    hue = (np.degrees(np.arctan2(down, right)) % 360.0).astype(np.float32)
    full = np.ones_like(hue)
    hsv = np.stack([hue, full * np.float32(_SATURATION), full], axis=-1)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255.0, np.float32)


def _legend(picture: Picture, full: float) -> None:
    """Draw the wheel of directions and what its rim means into the lower right corner."""
    rows, columns = picture.shape[:2]
    radius = max(8, min(rows, columns) // _WHEEL // 2)
    if min(rows, columns) < 8 * radius:
        return
    y, x = (np.mgrid[-radius : radius + 1, -radius : radius + 1] / radius).astype(np.float32)
    far = np.hypot(x, y)
    wheel = _hues(x, y) * np.minimum(far, 1.0)[..., None]
    part = picture[-2 * radius - 9 : -8, -2 * radius - 9 : -8]
    part[far <= 1.0] = wheel[far <= 1.0].astype(np.uint8)
    stamp = words(f"rim {full:.1f} px a frame", _letters(picture))
    top = rows - radius - 8 - stamp.keep.shape[0] // 2
    stamp.press(picture, top, max(0, columns - 2 * radius - 17 - stamp.width))


def _letters(picture: Picture) -> int:
    return max(10, int(min(picture.shape[:2])) // 36)
