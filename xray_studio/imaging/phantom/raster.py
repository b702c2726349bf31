"""The few picture operations the phantom needs, on square float32 images."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]

WIDE_SHARE = 1.5  # deviation of the wide part of correlated noise, of that of the fine part


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
    """Replace every pixel by e to its power (OpenCV's is three times as fast as numpy's)."""
    return np.asarray(cv2.exp(image, dst=image), np.float32)


def square_root(image: Image) -> Image:
    """Replace every pixel by its square root."""
    return np.asarray(cv2.sqrt(image, dst=image), np.float32)


def white_noise(size: int, seed: int) -> Image:
    """Uncorrelated standard normal noise (size, size), the same for the same seed."""
    # OpenCV's generator belongs to the thread and is seeded here: five times as fast as numpy's.
    cv2.setRNGSeed(seed & 0x7FFFFFFF)
    noise = np.empty((size, size), np.float32)
    cv2.randn(noise, np.zeros(1), np.ones(1))
    return noise


def correlated_noise(size: int, seed: int, fine: float, wide: float) -> Image:
    """Make normal noise (size, size) of deviation 1 that neighbours share.

    It is made of two parts, one as wide as a Gaussian of deviation `fine` and one half again as
    strong as `wide` (pixels): a sharp peak with a long tail, as in a detector with light spread.
    """
    narrow, broad = _energy(fine, fine), _energy(wide, wide)
    shared = (_energy(fine, wide) / np.sqrt(narrow * broad)) ** 2
    total = np.sqrt(1.0 + WIDE_SHARE**2 + 2.0 * WIDE_SHARE * shared)
    white = white_noise(size, seed)
    sharp, soft = blur(white, fine), blur(white, wide)
    weights = 1.0 / (narrow * total), WIDE_SHARE / (broad * total)
    return np.asarray(cv2.addWeighted(sharp, weights[0], soft, weights[1], 0.0, dst=sharp))


def _energy(one: float, other: float) -> float:
    """Sum of the product of two Gaussian kernels along one axis."""
    size = 2 * round(4.0 * max(one, other)) + 3
    kernels = [np.asarray(cv2.getGaussianKernel(size, sigma)) for sigma in (one, other)]
    return float((kernels[0] * kernels[1]).sum())
