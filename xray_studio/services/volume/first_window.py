"""The window that a clip of planes opens with where its file offers none."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Window
from xray_studio.services.volume.windows import suited_window

WHOLE: Final = "Whole volume"
_PLANES: Final = 16  # planes that are looked at, evenly spread
_PIXELS: Final = 256  # pixels of a side of each of them that are looked at


def first_window(clip: Clip) -> Window | None:
    """Return the window that shows most of a grey volume, None where it holds no finite number.

    The first and last planes of a volume are often empty, so planes all through it count.
    """
    found = suited_window(_some_values(clip))
    return None if found is None else replace(found, explanation=WHOLE)


def _some_values(clip: Clip) -> npt.NDArray[np.float64]:
    count = len(clip)
    numbers = sorted({round(n) for n in np.linspace(0, count - 1, min(count, _PLANES))})
    step = max(1, max(clip.rows, clip.columns) // _PIXELS)
    planes = [
        clip.modality_at(number).apply(clip.stored(number)[::step, ::step]).ravel()
        for number in numbers
    ]
    return np.concatenate(planes)
