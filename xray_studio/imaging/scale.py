"""Scale 8-bit pictures for the screen: fast, and without moiré when they shrink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


def scaled(picture: Picture, columns: int, rows: int, *, crisp: bool = False) -> Picture:
    """Return a uint8 picture (rows, columns) or (rows, columns, 3) at another size.

    A large reduction is halved by averaging first, so that no pixel is left out; `crisp` shows
    magnified pixels as they are instead of blending them.
    """
    if crisp:
        return _resized(picture, columns, rows, cv2.INTER_NEAREST)
    while picture.shape[0] >= 2 * rows and picture.shape[1] >= 2 * columns:
        picture = _resized(picture, picture.shape[1] // 2, picture.shape[0] // 2, cv2.INTER_AREA)
    if picture.shape[:2] == (rows, columns):
        return picture
    return _resized(picture, columns, rows, cv2.INTER_LINEAR)


def _resized(picture: Picture, columns: int, rows: int, method: int) -> Picture:
    return _bytes(cv2.resize(picture, (columns, rows), interpolation=method))


def _bytes(picture: npt.NDArray[Any]) -> Picture:
    """Tell the type checker what OpenCV's stubs leave open; nothing is copied."""
    return np.asarray(picture)


def shrunk(frame: npt.NDArray[Any], *, part: int) -> npt.NDArray[Any]:
    """Return stored values, 8 or 16 bits, at 1 / `part` of their size, averaged; read-only."""
    rows, columns = -(-frame.shape[0] // part), -(-frame.shape[1] // part)
    small = np.asarray(cv2.resize(frame, (columns, rows), interpolation=cv2.INTER_AREA))
    small.flags.writeable = False
    return small
