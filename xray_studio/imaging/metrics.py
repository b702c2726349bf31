"""Measures of processed pictures: likeness to the truth, contrast, what was removed, lag."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_WINDOW: Final = 11  # pixels across the Gaussian window of structural similarity
_TILE: Final = 64  # pixels of a square whose spectrum is taken
_LAGS: Final = 6  # frames by which a result may be behind, at most
Mask = npt.NDArray[np.bool_]
_Plane = npt.NDArray[np.float64]


def psnr(made: Image, true: Image, span: float) -> float:
    """Return the peak signal-to-noise ratio in dB: 10 log10(span² / mean squared error).

    `made` and `true` have one shape, `span` is the range of the values. Equal pictures give
    infinity.
    """
    error = float(np.mean((made.astype(np.float64) - true) ** 2))
    return 10.0 * math.log10(span**2 / error) if error > 0.0 else math.inf


def ssim(made: Image, true: Image, span: float) -> float:
    """Return the structural similarity of two pictures (rows, columns), 1 for equal ones.

    Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment", IEEE Transactions on Image
    Processing 13(4), 2004: Gaussian window of deviation 1.5. Raises ValueError for pictures of
    fewer than 11 pixels across.
    """
    from skimage.metrics import structural_similarity

    if min(made.shape) < _WINDOW:
        raise ValueError(f"structural similarity needs {_WINDOW} x {_WINDOW} pixels")
    return float(
        structural_similarity(
            made.astype(np.float64), true.astype(np.float64), data_range=span,
            gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
        )
    )  # fmt: skip


def contrast_to_noise(image: Image, inside: Mask, outside: Mask) -> float:
    """Return the contrast-to-noise ratio of two regions of a picture (rows, columns).

    The distance of their means over the root of the mean of their variances (Bushberg et al., "The
    Essential Physics of Medical Imaging", 4.6). Regions without noise give infinity.
    """
    one, other = (image[region].astype(np.float64) for region in (inside, outside))
    noise = math.sqrt(0.5 * (float(one.var()) + float(other.var())))
    contrast = abs(float(one.mean()) - float(other.mean()))
    return contrast / noise if noise > 0.0 else math.inf


@dataclass(frozen=True, slots=True)
class Whiteness:
    """How far what was removed looks like noise.

    `flatness` is the geometric over the arithmetic mean of its power spectrum (Gray and Markel,
    IEEE Transactions on Acoustics, Speech and Signal Processing 22(3), 1974): 1 for white noise,
    less where pixels share what was removed. `neighbours` is its correlation with itself one pixel
    aside, 0 for white noise. `structure` is the correlation of its strength with the slope of the
    picture: 0 where noise alone went, above where edges went too.
    """

    flatness: float
    neighbours: float
    structure: float


def whiteness(removed: Image, picture: Image) -> Whiteness:
    """Return what `removed` looks like, which was taken out to leave `picture` (rows, columns).

    Noise should be even in `removed`: take it from stabilised values. Raises ValueError for
    pictures of fewer than 64 pixels across.
    """
    if min(removed.shape) < _TILE:
        raise ValueError(f"whiteness needs {_TILE} x {_TILE} pixels")
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)
    slope = np.hypot(cv2.Sobel(smooth, -1, 1, 0), cv2.Sobel(smooth, -1, 0, 1)).astype(np.float32)
    strength = np.asarray(cv2.GaussianBlur(removed * removed, (0, 0), 1.5), np.float32)
    beside = _correlation(removed[:, 1:], removed[:, :-1])
    below = _correlation(removed[1:], removed[:-1])
    return Whiteness(_flatness(removed), 0.5 * (beside + below), _correlation(strength, slope))


def _flatness(removed: Image) -> float:
    """Return the flatness of the mean spectrum of overlapping tiles (Welch), without its bias."""
    taper = np.outer(np.hanning(_TILE), np.hanning(_TILE))
    rows, columns = (range(0, side - _TILE + 1, _TILE // 2) for side in removed.shape)
    tiles = [
        removed[y : y + _TILE, x : x + _TILE].astype(np.float64) for y in rows for x in columns
    ]
    powers = [np.abs(np.fft.fft2((tile - tile.mean()) * taper)) ** 2 for tile in tiles]
    power = np.mean(powers, axis=0)
    power = power[_frequencies() > 2.0 / _TILE]  # the mean and its leakage were taken off
    mean = float(power.mean())
    if mean <= 0.0:
        return 0.0
    apart = max(1.0, len(tiles) / 2.0)  # overlapping tiles tell about half as much
    bias = -1.0 / (2.0 * apart) - 1.0 / (12.0 * apart**2)  # of the mean logarithm
    return min(1.0, math.exp(float(np.log(power + 1e-12 * mean).mean()) - bias) / mean)


def _frequencies() -> _Plane:
    """Return cycles a pixel of every place of the spectrum of a tile."""
    one = np.fft.fftfreq(_TILE)
    return np.asarray(np.hypot(one, one[:, None]), np.float64)


def _correlation(one: Image, other: Image) -> float:
    a, b = (values.astype(np.float64) - values.mean(dtype=np.float64) for values in (one, other))
    power = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / power if power > 0.0 else 0.0


def temporal_lag(made: Image, true: Image) -> float:
    """Return by how many frames a processed clip is behind the truth, both (frames, rows, columns).

    The place of the peak of the correlation of what moves (all that differs from the mean over the
    frames) with the truth some frames before, found between whole frames by a parabola. Raises
    ValueError for fewer than 9 frames.
    """
    if len(true) < _LAGS + 3:
        raise ValueError(f"lag needs {_LAGS + 3} frames")
    moving = true - true.mean(axis=0)
    # A clip has ends, so that even the truth peaks a little beside 0.
    return _peak(made - made.mean(axis=0), moving) - _peak(moving, moving)


def _peak(result: Image, moving: Image) -> float:
    """Return the lag at which two clips are most alike, by a parabola through three whole ones."""
    count, kept = len(moving), result[_LAGS:-1]
    places = range(-1, _LAGS + 1)
    alike = [_correlation(kept, moving[_LAGS - lag : count - 1 - lag]) for lag in places]
    best = int(np.clip(np.argmax(alike), 1, len(alike) - 2))
    before, peak, after = alike[best - 1 : best + 2]
    bend = before - 2.0 * peak + after
    return places[best] + (0.5 * (before - after) / bend if bend < 0.0 else 0.0)
