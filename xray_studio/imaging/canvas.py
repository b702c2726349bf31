"""Frames laid into pictures of a given size."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.scale import Picture, scaled


def framed(picture: Picture, inner: tuple[int, int], whole: tuple[int, int]) -> Picture:
    """Return a picture (rows, columns), 8 or 16 bits, or RGB, scaled to `inner` (rows, columns).

    It lies in the middle of black of the size `whole`. The same picture comes back when nothing
    is to be done.
    """
    if picture.shape[:2] != inner:
        picture = scaled(picture, inner[1], inner[0])
    if inner == whole:
        return picture
    ground = np.zeros((*whole, *picture.shape[2:]), dtype=picture.dtype)
    top, left = (whole[0] - inner[0]) // 2, (whole[1] - inner[1]) // 2
    ground[top : top + inner[0], left : left + inner[1]] = picture
    return ground
