"""Pictures of what is unusual: a frame under its map with a legend and the badge, and its mask."""

from __future__ import annotations

import numpy as np

from xray_studio.core.anomaly.detection import ScoreMap
from xray_studio.core.output import Picture
from xray_studio.imaging.contours import draw_contours
from xray_studio.imaging.heat import laid_over
from xray_studio.imaging.heat_scale import draw_scale
from xray_studio.imaging.render import render
from xray_studio.imaging.unusual import at_pixels, outlines
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.dataset.samples import bare
from xray_studio.services.learning.inference.map_files import (
    COLOURS,
    OPACITY,
    with_room,
    with_words,
)

MARKED = 255


def overlay(result: Result, one: ScoreMap) -> Picture:
    """Return a frame under its map, RGB: what is marked, detector, score, scale and the badge.

    What is marked has borders, as in the window. Small frames are enlarged by a whole number, so
    that the words have room.
    """
    shown = np.asarray(render(result.pictured, one.frame, bare(result.clip)))
    found = result.found
    drawn = with_room(laid_over(shown, at_pixels(one), 1.0, COLOURS, OPACITY))
    draw_contours(drawn, outlines(one, found.threshold.value, result.least), one.shape)
    words = (found.detector.name, f"frame {one.frame + 1}, score {one.score:.2f}")
    picture = with_words(drawn, words)
    draw_scale(picture, COLOURS, found.threshold.value)
    return picture


def mask(result: Result, one: ScoreMap) -> Picture:
    """Return what is marked in a frame, (rows, columns): 255, and 0 elsewhere."""
    return np.asarray(result.mask(one).astype(np.uint8) * np.uint8(MARKED))
