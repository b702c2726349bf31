"""What networks see of films and say of them, between their process and the one that asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """What a vision transformer sees in patches; `note` tells what did not go as usual.

    `tokens` are (pictures, patches, width), `attention` (pictures, heads, patches), `rollout`
    (pictures, patches).
    """

    tokens: Values
    attention: Values
    rollout: Values
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """What blocks of a network see: (pictures, channels, side, side) for each block asked for."""

    blocks: tuple[Values, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What an `AtypicalNet` is given, (pictures, channels, rows, columns) each."""

    form: Values
    texture: tuple[Values, ...]
    tokens: Values
    head: Values


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What an `AtypicalNet` says of pictures, in spreads above what is usual.

    `maps` are (pictures, rows, columns), one a channel; `films` (pictures, channels) tell of all.
    """

    maps: tuple[Values, ...]
    films: Values
    note: str = ""
