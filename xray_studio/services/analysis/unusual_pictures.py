"""Pictures of what is unlike normal films in one: over it, and as a mask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.output import Picture
from xray_studio.imaging.heat import laid_over
from xray_studio.imaging.unusual import at_pixels, marked, regions
from xray_studio.services.analysis.result import FilmAnalysis
from xray_studio.services.learning.inference.map_files import COLOURS, OPACITY, with_words

LEAST = 1 / 2000  # of a film: smaller regions are left out of the mask


def unusual_over(film: FilmAnalysis, picture: Picture) -> Picture:
    """Return a picture of a film, of any size, with the map over it, RGB, with what it is."""
    found = _found(film)
    one = replace(found.maps[0], shape=(picture.shape[0], picture.shape[1]))
    drawn = laid_over(picture, at_pixels(one), 1.0, COLOURS, OPACITY)
    return with_words(drawn, ("unlike normal films", f"score {one.score:.2f}"))


def unusual_mask(film: FilmAnalysis) -> Picture:
    """Return what is marked at the pixels of the film, 255 on 0, uint8 (rows, columns)."""
    found = _found(film)
    rows, columns = found.maps[0].shape
    mask = marked(found.maps[0], found.threshold.value, max(1, round(LEAST * rows * columns)))
    return np.where(mask, 255, 0).astype(np.uint8)


def unusual_words(film: FilmAnalysis) -> str:
    """Return score and number of regions in words."""
    found = _found(film)
    rows, columns = found.maps[0].shape
    count = len(regions(found, 0, max(1, round(LEAST * rows * columns))))
    told = f"{count} region{'' if count == 1 else 's'} marked"
    return f"of normal films {100.0 * found.maps[0].score:.0f} % have lower scores; {told}"


def _found(film: FilmAnalysis) -> Detection:
    assert film.unusual is not None
    return film.unusual
