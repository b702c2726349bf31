"""The window that a volume opens with where its file offers none."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Window

WHOLE: Final = "Whole volume"
_PLANES: Final = 16  # planes that are looked at, evenly spread
_PIXELS: Final = 256  # pixels of a side of each of them that are looked at
_GROUND: Final = 0.3  # share of voxels of one value, the lowest, that makes it the background
_LOW, _HIGH = 1.0, 99.0  # percentiles


def first_window(clip: Clip) -> tuple[Window, ...]:
    """Return the window that shows most of a grey volume, () where it holds no finite number.

    The first and last planes of a volume are often empty, so planes all through it count. A
    background of one value, as of masks and of heads without skull, is black and counts no more.
    """
    values = _some_values(clip)
    if not values.size:
        return ()
    lowest = values.min()
    ground = values == lowest
    if _GROUND < ground.mean() < 1.0:
        low, high = lowest, np.percentile(values[~ground], _HIGH)
    else:
        low, high = np.percentile(values, (_LOW, _HIGH))
    if low == high:
        low, high = lowest, values.max()
    return (Window.spanning(float(low), float(high), WHOLE),)


def _some_values(clip: Clip) -> npt.NDArray[np.float64]:
    count = len(clip)
    numbers = sorted({round(n) for n in np.linspace(0, count - 1, min(count, _PLANES))})
    step = max(1, max(clip.rows, clip.columns) // _PIXELS)
    planes = (
        clip.modality_at(number).apply(clip.stored(number)[::step, ::step]).ravel()
        for number in numbers
    )
    found = np.concatenate(list(planes))
    return np.asarray(found[np.isfinite(found)])
