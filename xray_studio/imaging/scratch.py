"""Scratch: pictures to write into that are kept from frame to frame.

Fresh memory for every picture costs as much as a pass over it, because the system hands it out page
by page, each filled with zeros.
"""

from __future__ import annotations

import numpy as np

from xray_studio.core.step import Image


class Scratch:
    """Pictures by name and size; what is in one holds until it is asked for again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, tuple[int, ...]], Image] = {}

    def room(self, name: str, shape: tuple[int, ...]) -> Image:
        """Return a picture, float32 of `shape`, with whatever is in it."""
        if (name, shape) not in self._kept:
            self._kept[name, shape] = np.empty(shape, np.float32)
        return self._kept[name, shape]
