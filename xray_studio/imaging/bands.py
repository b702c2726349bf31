"""Bands: work on a few rows at a time, which then stay in the cache, or go to all cores.

Whole frames are larger than the cache of a core; every operation on them would wait for memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import cv2
import numpy as np

from xray_studio.core.step import Image

_PIXELS: Final = 65_536  # of a band: 256 KiB, of which a few are in use at once
R = TypeVar("R")


def in_bands(work: Callable[[Image, Image], object], image: Image) -> Image:
    """Return what `work` makes of all rows of an image of any dimensions, in its shape.

    It gets a band (rows, columns) and where to write what it makes of it; what it makes of a pixel
    depends on that pixel alone.
    """
    flat = image.reshape(-1, image.shape[-1])
    made = np.empty(flat.shape, np.float32)
    step = max(1, _PIXELS // flat.shape[1])
    for first in range(0, len(flat), step):
        rows = slice(first, first + step)
        work(flat[rows], made[rows])
    return made.reshape(image.shape)


def at_once(work: Callable[[int], R], places: Sequence[int]) -> list[R]:
    """Return `work` of every place, in their order, each done by any of the cores.

    The start of threads pays from some milliseconds of work on.
    """
    if len(places) == 1:
        return [work(places[0])]
    with ThreadPoolExecutor(max(1, cv2.getNumThreads())) as cores:
        return list(cores.map(work, places))
