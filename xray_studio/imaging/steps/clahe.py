"""CLAHE: local histogram equalisation whose contrast is limited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.parameter import number, whole
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.bands import at_once
from xray_studio.imaging.steps.enhancer import Enhancer

_BINS: Final = 256
_ROWS: Final = 32  # of a band, whose curves stay in the cache
_COUNTED: Final = 128  # rows that are counted at once
_Curves: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Clahe(Enhancer):
    """Contrast limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994).

    Curves are straight between bins, so that frames keep their depth (OpenCV's and scikit-image's
    give 256 greys); they are those of the clip's usual range, so that loops do not flicker.
    """

    name: ClassVar[str] = "clahe"
    title: ClassVar[str] = "Local contrast"
    about: ClassVar[str] = "Spreads the greys of each part of the picture; faint parts show more."

    limit: float = number(
        "Limit", 2.0, 1.0, 20.0, about="Steepest curve: 1 changes nothing, 2 doubles contrast."
    )
    tiles: int = whole("Parts", 8, 1, 32, about="Parts along each side that have a curve each.")
    strength: float = number("Strength", 1.0, 0.0, 1.0, about="1 is wholly, 0 is not at all.")

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the frame with local curves; what is outside the usual range stays."""
        low, high = scene.usual
        scaled = (frame - np.float32(low)) * np.float32(_BINS / (high - low))
        inside = (scaled > 0.0) & (scaled < _BINS)
        scaled = np.clip(scaled, 0.0, _BINS)
        rows, columns = (min(self.tiles, side) for side in frame.shape)
        curves = _curves(scaled, inside, rows, columns, self.limit)
        made = np.float32(low) + np.float32(high - low) * _looked_up(curves, scaled)
        changed: Image = np.where(inside, frame + np.float32(self.strength) * (made - frame), frame)
        return changed


def _curves(
    scaled: Image, inside: npt.NDArray[np.bool_], rows: int, columns: int, limit: float
) -> _Curves:
    """Return the curve of every part, (rows, columns, bins + 1) from 0 to 1."""
    counts = _counts(scaled, inside, rows, columns).astype(np.float64)
    counts = counts.reshape(rows, columns, _BINS)
    total = counts.sum(axis=2, keepdims=True)
    shares = np.where(total > 0, counts / np.maximum(total, 1.0), 1.0 / _BINS)
    curves = np.zeros((rows, columns, _BINS + 1), np.float32)
    curves[..., 1:] = np.cumsum(_limited(shares, limit / _BINS), axis=2)
    return curves


def _counts(
    scaled: Image, inside: npt.NDArray[np.bool_], rows: int, columns: int
) -> npt.NDArray[np.intp]:
    """Return how many pixels of every part are in every bin, in one line."""
    down = np.arange(scaled.shape[0]) * rows // scaled.shape[0]
    across = np.arange(scaled.shape[1]) * columns // scaled.shape[1]

    def band(first: int) -> npt.NDArray[np.intp]:
        part = slice(first, first + _COUNTED)
        bins = np.minimum(scaled[part].astype(np.intp), _BINS - 1)
        bins += (down[part, None] * columns + across) * _BINS
        return np.bincount(bins[inside[part]], minlength=rows * columns * _BINS)

    found = at_once(band, range(0, len(scaled), _COUNTED))
    made: npt.NDArray[np.intp] = np.sum(found, axis=0)
    return made


def _limited(shares: npt.NDArray[np.float64], most: float) -> npt.NDArray[np.float64]:
    """Return shares of which none is above `most`, the rest spread evenly over those below."""
    for _ in range(20):
        above = np.maximum(shares - most, 0.0).sum(axis=2, keepdims=True)
        shares = np.minimum(shares, most)
        room = np.maximum(most - shares, 0.0)
        space = room.sum(axis=2, keepdims=True)
        shares = shares + np.where(space > 0, room / np.maximum(space, 1e-30), 0.0) * np.minimum(
            above, space
        )
    shares /= shares.sum(axis=2, keepdims=True)
    return shares


def _looked_up(curves: _Curves, scaled: Image) -> Image:
    """Return the values of the curves of the parts around each pixel, weighted by distance."""
    above, below, down = _parts(scaled.shape[0], curves.shape[0])
    made = np.empty_like(scaled)

    def band(first: int) -> None:
        rows = slice(first, first + _ROWS)
        part = down[rows, None, None]
        own = (1.0 - part) * curves[above[rows]] + part * curves[below[rows]]
        made[rows] = _across(own, scaled[rows])

    at_once(band, range(0, len(scaled), _ROWS))
    return made


def _across(curves: _Curves, scaled: Image) -> Image:
    """Return the values of rows that have curves of their own, (rows, columns of parts, bins)."""
    rows, columns, _ = curves.shape
    left, right, across = _parts(scaled.shape[1], columns)
    bins = np.minimum(scaled.astype(np.intp), _BINS - 1)
    between = scaled - bins.astype(np.float32)
    first = np.arange(rows)[:, None] * columns
    before, after = (
        _value(curves.reshape(-1), (first + column) * (_BINS + 1) + bins, between)
        for column in (left, right)
    )
    after -= before
    after *= across
    after += before
    return after


def _value(curves: _Curves, places: npt.NDArray[np.intp], between: Image) -> Image:
    """Return the values between places of curves and the next ones."""
    value = curves.take(places)
    value += between * (curves.take(places + 1) - value)
    return value


def _parts(size: int, parts: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Image]:
    """Return for each pixel the part before and after it and the weight of the latter."""
    at = (np.arange(size) + 0.5) * parts / size - 0.5
    before = np.clip(np.floor(at).astype(np.intp), 0, parts - 1)
    after = np.minimum(before + 1, parts - 1)
    return before, after, np.clip(at - before, 0.0, 1.0).astype(np.float32)
