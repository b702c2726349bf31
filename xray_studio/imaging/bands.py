"""Bands: work on a few rows at a time, which then stay in the cache, on all cores.

Whole frames are larger than the cache of a core; every operation on them would wait for memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import cv2
import numpy as np

from xray_studio.core.step import Image

_PIXELS: Final = 32_768  # of a band: 128 KiB, of which a few are in use at once
_MANY: Final = 16  # bands: half a million pixels
R = TypeVar("R")


def in_bands(work: Callable[[Image], Image], image: Image) -> Image:
    """Return `work` of all rows of an image of any dimensions, in its shape.

    What `work` gives for a pixel depends on that pixel alone; it gets bands (rows, columns).
    """
    flat = image.reshape(-1, image.shape[-1])
    made = np.empty(flat.shape, np.float32)
    step = max(1, _PIXELS // flat.shape[1])

    def one(first: int) -> None:
        made[first : first + step] = work(flat[first : first + step])

    at_once(one, range(0, len(flat), step), _MANY)
    return made.reshape(image.shape)


def at_once(work: Callable[[int], R], places: Sequence[int], fewest: int = 2) -> list[R]:
    """Return `work` of every place, in their order, each done by any of the cores.

    Fewer than `fewest` are not worth the start of threads.
    """
    if len(places) < fewest:
        return [work(place) for place in places]
    with ThreadPoolExecutor(max(1, cv2.getNumThreads())) as cores:
        return list(cores.map(work, places))
