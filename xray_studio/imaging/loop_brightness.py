"""How bright a frame of a loop is as a whole, over what the loop usually shows.

A tube whose dose settles makes frames brighter by a gain, a detector whose level drifts by an
offset. Which of both it was is told by what is left over, so that neither is taken for a change.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_SMOOTH: Final = 1.0  # pixels: the deviation of the Gaussian before frames are compared
_EVERY: Final = 2  # of the rows and columns are enough to tell
_GAINS: Final = 0.5, 2.0  # of a frame over the usual one: beyond, it is another picture
# Of what an offset leaves over, at most this is left over by a gain: at the middle place, and on
# the whole: a heart that beats must not be made to fit at the cost of what lies beside it.
_CLEARLY, _WHOLE = 0.8, 0.95


def levelled(frame: Image, usual: Image, seen: npt.NDArray[np.bool_]) -> Image:
    """Return a frame made as bright as the usual one, (rows, columns), by an offset or a gain.

    Places outside `seen` (rows, columns) do not count. A gain goes with the offset that belongs to
    it, so that values need not begin at 0.
    """
    there, known = _counted(frame, seen), _counted(usual, seen)
    offset, left, whole = _settled(there - known)
    gain = _slope(there, known)
    if _GAINS[0] < gain < _GAINS[1]:
        other, less, rest = _settled(there - np.float32(gain) * known)
        if less < _CLEARLY * left and rest < _WHOLE * whole:
            return np.asarray((frame - np.float32(other)) / np.float32(gain), np.float32)
    return np.asarray(frame - np.float32(offset), np.float32)


def _counted(frame: Image, seen: npt.NDArray[np.bool_]) -> Image:
    """Return the places of a frame that count, (places,), without its noise."""
    every = (slice(None, None, _EVERY),) * 2
    smooth = cv2.GaussianBlur(frame, (0, 0), _SMOOTH)
    return np.asarray(smooth[every][seen[every]], np.float32)


def _slope(there: Image, known: Image) -> float:
    """Return the gain of values over known ones, 1 where these are all alike.

    It is the median slope over pairs of a darker and a brighter place, and holds as long as less
    than three of ten places have changed (Sen, "Estimates of the regression coefficient based on
    Kendall's tau", Journal of the American Statistical Association 63, 1968).
    """
    by_value = np.argsort(known, kind="stable")
    half = len(by_value) // 2
    darker, brighter = by_value[:half], by_value[half : 2 * half]
    between = known[brighter] - known[darker]
    apart = between > 0.0
    if not apart.any():
        return 1.0
    return float(np.median((there[brighter] - there[darker])[apart] / between[apart]))


def _settled(apart: Image) -> tuple[float, float, float]:
    """Return the middle of distances, and the median and the mean distance from it."""
    middle = float(np.median(apart))
    far = np.abs(apart - np.float32(middle))
    return middle, float(np.median(far)), float(np.mean(far))
