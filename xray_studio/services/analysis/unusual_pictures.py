"""What is unlike normal films in one film of an analysis: as words, and for the page."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.output import Picture
from xray_studio.imaging.heat import laid_over
from xray_studio.imaging.unusual import at_pixels
from xray_studio.services.analysis.result import FilmAnalysis
from xray_studio.services.anomaly.files import told
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.learning.inference.map_files import COLOURS, OPACITY, with_words

_LEAST = 1 / 2000  # of a film: smaller regions are left out


def unusual_result(film: FilmAnalysis) -> Result:
    """Return what was found in a film that has a map, for the files that hold it."""
    assert film.unusual is not None
    rows, columns = film.unusual.maps[0].shape
    least = max(1, round(_LEAST * rows * columns))
    return Result(film.clip, film.unusual, told(film.unusual, least), least)


def unusual_over(film: FilmAnalysis, picture: Picture) -> Picture:
    """Return a picture of the film, of any size, with the map over it, RGB, with what it is."""
    shape = (picture.shape[0], picture.shape[1])
    one = replace(unusual_result(film).found.maps[0], shape=shape)
    drawn = laid_over(picture, at_pixels(one), 1.0, COLOURS, OPACITY)
    return with_words(drawn, ("unlike normal films", f"score {one.score:.2f}"))


def unusual_words(film: FilmAnalysis) -> str:
    """Return score and number of regions in words."""
    found = unusual_result(film)
    count, score = len(found.regions()), found.found.maps[0].score
    words = f"{count} region{'' if count == 1 else 's'} marked"
    return f"of normal films {100.0 * score:.0f} % have lower scores; {words}"
