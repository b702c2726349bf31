"""Pictures with and without noise to learn from: films and the phantom at less dose, and drawings.

Both are as a denoiser sees them: stabilised by a noise that was estimated, and so is off by
some per cent (above the truth rather than below, since it holds texture), and without their wide
mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.scene import Noise
from xray_studio.core.step import Image
from xray_studio.imaging.denoise_drawings import Chance, drawing
from xray_studio.imaging.dose import ELECTRONIC, STRONGEST, TOP, at_dose, linearised
from xray_studio.imaging.noise import estimate_noise
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.imaging.phantom.raster import correlated_noise
from xray_studio.imaging.stabilise import Stabiliser
from xray_studio.imaging.wide_mean import wide_mean

SIDE: Final = 64  # pixels of an example
_DOSES: Final = (1 / 48, 2.0)
_ZOOMS: Final = (0.5, 2.2)
_SOFT: Final = 0.8  # pixels of a film before it is enlarged
_LATITUDES: Final = (5.0, 40.0)
_OFF: Final = 0.12, 0.15  # mean and deviation of the logarithm of an estimated noise over the true
_MANY: Final = 50.0  # quanta
_RECORDINGS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Films, uint8 (films, rows, columns), and moments of the phantom, float32 of that shape."""

    films: Squashed
    moments: Image

    def example(self, number: int, chance: Chance) -> tuple[Image, Image]:
        """Return an example, float32 (SIDE, SIDE): as it is with noise, and without.

        Numbers below that of the films are theirs, those after it the moments'.
        """
        if number >= len(self.films):
            return _recorded(
                _turned(_cut(self.moments[number - len(self.films)], chance), chance), chance
            )
        dense = _turned(_cut(self.films[number], chance), chance) / np.float32(255.0)
        return _exposed(_radiation(np.clip(dense, 0.0, 1.0), chance), chance)


def _cut(picture: npt.NDArray[np.generic], chance: Chance) -> Image:
    """Return a part of a picture, at its own size or another one."""
    zoom = 1.0 if chance.random() < 0.4 else float(np.exp(chance.uniform(*np.log(_ZOOMS))))
    side = min(max(round(SIDE / zoom), 8), *picture.shape)
    top, left = (int(chance.integers(0, size - side + 1)) for size in picture.shape)
    part = np.asarray(picture[top : top + side, left : left + side], np.float32)
    if side == SIDE:
        return part
    if side < SIDE:  # blocks and steps of compressed films are no structure
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), _SOFT), np.float32)
    how = cv2.INTER_CUBIC if side < SIDE else cv2.INTER_AREA
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=how), np.float32)


def _turned(part: Image, chance: Chance) -> Image:
    turned = np.rot90(part, int(chance.integers(4)))
    return np.ascontiguousarray(turned[:, ::-1] if chance.random() < 0.5 else turned)


def _radiation(dense: Image, chance: Chance) -> Image:
    """Return the radiation behind a film, as bright, as steep and as full of things as may be."""
    if chance.random() < 0.5:
        dense = dense ** np.float32(2.0 ** chance.uniform(-1.0, 1.0))
    if chance.random() < 0.1:
        dense = 1.0 - dense
    if chance.random() < 0.05:
        dense = np.full_like(dense, chance.random())
    latitude = 20.0 if chance.random() < 0.5 else float(np.exp(chance.uniform(*np.log(_LATITUDES))))
    weak = np.log(latitude) * dense
    if chance.random() < 0.3:
        weak = weak + drawing(SIDE, chance)
    return np.asarray(STRONGEST * np.exp(-np.maximum(weak, -0.2)), np.float32)


def _exposed(radiation: Image, chance: Chance) -> tuple[Image, Image]:
    """Return radiation as a dose shows it, and as it is."""
    dose = float(np.exp(chance.uniform(*np.log(_DOSES))))
    electronic = ELECTRONIC * float(chance.choice((0.0, 0.5, 1.0, 1.0, 1.0, 2.0)))
    noise = Noise(1.0 / dose, (electronic / dose) ** 2)
    if chance.random() < 0.15:
        return _shared(radiation, noise, chance)
    seen = _quanta(radiation * np.float32(dose), chance) / dose
    seen += (electronic / dose) * chance.standard_normal(radiation.shape)
    return _stabilised(seen, radiation, noise, chance)


def _quanta(mean: Image, chance: Chance) -> npt.NDArray[Any]:
    """Return drawn quanta: of many at each pixel the normal distribution, which is faster."""
    if mean.min() < _MANY:
        return chance.poisson(mean)
    return mean + np.sqrt(mean) * chance.standard_normal(mean.shape, np.float32)


def _shared(radiation: Image, noise: Noise, chance: Chance) -> tuple[Image, Image]:
    """Return radiation with noise that neighbours share a little."""
    fine = float(chance.uniform(0.3, 0.8))
    even = cv2.GaussianBlur(
        chance.standard_normal((SIDE + 16, SIDE + 16), np.float32), (0, 0), fine
    )
    even = even[8:-8, 8:-8] / even.std()
    seen = radiation + even * np.sqrt(noise.gain * radiation + noise.ground)
    return _stabilised(seen, radiation, noise, chance)


def _recorded(signal: Image, chance: Chance) -> tuple[Image, Image]:
    """Return a moment as the phantom's detector records it once, and the mean of other times.

    Learning from other recordings of a moment is Noise2Noise (Lehtinen et al., ICML 2018).
    """
    signal = np.maximum(signal, np.float32(0.0))
    chain = Detector().at_dose(float(np.exp(chance.uniform(*np.log(_DOSES)))))
    deviation: Image = np.sqrt(chain.variance(signal))
    noise = Noise(chain.gain, chain.electronic**2)
    stable = Stabiliser(_estimated(noise, chance), 0.0, TOP)
    fine, wide = chain.grain
    first, *others = (
        stable.forward(_full(signal + deviation * correlated_noise(SIDE, int(seed), fine, wide)))
        for seed in chance.integers(0, 1 << 31, 1 + _RECORDINGS)
    )
    mean = wide_mean(first)
    return first - mean, np.asarray(np.mean(others, axis=0), np.float32) - mean


def _stabilised(
    seen: npt.NDArray[np.floating], true: Image, noise: Noise, chance: Chance
) -> tuple[Image, Image]:
    stable = Stabiliser(_estimated(noise, chance), 0.0, TOP)
    even = stable.forward(_full(seen))
    mean = wide_mean(even)
    return even - mean, stable.expected(true) - mean


def _full(seen: npt.NDArray[Any]) -> Image:
    return np.asarray(np.clip(seen, 0.0, TOP), np.float32)


def _estimated(noise: Noise, chance: Chance) -> Noise:
    off = float(np.exp(chance.normal(*_OFF)))
    return Noise(noise.gain * off, noise.ground * off)


def as_seen(film: Squashed, dose: float, seed: int) -> tuple[Image, Image]:
    """Return a whole film at a dose, float32 (rows, columns), as a denoiser sees it, and as it is.

    The noise is estimated from the picture alone.
    """
    true = linearised(film.astype(np.float32), 0.0, 255.0)
    seen = at_dose(true, dose, [seed, round(1.0 / dose)])
    stable = Stabiliser(estimate_noise(seen[None]), 0.0, TOP)
    even = stable.forward(seen)
    mean = wide_mean(even)
    return even - mean, stable.expected(true) - mean
