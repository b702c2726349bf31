"""From attenuation to the picture a radiologist reads: exposure, noise, processing, marker."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.phantom.raster import (
    Image,
    blur,
    correlated_noise,
    enlarge,
    exponential,
    shrink,
)

BITS_STORED = 12
WHITE = (1 << BITS_STORED) - 1
QUANTA = 24000.0  # detected per pixel behind nothing, for 2048 pixels across
SCATTER, SPREAD = 0.34, 0.085  # scattered to primary radiation; its reach as part of the width
BODY = 0.9  # attenuation from which on a pixel counts as patient
FLOOR = 0.0015  # signal below which the processing sees nothing
BANDS = ((0.002, 0.45), (0.008, 0.32), (0.035, 0.12))  # reach as part of the width, gain
COMPRESSED = 0.70  # of the contrast of what is larger than every band
TOE, STEEP = 0.46, 4.4  # of the curve: its middle between the extremes, its slope
CORRELATED = (0.55, 1.6)  # pixels over which quanta are shared


def develop(attenuation: Image, seed: int, marker: str = "") -> NDArray[np.uint16]:
    """Return stored values (rows, columns) of 12 bits, bright where much is absorbed.

    `marker` is the lead letter that tells the side: L or R, on that side of the patient in a
    picture seen from the front.
    """
    signal = exponential(-attenuation)
    size = signal.shape[0]
    small = shrink(signal, 64)
    signal += SCATTER * enlarge(blur(small, SPREAD * 64, dark_outside=True), size)
    signal = blur(signal, 0.55 * size / 2048)
    noise = correlated_noise(size, seed, *(reach * size / 2048 for reach in CORRELATED))
    signal += noise * np.sqrt(signal / (QUANTA * (2048 / size) ** 2))
    picture = _processed(np.log(np.maximum(signal, FLOOR)))
    if marker:
        _mark(picture, marker)
    return np.asarray(np.rint(np.clip(picture, 0.0, 1.0) * WHITE), np.uint16)


def _processed(logarithm: Image) -> Image:
    """Compress large differences, enhance small ones, and map to 0 (black) to 1."""
    density = -logarithm
    size = density.shape[0]
    result = np.zeros_like(density)
    rest = density
    for reach, gain in BANDS:
        smooth = _smooth(rest, reach * size)
        result += (1.0 + gain) * (rest - smooth)
        rest = smooth
    body = density[::4, ::4] > np.float32(BODY)
    middle = float(np.median(rest[::4, ::4][body])) if body.any() else 1.5
    result += middle + COMPRESSED * (rest - middle)
    low, high = np.percentile(result[::4, ::4][body], (1.0, 99.5)) if body.any() else (0.0, 1.0)
    result -= np.float32(low + TOE * (high - low))
    result *= np.float32(-STEEP / (high - low))
    toe = 1.0 / (1.0 + exponential(result))
    return np.asarray((toe - 0.085) / 0.83, np.float32)


def _smooth(image: Image, sigma: float) -> Image:
    """Gaussian blur that works on a smaller picture when it reaches far."""
    size = image.shape[0]
    small = max(32, min(size, int(size * 6.0 / max(sigma, 6.0))))
    return enlarge(blur(shrink(image, small), sigma * small / size), size)


STROKES = {
    "L": (((0.0, 0.0), (0.0, 1.0), (0.62, 1.0)),),
    "R": (
        ((0.0, 1.0), (0.0, 0.0), (0.36, 0.0), (0.55, 0.06), (0.64, 0.20), (0.64, 0.32),
         (0.55, 0.46), (0.36, 0.52), (0.0, 0.52)),
        ((0.34, 0.52), (0.68, 1.0)),
    ),
}  # fmt: skip


def _mark(picture: Image, marker: str) -> None:
    """Put a lead letter in an upper corner."""
    size = picture.shape[0]
    high = 0.034 * size
    left = 0.075 * size if marker == "R" else 0.90 * size
    lead = np.zeros_like(picture)
    for stroke in STROKES[marker]:
        points = np.array(stroke) * high + np.array([left, 0.16 * size])
        fixed = np.rint(points * 256).astype(np.int32)
        wide = max(1, round(0.0052 * size))
        cv2.polylines(lead, [fixed], isClosed=False, color=1.0, thickness=wide,
                      lineType=cv2.LINE_AA, shift=8)  # fmt: skip
    picture += (np.float32(0.98) - picture) * blur(lead, max(0.3, 0.0006 * size))
