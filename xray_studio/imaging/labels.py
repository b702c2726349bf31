"""Labels over a displayed picture: areas in their colours, and lines round them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.case import Label

Picture: TypeAlias = npt.NDArray[np.uint8]


def labelled(
    picture: Picture,
    numbers: npt.NDArray[np.int32],
    labels: Sequence[Label],
    opacity: float = 0.4,
    *,
    outlines: bool = True,
    hidden: Collection[int] = (),
) -> Picture:
    """Return a displayed picture (rows, columns), or RGB, with labels over it, RGB.

    `numbers` (rows, columns) are those of the labels in each pixel; `hidden` ones are left out.
    Lines lie within their label and cover the picture.
    """
    under: Any = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    for label in labels:
        if label.value in hidden:
            continue
        area = numbers == label.value
        if not area.any():
            continue
        colour = np.array(label.colour, np.float32)
        under[area] = np.rint(under[area] * (1.0 - opacity) + colour * opacity)
        if outlines:
            under[area & ~_inside(area)] = label.colour
    return np.asarray(under, np.uint8)


def _inside(area: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    kept: Any = cv2.erode(area.astype(np.uint8), cross)
    return np.asarray(kept) > 0
