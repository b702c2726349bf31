"""Palettes for pictures of few colours, and pictures as places in them.

Colours are found by median cut and moved to the means of what they stand for (k-means), over
pictures from the whole clip, so that one palette serves all frames and nothing flickers. Grey
levels need no search: all 256 fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from xray_studio.core.output import Dither, Picture

Colours = npt.NDArray[np.uint8]

_PIXELS: Final = 1 << 19  # that are looked at in all
_ROUNDS: Final = 3  # of k-means
_BITS: Final = 6  # of each channel in the table from colours to palette places
# Ordered dithering: Bayer's 8 x 8 thresholds, evenly spread over -0.5 to 0.5.
_BAYER_2: Final = np.array([[0, 2], [3, 1]])


def _bayer(size: int) -> npt.NDArray[np.float32]:
    found = np.zeros((1, 1), int)
    while len(found) < size:
        found = np.kron(np.ones((2, 2), int), 4 * found) + np.kron(_BAYER_2, np.ones_like(found))
    return ((found + 0.5) / size**2 - 0.5).astype(np.float32)


_THRESHOLDS: Final = _bayer(8)


def grey_palette(levels: int) -> Colours:
    """Return `levels` greys from black to white, uint8 (levels, 3)."""
    greys = np.rint(np.linspace(0, 255, levels)).astype(np.uint8)
    return np.repeat(greys[:, None], 3, axis=1)


def colour_palette(pictures: Sequence[Picture], colours: int) -> Colours:
    """Return at most `colours` colours for RGB pictures (rows, columns, 3), uint8 (colours, 3)."""
    pixels = np.concatenate([_some(picture, len(pictures)) for picture in pictures])
    found = np.unique(pixels, axis=0)
    if len(found) <= colours:
        return np.asarray(found)
    strip = Image.fromarray(pixels[None])
    method = Image.Quantize.MEDIANCUT
    chosen = strip.quantize(colours, method, kmeans=_ROUNDS, dither=Image.Dither.NONE).getpalette()
    assert chosen is not None
    listed = np.array(chosen, np.uint8).reshape(-1, 3)[:colours]
    return np.asarray(np.unique(listed, axis=0))


def _some(picture: Picture, share: int) -> Picture:
    """Return pixels of an RGB picture, evenly spread, (pixels, 3)."""
    step = max(1, int(np.sqrt(picture.shape[0] * picture.shape[1] * share / _PIXELS)))
    return picture[::step, ::step].reshape(-1, 3)


@dataclass(frozen=True, slots=True)
class _Greys:
    """Places of grey levels in a grey palette."""

    levels: int
    dither: Dither

    def places(self, picture: Picture) -> Picture:
        """Return places of a uint8 picture (rows, columns)."""
        if self.levels == 256:
            return picture
        if self.dither is Dither.DIFFUSED:
            return _diffused(np.repeat(picture[..., None], 3, axis=2), grey_palette(self.levels))
        values = picture.astype(np.float32) * ((self.levels - 1) / 255.0)
        if self.dither is Dither.ORDERED:
            values += _tiled(picture.shape)
        return np.asarray(np.clip(np.rint(values), 0, self.levels - 1), np.uint8)


class Palette:
    """Colours, uint8 (at most 256, 3), and how pictures are told by them."""

    def __init__(self, colours: Colours, dither: Dither, *, grey: bool) -> None:
        self.colours, self._dither = colours, dither
        self._greys = _Greys(len(colours), dither) if grey else None
        self._table = None if grey else _nearest(colours)
        self._spread = 0.0 if grey else _distance(colours)

    def places(self, picture: Picture) -> Picture:
        """Return the places in the palette of a picture, uint8 (rows, columns)."""
        if self._greys is not None:
            return self._greys.places(picture)
        if self._dither is Dither.DIFFUSED:
            return _diffused(picture, self.colours)
        assert self._table is not None
        if self._dither is Dither.ORDERED:
            pattern = _tiled(picture.shape[:2])[..., None] * self._spread
            picture = np.clip(np.rint(picture + pattern), 0, 255).astype(np.uint8)
        cells = (picture >> (8 - _BITS)).astype(np.intp)
        return np.asarray(self._table[cells[..., 0], cells[..., 1], cells[..., 2]])


def _tiled(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Return the pattern of ordered dithering over a picture, float32 -0.5 to 0.5."""
    rows, columns = shape[:2]
    tiles = (-(-rows // 8), -(-columns // 8))
    return np.tile(_THRESHOLDS, tiles)[:rows, :columns]


def _nearest(colours: Colours) -> Picture:
    """Return the place of the nearest colour for every cell of RGB, uint8 (64, 64, 64)."""
    middles = np.arange(1 << _BITS, dtype=np.float32) * (255.0 / ((1 << _BITS) - 1))
    blue_green = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    table = np.empty((1 << _BITS, 1 << 2 * _BITS), np.uint8)
    wanted = colours.astype(np.float32)
    rest = _squares(blue_green, wanted[:, 1:])
    for place, red in enumerate(middles):
        table[place] = np.argmin(rest + (wanted[:, 0] - red) ** 2, axis=1)
    return table.reshape((1 << _BITS,) * 3)


def _squares(
    one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Return squared distances of all pairs, (len(one), len(other))."""
    apart = one[:, None] - other[None]
    return np.asarray(np.einsum("ijk,ijk->ij", apart, apart))


def _distance(colours: Colours) -> float:
    """Return how far a colour is from the next one of the palette, per channel, on average."""
    if len(colours) < 2:
        return 0.0
    squares = _squares(colours.astype(np.float32), colours.astype(np.float32))
    np.fill_diagonal(squares, np.inf)
    return float(np.sqrt(squares.min(axis=1) / 3).mean())


def _diffused(picture: Picture, colours: Colours) -> Picture:
    """Return places with errors spread over the neighbours (Floyd and Steinberg, 1976)."""
    image = Image.new("P", (1, 1))
    image.putpalette(colours.tobytes())
    shown = Image.fromarray(np.ascontiguousarray(picture))
    places = shown.quantize(palette=image, dither=Image.Dither.FLOYDSTEINBERG)
    return np.asarray(places)
