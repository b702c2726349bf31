"""How far a mask is to be moved so that what did not change goes when it is subtracted.

Phase correlation (Kuglin and Hines, "The phase correlation image alignment method", IEEE Conf. on
Cybernetics and Society, 1975) of the fine detail of both pictures, whose peak is found to a tenth
of a pixel by the Fourier transform at finer places (Guizar-Sicairos et al., "Efficient subpixel
image registration algorithms", Optics Letters 33(2), 2008). Vessels, which the mask has not, and
what moves in a way of its own have no peak in common. The blades of the collimator, which stand
still, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.exposed import exposed, shrunk, without_cover
from xray_studio.imaging.moved import moved

_FINE, _WIDE = 1.2, 6.0  # pixels: deviations of the Gaussians between which detail is compared
_FARTHEST: Final = 20  # pixels
_TENTHS: Final = np.arange(-10, 11) / 10.0
_EDGE: Final = 24  # pixels over which the field fades out
_QUIET: Final = 90.0  # percent of the pixels; the rest may be vessels
_LEAST: Final = 1e-3  # of the usual range: below there is no logarithm to speak of


@dataclass(frozen=True, slots=True)
class Shift:
    """Pixels to move the mask right and down; `left` is how much detail that leaves.

    1 is as much as is left without moving it; from 1 on no shift is better than none.
    """

    right: float
    down: float
    left: float


def pixel_shift(mask: Image, frame: Image, scene: Scene) -> Shift:
    """Return how far a mask is to be moved onto a frame, both float32 (rows, columns)."""
    inside = exposed(mask, scene) * exposed(frame, scene)
    fading = _fading(inside)
    one, other = _detail(frame, inside, scene), _detail(mask, inside, scene)
    right, down = _peak(one * fading, other * fading)
    before = _rest(one, other, inside)
    after = _rest(one, moved(other, right, down), inside)
    return Shift(right, down, after / before if before else 1.0)


def _detail(image: Image, inside: Image, scene: Scene) -> Image:
    low, high = scene.usual
    least = (high - low) * _LEAST
    logs = np.log(np.maximum(without_cover(image, inside) - scene.low, np.float32(least)))
    made = cv2.GaussianBlur(logs, (0, 0), _FINE) - cv2.GaussianBlur(logs, (0, 0), _WIDE)
    return np.asarray(made, np.float32)


def _fading(inside: Image) -> Image:
    """Return a field that falls to 0 at its edges and at those of the picture."""
    inner = shrunk(inside, _EDGE // 2)
    inner[: _EDGE // 2] = inner[-_EDGE // 2 :] = 0.0
    inner[:, : _EDGE // 2] = inner[:, -_EDGE // 2 :] = 0.0
    return np.asarray(cv2.GaussianBlur(inner, (0, 0), _EDGE / 4), np.float32)


def _peak(one: Image, other: Image) -> tuple[float, float]:
    """Return how far right and down `other` is to be moved onto `one`."""
    rows, columns = one.shape
    common = np.fft.fft2(one) * np.conj(np.fft.fft2(other))
    common /= np.maximum(np.abs(common), 1e-12 * max(float(np.abs(common).max()), 1e-30))
    across, along = np.fft.fftfreq(columns), np.fft.fftfreq(rows)
    common *= _band(along)[:, None] * _band(across)[None, :]
    plain = np.real(np.fft.ifft2(common))
    reach = [min(_FARTHEST, length // 4) for length in one.shape]
    rows_near, columns_near = (np.arange(-far, far + 1) for far in reach)
    near = plain[np.ix_(rows_near % rows, columns_near % columns)]
    row, column = np.unravel_index(int(near.argmax()), near.shape)
    finer_rows, finer_columns = rows_near[row] + _TENTHS, columns_near[column] + _TENTHS
    fine = _at(finer_rows, along) @ common @ _at(finer_columns, across).T
    row, column = np.unravel_index(int(np.real(fine).argmax()), fine.shape)
    return round(float(finer_columns[column]), 1), round(float(finer_rows[row]), 1)


def _band(frequencies: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weights of frequencies: those that the Gaussian of detail has left."""
    made: npt.NDArray[np.float64] = np.exp(-2.0 * (np.pi * _FINE * frequencies) ** 2)
    return made


def _at(places: npt.NDArray[Any], frequencies: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """Return the inverse Fourier transform at places that need not be whole."""
    made: npt.NDArray[Any] = np.exp(2j * np.pi * np.outer(places, frequencies))
    return made


def _rest(one: Image, other: Image, inside: Image) -> float:
    """Return the mean difference of two details where it is least: vessels are left out."""
    rest = np.abs(one - other)[shrunk(inside, _EDGE // 2) > 0]
    if not rest.size:
        return 0.0
    return float(rest[rest <= np.percentile(rest, _QUIET)].mean())
