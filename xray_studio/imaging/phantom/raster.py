"""The few picture operations the phantom needs, on square float32 images."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]


def blur(image: Image, sigma: float, *, dark_outside: bool = False) -> Image:
    """Gaussian blur, `sigma` in pixels; beyond the edge the image is mirrored or zero."""
    border = cv2.BORDER_CONSTANT if dark_outside else cv2.BORDER_REFLECT
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, borderType=border), np.float32)


def enlarge(image: Image, size: int) -> Image:
    """Smooth enlargement to (size, size)."""
    cubic = cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (size, size), interpolation=cubic), np.float32)


def shrink(image: Image, size: int) -> Image:
    """Reduce to (size, size) by averaging."""
    area = cv2.INTER_AREA
    return np.asarray(cv2.resize(image, (size, size), interpolation=area), np.float32)


def warp(image: Image, affine: NDArray[np.float64]) -> Image:
    """Move an image by an affine map (2, 3) of its pixel coordinates; its edges are continued."""
    size = (image.shape[1], image.shape[0])
    moved = cv2.warpAffine(image, affine, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def exponential(image: Image) -> Image:
    """Return e to the power of every pixel (OpenCV's is three times as fast as numpy's)."""
    return np.asarray(cv2.exp(image), np.float32)


def white_noise(size: int, deviation: float, seed: int) -> Image:
    """Uncorrelated normal noise (size, size) with mean 0, the same for the same seed."""
    # OpenCV's generator belongs to the thread and is seeded here: five times as fast as numpy's.
    cv2.setRNGSeed(seed & 0x7FFFFFFF)
    noise = np.empty((size, size), np.float32)
    cv2.randn(noise, np.zeros(1), np.full(1, deviation))
    return noise


def left_after_blur(sigma: float) -> float:
    """Deviation that a Gaussian blur leaves of uncorrelated noise of deviation 1."""
    kernel = cv2.getGaussianKernel(2 * round(4.0 * sigma) + 1, sigma)
    return float((np.asarray(kernel) ** 2).sum())
