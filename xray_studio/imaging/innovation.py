"""Innovation: what a new frame brings that was not foreseen, taken over as far as it is real.

The difference of a frame from what was foreseen is parted into scales (Burt and Adelson, "The
Laplacian pyramid as a compact image code", IEEE Transactions on Communications 31, 1983). At every
place of every scale its energy is compared with that of the noise there: what is no more than noise
is averaged away over the frames, as in a Kalman filter; what is more is taken over by the gain of
Wiener, so that nothing trails. In the long run the gain of a Kalman filter falls with the root of
the noise: scales that hold little of it are averaged less, and so follow sooner. The widest scale
is always taken over: it holds the dose.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from xray_studio.core.step import Image
from xray_studio.imaging.scratch import Scratch

_SCALES: Final = 5  # the widest band begins at 2**5 pixels
_SMALLEST: Final = 8  # pixels of the smallest picture of a pyramid, at least
_NEAR: Final = 1.0  # two pixels of a scale: deviation of the Gaussian over which energy is taken
_SAMPLES: Final = 16_384
_QUIET: Final = 0.3  # part of the places where nothing but noise is taken to be
_MEDIAN: Final = 1.05  # mean energy of noise over its quantile there
_LOUDEST: Final = 1.2  # no scale holds more of a noise whose variance is 1
_USUAL: Final = 0.5  # noise of a scale at which a new frame has the weight that was asked for
_BEGUN: Final = 0.3  # variance that a filter within the first frame leaves, or is off by
_TINY: Final = 1e-12


class Foresight:
    """The frame as it is known so far, and how sure that is; values have noise of deviation 1.

    `first` is the first frame without most of its noise. `least` is the weight of a new frame where
    nothing changes, at a scale that holds half of the noise; `change` is how many times stronger
    than the noise a difference must be to count.
    """

    def __init__(self, first: Image, least: float, change: float) -> None:
        self.state = first
        self.variance: Image = np.full(_half(first.shape), _BEGUN, np.float32)
        self._least, self._change = least, change
        self._scratch = Scratch()

    def update(self, frame: Image) -> None:
        """Take in the next frame. The state before it is left as it is, the frame is used up."""
        known = np.asarray(self.variance / (1.0 + self.variance), np.float32)
        new = np.subtract(frame, self.state, out=self._scratch.room("new", frame.shape))
        added, gain = self._taken(new, known)
        self.state = np.add(self.state, added, out=frame)
        left = 1.0 - gain
        self.variance = np.asarray(gain**2 + left**2 * self.variance, np.float32)

    def _taken(self, new: Image, known: Image) -> tuple[Image, Image]:
        """Return what is taken over of a difference, and the gain at its finest scale, halved.

        A scale is what a picture holds beyond its smaller one. Instead of parting it and adding it
        again, g (picture - enlarged) + made is put together as g picture + (made - g smaller).
        """
        pictures = self._pyramid(new)
        made, gain = pictures.pop(), known
        smaller = made
        for picture, part in zip(
            reversed(pictures), reversed(_smaller(known, pictures)), strict=True
        ):
            gain = self._gain(picture, part)
            less = np.multiply(gain, smaller, out=self._scratch.room("less", gain.shape))
            np.subtract(made, less, out=less)
            made = np.asarray(
                cv2.pyrUp(
                    less, dst=self._scratch.room("made", picture.shape), dstsize=picture.shape[::-1]
                ),
                np.float32,
            )
            cv2.accumulateProduct(picture, self._resized(gain, picture.shape, "gain"), made)
            smaller = picture
        return made, gain

    def _gain(self, picture: Image, known: Image) -> Image:
        """Return the part of a scale that is taken over, half its size; `known` asks for that much.

        The latter is used up.
        """
        energy = self._energy(picture, known.shape)
        noise = noise_energy(energy)
        np.maximum(energy, _TINY, out=energy)
        foreseen = np.divide(np.float32(self._change**2 * noise), energy, out=energy)
        np.minimum(foreseen, 1.0, out=foreseen)  # the part of the energy that is noise
        least = min(1.0, self._least * math.sqrt(_USUAL / max(noise, _TINY)))
        left = np.subtract(1.0, np.maximum(known, np.float32(least), out=known), out=known)
        return np.asarray(
            np.subtract(1.0, np.multiply(foreseen, left, out=left), out=left), np.float32
        )

    def _energy(self, picture: Image, shape: tuple[int, ...]) -> Image:
        """Return the variance within cells of a picture, that is of its finest scale."""
        square = np.multiply(picture, picture, out=self._scratch.room("gain", picture.shape))
        energy = self._resized(square, shape, "energy")
        mean = self._resized(picture, shape, "mean")
        energy -= np.multiply(mean, mean, out=mean)
        return np.asarray(
            cv2.GaussianBlur(energy, (0, 0), _NEAR, borderType=cv2.BORDER_REFLECT), np.float32
        )

    def _pyramid(self, picture: Image) -> list[Image]:
        """Return a picture and smaller ones, each half the size of the one before."""
        found = [picture]
        while len(found) <= _SCALES and min(found[-1].shape) >= 2 * _SMALLEST:
            room = self._scratch.room("lower", _half(found[-1].shape))
            found.append(np.asarray(cv2.pyrDown(found[-1], dst=room), np.float32))
        return found

    def _resized(self, image: Image, shape: tuple[int, ...], name: str) -> Image:
        return _resized(image, shape, self._scratch.room(name, shape))


def noise_energy(energy: Image) -> float:
    """Return the energy of noise in a band, by its quiet places; places without any are none."""
    step = max(1, round(math.sqrt(energy.size / _SAMPLES)))
    some = energy[::step, ::step]
    some = some[some > 1e-9]
    if some.size == 0:
        return 0.0
    place = min(int(_QUIET * some.size), some.size - 1)
    return min(_MEDIAN * float(np.partition(some, place)[place]), _LOUDEST)


def _smaller(known: Image, bands: list[Image]) -> list[Image]:
    """Return a map of half the size of every band, from the finest on."""
    found: list[Image] = []
    for band in bands:
        found.append(_resized(found[-1] if found else known, _half(band.shape)))
    return found


def _resized(image: Image, shape: tuple[int, ...], into: Image | None = None) -> Image:
    if image.shape == shape:
        return image
    how = cv2.INTER_AREA if image.shape[0] > shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, shape[::-1], dst=into, interpolation=how), np.float32)


def _half(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the size that pyrDown makes."""
    return tuple((side + 1) // 2 for side in shape)
