"""Which part of a frame radiation reached: all but what the collimator covers."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from xray_studio.core.scene import Scene
from xray_studio.core.step import Image

_DARK: Final = 0.03  # of the usual range: extended areas below are covered
_EVEN: Final = 3.0  # pixels: deviation of the Gaussian that keeps noise out of the outline
_EXTENDED: Final = 5  # pixels: narrower dark areas are anatomy
_NEAR: Final = 15  # pixels: as far as the Gaussian may have moved the outline


def exposed(frame: Image, scene: Scene) -> Image:
    """Return 1 where a frame, float32 (rows, columns), shows something, 0 in wide dark areas."""
    low, high = scene.usual
    least, beyond = low + _DARK * (high - low), (_NEAR,) * 4
    wide = cv2.copyMakeBorder(frame, *beyond, borderType=cv2.BORDER_REPLICATE)
    dark = (cv2.GaussianBlur(wide, (0, 0), _EVEN) < least).astype(np.uint8)
    covered = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_EXTENDED, _EXTENDED), np.uint8))
    near = cv2.dilate(covered, np.ones((_NEAR, _NEAR), np.uint8))
    inner = (slice(_NEAR, -_NEAR),) * 2
    shown = (near[inner] == 0) | ((covered[inner] == 0) & (frame >= least))
    return np.asarray(shown, np.float32)


def shrunk(field: Image, by: int) -> Image:
    """Return a field, as `exposed` gives it, without what is within some pixels of the cover."""
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    made = cv2.erode(field, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1.0)
    return np.asarray(made, np.float32)


def without_cover(frame: Image, field: Image) -> Image:
    """Return a frame that goes on evenly where it is covered: no edge of the collimator is left.

    `field` is what `exposed` returned. Covered pixels have the value of the nearest other one.
    """
    covered = np.asarray(field == 0, np.uint8)
    if not covered.any() or covered.all():
        return frame
    _, near = cv2.distanceTransformWithLabels(
        covered, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    values = np.zeros(int(near.max()) + 1, np.float32)
    values[near[covered == 0]] = frame[covered == 0]
    made: Image = values[near]
    return made
