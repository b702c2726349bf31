"""The map of a detector of the unusual as a layer over the picture."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from xray_studio.core.anomaly.detection import ScoreMap, Scores
from xray_studio.core.anomaly.explanation import Sight
from xray_studio.core.learning.heat_colours import Colours, shades
from xray_studio.services.setting_groups import Unusual
from xray_studio.ui.unusual_state import Answer
from xray_studio.ui.viewer.layer import Layer, Scale

LEVELS: Final = 256
FINEST: Final = 1024  # pixels of the longer side that a map is drawn at, at most


def map_layer(answer: Answer, scores: ScoreMap, title: str, how: Unusual) -> Layer:
    """Return the map of a frame as it lies over its picture."""
    threshold = answer.found.threshold.value
    part = None if how.everywhere else (threshold, how.least)
    make = partial(map_image, scores, part, how.colours)
    key = (scores, part, how.colours)
    scale = score_scale((title, "score"), how.colours, threshold)
    return Layer(key, make, how.opacity / 100.0, scale)


def sight_layer(sight: Sight, shape: tuple[int, int], how: Unusual) -> Layer:
    """Return a picture of an explanation as it lies over its frame, which has (rows, columns)."""
    make = partial(score_image, sight.values, shape, how.colours)
    scale = score_scale((sight.title,), how.colours)
    return Layer((sight, how.colours), make, how.opacity / 100.0, scale)


def map_image(scores: ScoreMap, part: tuple[float, int] | None, colours: str) -> QImage:
    """Return the map of a frame in colours.

    `part` are a threshold and the smallest area of a region in pixels, outside of which it is
    transparent; None for all of it.
    """
    from xray_studio.imaging.unusual import marked  # OpenCV: not needed to start

    mask = None if part is None else marked(scores, *part)
    return score_image(scores.values, scores.shape, colours, mask)


def score_image(
    values: Scores, shape: tuple[int, int], colours: str, mask: npt.NDArray[np.bool_] | None = None
) -> QImage:
    """Return scores in colours, outside of a mask transparent, at most as fine as their frame."""
    from xray_studio.imaging.unusual import sized

    fine, kept = sized(values, shape, FINEST, mask)
    pixels = _table(colours)[np.rint(fine * (LEVELS - 1)).astype(np.uint8)]
    if kept is not None:
        pixels[~kept] = 0
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, _FORMAT)
    return image.copy()  # of its own: the numbers go


def score_scale(lines: tuple[str, ...], colours: str, threshold: float | None = None) -> Scale:
    """Return what the colours of scores stand for."""
    return Scale(lines, "0", "1", _shades(colours, 33), marked=threshold)


def _shades(colours: str, count: int) -> Colours:
    return shades(np.linspace(0.0, 1.0, count, dtype=np.float32), colours)


def _table(colours: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Return the 256 colours of scores as pixels of _FORMAT, (256,)."""
    red, green, blue = _shades(colours, LEVELS).astype(np.uint32).T
    return np.asarray((0xFF << 24) | (red << 16) | (green << 8) | blue, np.uint32)


_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied
