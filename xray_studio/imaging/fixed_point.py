"""16-bit numbers for filters that know no others, and back without loss of precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_FINEST: Final = 64.0  # numbers for one deviation of the noise
_COARSEST: Final = 4.0  # fewer, and rounding would be as strong as the noise
_TOP: Final = 65_535.0
Numbers: TypeAlias = npt.NDArray[np.uint16]


def through_numbers(
    frames: Image, here: int, strength: float, work: Callable[[Numbers, float], Numbers]
) -> Image:
    """Return frame `here` changed by as much as `work` changes it as 16-bit numbers.

    `frames` are float32 (frames, rows, columns) with noise of deviation 1; `work` takes them as
    numbers with `strength` in the same unit. Where noise is so weak beside the range that numbers
    cannot resolve it, there is nothing to take away, and the frame comes back as it was.
    """
    before: Image = frames[here]
    low, high = float(frames.min()), float(frames.max())
    scale = min(_FINEST, _TOP / max(high - low, 1e-12))
    if scale < _COARSEST:
        return np.array(before)
    numbers = np.rint((frames - np.float32(low)) * np.float32(scale)).astype(np.uint16)
    made = work(numbers, strength * scale)
    change = made.astype(np.float32) - numbers[here].astype(np.float32)
    result: Image = before + change * np.float32(1.0 / scale)
    return result
