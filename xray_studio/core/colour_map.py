"""Colour maps: what colour a grey level is shown in, for quantities rather than for films."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.resources import resource

GREY: Final = ""
COLOUR_MAPS: Final = {
    "hot-iron": "Hot iron",
    "hot-metal-blue": "Hot metal blue",
    "pet": "PET",
    "pet-20-step": "PET, 20 steps",
    "viridis": "Viridis",
    "inferno": "Inferno",
    "cividis": "Cividis",
    "turbo": "Turbo",
}
"""Names as on the command line, and as a person reads them; those of PS3.6 Annex B first."""


def known_colour_map(name: str) -> str:
    """Return the name of a colour map, or GREY for "" and "grey".

    Raises UsageError for any other.
    """
    if name in {GREY, "grey"}:
        return GREY
    if name not in COLOUR_MAPS:
        known = ", ".join(("grey", *COLOUR_MAPS))
        raise UsageError(f"There is no colour map {name}; choose one of {known}.")
    return name


@cache
def colour_table(name: str) -> npt.NDArray[np.uint8]:
    """Return the colours of the grey levels 0 to 255: uint8 RGB (256, 3), read-only."""
    path = resource(f"colour_maps/{known_colour_map(name)}.txt")
    colours = [int(part) for part in path.read_text("ascii").split()]
    table = np.array(colours, dtype=np.uint8).reshape(256, 3)
    table.flags.writeable = False
    return table
