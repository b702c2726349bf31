"""Coarse maps of films brought to other sizes."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


def finer(values: npt.NDArray[np.floating], side: int) -> Values:
    """Return values of places (rows, columns) at side x side places, between them as a line."""
    size = (side, side)
    whole = np.asarray(values, np.float32)
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR), np.float32)


def coarser(values: npt.NDArray[np.floating], side: int) -> Values:
    """Return the means of values (rows, columns) in side x side places."""
    size = (side, side)
    whole = np.asarray(values, np.float32)
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.float32)


def smoothed(values: Values, width: float) -> Values:
    """Return values blurred by a Gaussian with a deviation of `width` places."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), width), np.float32)


def detail(picture: npt.NDArray[np.uint8]) -> Values:
    """Return the squares of the Laplacian of a picture (rows, columns): what is sharp in it."""
    return np.asarray(cv2.Laplacian(picture, cv2.CV_32F) ** 2, np.float32)
