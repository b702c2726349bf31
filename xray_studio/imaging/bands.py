"""Bands: work on single pixels, done on a few rows at a time, which then stay in the cache.

Whole frames are larger than the cache of a core; every operation on them would wait for memory, and
fresh memory for what is between two operations costs more than these themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from xray_studio.core.step import Image

_PIXELS: Final = 32_768  # of a band: 128 KiB, of which a few are in use at once


def in_bands(work: Callable[[Image], Image], image: Image) -> Image:
    """Return `work` of all rows of an image of any dimensions, in its shape.

    What `work` gives for a pixel depends on that pixel alone; it gets bands (rows, columns).
    """
    flat = image.reshape(-1, image.shape[-1])
    made = np.empty(flat.shape, np.float32)
    step = max(1, _PIXELS // flat.shape[1])
    for first in range(0, len(flat), step):
        made[first : first + step] = work(flat[first : first + step])
    return made.reshape(image.shape)
