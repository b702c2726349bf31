"""Colours of heat maps: what speaks for a finding, and in blue what speaks against it.

The maps run from dark to bright through reds and yellows, so that blue is on the other side for
every kind of colour vision (Okabe and Ito, "Color Universal Design", 2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.colour_map import colour_table
from xray_studio.core.learning.heat import HeatValues

Colours: TypeAlias = npt.NDArray[np.uint8]

HEAT_MAPS: Final[Mapping[str, str]] = MappingProxyType(
    {"inferno": "Inferno", "hot-iron": "Hot iron", "orange": "Orange"}
)
"""Names as on the command line, and as a person reads them."""

AGAINST: Final = (77, 163, 255)
_ORANGE: Final = (255, 143, 77)
_DARKEST: Final = 64  # of 256 levels of a map; below it a film could not be told from it
_NONE, _FULL = 0.1, 0.5  # of the limit: up to there nothing is covered, from there on all of it


def heat_colours(
    values: HeatValues, limit: float, name: str
) -> tuple[Colours, npt.NDArray[np.float32]]:
    """Return colours, RGB (..., 3), and cover, 0 to 1, of the values of a heat map.

    `limit` is the value of the brightest colour, `name` one of `HEAT_MAPS`. What is below a tenth
    of it is not covered, so that most of a film stays as it is.
    """
    part = np.clip(values / np.float32(limit or 1.0), -1.0, 1.0)
    against = np.array(AGAINST, np.uint8)
    colours = np.where(part[..., None] < 0.0, against, shades(np.abs(part), name))
    cover = (np.abs(part) - np.float32(_NONE)) / np.float32(_FULL - _NONE)
    return colours.astype(np.uint8), np.clip(cover, np.float32(0.0), np.float32(1.0))


def shades(parts: npt.NDArray[np.float32], name: str) -> Colours:
    """Return the colours, RGB (..., 3), of values from 0 to 1; `name` is one of `HEAT_MAPS`."""
    place = _DARKEST + np.rint(parts * (255 - _DARKEST)).astype(np.intp)
    table = np.full((256, 3), _ORANGE, np.uint8) if name == "orange" else colour_table(name)
    return np.asarray(table[place], np.uint8)
