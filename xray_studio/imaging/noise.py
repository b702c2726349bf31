"""Noise of pictures, estimated from them: variance = gain * value + ground.

X-ray noise is Poisson plus Gauss (Foi et al., "Practical Poissonian-Gaussian noise modeling and
fitting", IEEE Transactions on Image Processing 17(10), 2008), so its variance is a straight line
over the value. Every block of a picture gives a mean and a variance; among blocks of like mean the
variance that is met most often is that of the noise, since structure only adds to it and differs
from place to place (`imaging.noise_line`).

Two frames that follow each other differ by their noise alone wherever nothing moves: there noise is
seen whole, also when neighbours share it. A single picture shows it only against its structure: a
fourth mixed difference over 1, 2, 3 and 4 pixels (Immerkaer, "Fast noise variance estimation",
1996, widened) takes smooth structure away, and how its energy grows with the distance tells how far
neighbours share their noise, as if white noise had been blurred by a Gaussian.

What this cannot do: tell noise from texture as fine and as even as noise, in a single picture; see
more than a part of noise that neighbours share over many pixels there; see the noise that a
recursive filter in the machine or strong JPEG compression took away; follow noise that falls with
the value (then one mean level is returned).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.scene import Noise
from xray_studio.core.step import Image
from xray_studio.imaging.noise_line import Blocks, line_through, most_frequent, share_near

_BLOCK: Final = 16  # pixels
_ROUNDING: Final = 1e-6  # of the range of a picture: what computing leaves of nothing
_STEPS: Final = (1, 2, 3, 4)  # pixels over which a picture is compared with itself
_SEEN: Final = 0.4  # part of the noise that a difference shows, at least, to be trusted
_WIDTHS: Final = np.linspace(0.0, 1.5, 61)  # deviations of a Gaussian that blurs noise, in pixels
_STILL: Final = 0.5  # part of the blocks on the line without which too much moves
_FALL: Final = 0.4  # of the noise within a picture: less between two, and they are no fresh ones
_Line = npt.NDArray[np.float64]


def estimate_noise(frames: Image, following: Image | None = None) -> Noise:
    """Return the noise of frames of one clip, float32 (frames, rows, columns).

    `following` are the frames that follow on them, of the same shape, where there are any. Pictures
    too small to tell, and constant ones, have no noise.
    """
    within = _within(frames)
    if following is None:
        return within
    between = _between(frames, following)
    if between is None:
        return within
    middle = float(np.median(frames[:, ::8, ::8]))
    return between if between.variance(middle) > _FALL * within.variance(middle) else within


def _between(frames: Image, following: Image) -> Noise | None:
    """Return the noise by differences of frames, None where they do not tell."""
    pairs = zip(frames, following, strict=True)
    found = [_difference(one, other) for one, other in pairs if not np.array_equal(one, other)]
    blocks = Blocks.join(found)
    if not blocks.enough:
        return None
    line = line_through(blocks.means, blocks.variances[0])
    return line if share_near(line, blocks.means, blocks.variances[0]) >= _STILL else None


def _difference(one: Image, other: Image) -> Blocks:
    """Return mean and half the variance of the difference of two frames, block by block."""
    new = other - one
    rows, columns = (max(1, side // _BLOCK) for side in new.shape)
    small = cv2.resize(new, (columns, rows), interpolation=cv2.INTER_AREA)
    flicker = cv2.resize(cv2.blur(small, (5, 5)), new.shape[::-1], interpolation=cv2.INTER_LINEAR)
    middle = np.float32(0.5) * (one + other)
    return _blocks(middle, [(new - flicker) ** 2 * np.float32(0.5)], _open(one, other))


def _within(frames: Image) -> Noise:
    """Return the noise by differences within frames."""
    blocks = Blocks.join([_compared(frame) for frame in frames])
    if not blocks.enough:
        return Noise()
    grown = [most_frequent(np.log(one / blocks.variances[0])) for one in blocks.variances[1:]]
    width = _blur_of(np.array([0.0, *grown]))
    seen = _part_seen(width)
    place = int(np.argmax(seen >= _SEEN)) if (seen >= _SEEN).any() else len(_STEPS) - 1
    line = line_through(blocks.means, blocks.variances[place])
    return Noise(line.gain / seen[place], line.ground / seen[place])


def _compared(frame: Image) -> Blocks:
    """Return mean and energies of the differences of a frame with itself, block by block."""
    return _blocks(frame, [_mixed(frame, step) ** 2 for step in _STEPS], _open(frame))


def _mixed(image: Image, step: int) -> Image:
    """Return the mixed fourth difference over `step` pixels; white noise keeps its variance."""
    kernel = np.zeros(2 * step + 1, np.float32)
    kernel[[0, step, -1]] = np.array([1.0, -2.0, 1.0], np.float32) / 6.0**0.5
    return np.asarray(cv2.sepFilter2D(image, -1, kernel, kernel), np.float32)


def _part_seen(width: float) -> _Line:
    """Return how much of noise blurred by a Gaussian of deviation `width` each difference shows."""
    steps = np.array(_STEPS, np.float64)
    shared = np.exp(-(steps**2) / (4.0 * max(width, 1e-3) ** 2))
    made: _Line = (1.0 - 4.0 / 3.0 * shared + shared**4 / 3.0) ** 2
    return made


def _blur_of(grown: _Line) -> float:
    """Return the deviation whose differences grow with their distance as found, in logarithms."""
    misses = []
    for width in _WIDTHS:
        seen = np.log(np.maximum(_part_seen(float(width)), 1e-6))
        misses.append(float(np.abs(seen - seen[0] - grown).sum()))
    return float(_WIDTHS[int(np.argmin(misses))])


def _open(*frames: Image) -> npt.NDArray[np.bool_]:
    """Tell where (rows, columns) values are neither the lowest nor the highest of their frame."""
    made = np.ones(frames[0].shape, np.bool_)
    for frame in frames:
        made &= (frame > frame.min()) & (frame < frame.max())
    return made


def _blocks(image: Image, energies: list[Image], good: npt.NDArray[np.bool_]) -> Blocks:
    """Return mean and mean energies of the blocks of a picture whose values are all good."""
    if min(image.shape) < _BLOCK:
        return Blocks(np.zeros(0), np.zeros((len(energies), 0)))
    means, parts = _mean(image), np.stack([_mean(one) for one in energies])
    whole = _mean(good.astype(np.float32)) > 0.999
    whole &= (parts > (_ROUNDING * float(np.ptp(image))) ** 2).all(axis=0)
    return Blocks(means[whole], parts[:, whole])


def _mean(image: Image) -> _Line:
    """Return the means of all whole blocks."""
    rows, columns = (side // _BLOCK for side in image.shape)
    part = image[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    made: _Line = part.mean(axis=(1, 3), dtype=np.float64)
    return made.ravel()
