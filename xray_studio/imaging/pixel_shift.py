"""How far a mask is to be moved so that what did not change goes when it is subtracted.

Phase correlation (Kuglin and Hines, "The phase correlation image alignment method", IEEE Conf. on
Cybernetics and Society, 1975) of the fine detail of both pictures, whose peak is found to a tenth
of a pixel by the Fourier transform at finer places (Guizar-Sicairos et al., "Efficient subpixel
image registration algorithms", Optics Letters 33(2), 2008). Ribs and lungs move apart as the
patient breathes and have a peak each: of the highest the one counts that leaves least of the
detail. Vessels, which the mask has not, and the blades of the collimator, which stand still, are
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.exposed import exposed, shrunk, without_cover
from xray_studio.imaging.moved import moved

_Floats: TypeAlias = npt.NDArray[np.floating[Any]]

_FINE, _WIDE = 1.2, 6.0  # pixels: deviations of the Gaussians between which detail is compared
_FARTHEST: Final = 20  # pixels
_PEAKS: Final = 8  # places that are tried
_TENTHS: Final = np.arange(-10, 11) / 10.0
_EDGE: Final = 24  # pixels over which the field fades out
_QUIET: Final = 0.9  # of the pixels; the rest may be vessels
_TRIED: Final = 3  # peaks around which better places are looked for
_STEPS: Final = (1.0, 0.3, 0.1)  # pixels
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
    left = _Left(one, other, inside)
    before = left.of((0.0, 0.0))
    if not before:
        return Shift(0.0, 0.0, 1.0)
    places = sorted([(0.0, 0.0), *_peaks(one * fading, other * fading)], key=left.of)
    found = min((left.least_near(place) for place in places[:_TRIED]), key=left.of)
    return Shift(*found, left.of(found) / before)


class _Left:
    """How much detail is left for every shift that is tried; each is looked at once."""

    def __init__(self, one: Image, other: Image, inside: Image) -> None:
        self._one, self._other = one, other
        self._inside = shrunk(inside, _EDGE // 2) > 0
        self._known: dict[tuple[float, float], float] = {}

    def of(self, place: tuple[float, float]) -> float:
        """Return the mean difference where it is least: vessels are left out."""
        if place not in self._known:
            self._known[place] = self._rest(place)
        return self._known[place]

    def least_near(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return where least is left, going down from a place in ever smaller steps."""
        for step in _STEPS:
            while (better := min(self._around(place, step), key=self.of)) != place:
                place = better
        return place

    @staticmethod
    def _around(place: tuple[float, float], step: float) -> list[tuple[float, float]]:
        right, down = place
        ways = ((0.0, 0.0), (step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step))
        there = [(round(right + x, 1) + 0.0, round(down + y, 1) + 0.0) for x, y in ways]
        return [place, *(one for one in there if max(map(abs, one)) <= _FARTHEST)]

    def _rest(self, place: tuple[float, float]) -> float:
        rest = np.abs(self._one - moved(self._other, *place))[self._inside]
        if not rest.size:
            return 0.0
        most = round(rest.size * _QUIET)
        return float(np.partition(rest, most)[:most].mean(dtype=np.float64))


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


def _peaks(one: Image, other: Image) -> list[tuple[float, float]]:
    """Return how far right and down `other` may have to be moved onto `one`.

    Ribs, lungs, heart and table each have a peak, as they move apart from one another.
    """
    rows, columns = one.shape
    common = np.fft.fft2(one) * np.conj(np.fft.fft2(other))
    common /= np.maximum(np.abs(common), 1e-12 * max(float(np.abs(common).max()), 1e-30))
    across, along = np.fft.fftfreq(columns), np.fft.fftfreq(rows)
    common *= _band(along)[:, None] * _band(across)[None, :]
    plain = np.real(np.fft.ifft2(common))
    rows_near, columns_near = (_near(length) for length in one.shape)
    near = plain[np.ix_(rows_near % rows, columns_near % columns)]
    return [
        _finer(common, (along, across), (int(rows_near[row]), int(columns_near[column])))
        for row, column in _highest(near)
    ]


def _near(length: int) -> npt.NDArray[np.int64]:
    far = min(_FARTHEST, length // 4)
    return np.arange(-far, far + 1)


def _highest(near: _Floats) -> list[tuple[int, int]]:
    """Return the highest places of a field, each the highest around itself."""
    around = cv2.dilate(near, np.ones((3, 3), np.uint8))
    places = np.argwhere(near >= around)
    order = np.argsort(-near[tuple(places.T)], kind="stable")[:_PEAKS]
    return [(int(row), int(column)) for row, column in places[order]]


def _finer(
    common: npt.NDArray[Any],
    frequencies: tuple[_Floats, _Floats],
    place: tuple[int, int],
) -> tuple[float, float]:
    """Return right and down of the peak near a place (down, right), to a tenth of a pixel."""
    down, right = (at + _TENTHS for at in place)
    fine = np.real(_at(down, frequencies[0]) @ common @ _at(right, frequencies[1]).T)
    row, column = np.unravel_index(int(fine.argmax()), fine.shape)
    return round(float(right[column]), 1), round(float(down[row]), 1)


def _band(frequencies: _Floats) -> _Floats:
    """Return the weights of frequencies: those that the Gaussian of detail has left."""
    made: _Floats = np.exp(-2.0 * (np.pi * _FINE * frequencies) ** 2)
    return made


def _at(places: npt.NDArray[Any], frequencies: _Floats) -> npt.NDArray[Any]:
    """Return the inverse Fourier transform at places that need not be whole."""
    made: npt.NDArray[Any] = np.exp(2j * np.pi * np.outer(places, frequencies))
    return made
