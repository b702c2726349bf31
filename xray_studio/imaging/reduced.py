"""JPEG 2000 at a fraction of its size, by Pillow: the one binding here that can halve."""

from __future__ import annotations

import io
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

Samples = npt.NDArray[Any]


class Header(Protocol):
    """What the codestream says about itself."""

    @property
    def precision(self) -> int:
        """Bits of a sample."""

    @property
    def signed(self) -> bool:
        """Whether samples are signed."""


def reduced_jpeg_2000(data: bytes, halvings: int, header: Header) -> Samples:
    """Return samples at 1 / 2^halvings of the size: (rows, columns) or (rows, columns, 3).

    Pillow widens samples to 8 or 16 bits and makes signed ones unsigned; both are undone here.
    Raises OSError when the data is damaged.
    """
    with Image.open(io.BytesIO(data)) as image:
        image.reduce = halvings  # type: ignore[method-assign, assignment]  # Pillow's way to ask
        image.load()
        widened = np.asarray(image)
    narrow = widened >> max(0, 8 * widened.itemsize - header.precision)
    if not header.signed:
        return narrow
    return narrow.astype(f"i{2 * widened.itemsize}") - (1 << (header.precision - 1))
