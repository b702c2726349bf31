"""Gaussian pyramids: a frame and smaller ones of it (Burt and Adelson 1983)."""

from __future__ import annotations

import cv2
import numpy as np

from xray_studio.core.step import Image


def pyramid(frame: Image, levels: int) -> list[Image]:
    """Return a frame and at most `levels` smaller ones, each half the size of the one before."""
    found = [frame]
    while len(found) <= levels and min(found[-1].shape) > 1:
        found.append(np.asarray(cv2.pyrDown(found[-1]), np.float32))
    return found


def enlarged(small: Image, like: Image) -> Image:
    """Return a level of a pyramid in the size of the one above it."""
    rows, columns = like.shape
    return np.asarray(cv2.pyrUp(small, dstsize=(columns, rows)), np.float32)
