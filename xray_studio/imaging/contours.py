"""Borders of regions drawn into pictures, as the window draws them over what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.output import Picture
from xray_studio.imaging.stamps import AI_PILL

_WIDTH, _EDGE = 1.4, 3.2  # of a line and of its dark edge, in a picture of _ROWS rows
_ROWS: Final = 512
_SHADE: Final = 150 / 255  # how far the edge covers what is under it
_FINE: Final = 4  # binary digits behind the point of a place
Points = npt.NDArray[np.float32]


def draw_contours(picture: Picture, lines: Sequence[Points], shape: tuple[int, int]) -> None:
    """Draw closed lines of (column, row) into RGB in place.

    Lines are in pixels of a frame of `shape` (rows, columns) that the picture shows all of, in any
    size; the middle of its first pixel is 0.5, 0.5.
    """
    rows, columns = picture.shape[:2]
    times = np.array((columns / shape[1], rows / shape[0]), np.float32)
    places = [np.round((line * times - 0.5) * (1 << _FINE)).astype(np.int32) for line in lines]
    finer = max(1.0, rows / _ROWS)
    edges = np.zeros((rows, columns), np.uint8)
    cv2.polylines(edges, places, True, 255, round(_EDGE * finer), cv2.LINE_AA, _FINE)
    left = 1.0 - _SHADE * edges[..., None].astype(np.float32) / 255.0
    picture[...] = np.rint(picture * left).astype(np.uint8)
    cv2.polylines(picture, places, True, AI_PILL, round(_WIDTH * finer), cv2.LINE_AA, _FINE)
