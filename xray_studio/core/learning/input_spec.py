"""What a network is given: one size, one range of values, the same in training and after it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError

Squashed = npt.NDArray[np.uint8]
Normalised = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class InputSpec:
    """Size and range of a network's input; stands in `model.toml`.

    A picture is squashed to `rows` x `columns` whatever its shape, and stretched so that the
    percentiles `low` and `high` of its values become black and white, 0 and 255. Of these numbers,
    as shares of 255, `mean` is taken off and the rest divided by `deviation`.

    Networks that others have trained may want it otherwise: `shorter_side` above 0 keeps the shape,
    brings the shorter side to so many pixels and takes the middle; without `stretched` the grey
    levels stay those of the displayed picture.
    """

    rows: int = 224
    columns: int = 224
    low: float = 1.0
    high: float = 99.0
    mean: float = 0.5
    deviation: float = 0.25
    shorter_side: int = 0
    stretched: bool = True

    def __post_init__(self) -> None:
        """Refuse what no picture can become."""
        sides = (self.rows, self.columns, self.shorter_side)
        sized = all(isinstance(side, int) for side in sides)
        sized = sized and 8 <= self.rows <= 4096 and 8 <= self.columns <= 4096
        whole = max(self.rows, self.columns)
        sized = sized and (self.shorter_side == 0 or whole <= self.shorter_side <= 4096)
        ranged = 0.0 <= self.low < self.high <= 100.0 and 0.0 < self.deviation < math.inf
        if not sized or not ranged or not math.isfinite(self.mean):
            raise UsageError("The input of a model has a size or range that no picture can have.")

    def normalised(self, squashed: Squashed) -> Normalised:
        """Return squashed pictures, uint8 of any shape, as float32 for the network."""
        table = (np.arange(256, dtype=np.float32) / 255.0 - self.mean) / self.deviation
        return np.asarray(table.astype(np.float32)[squashed])

    def facts(self) -> dict[str, Any]:
        """Return the fields by name, as in `model.toml`; rare ones where they say something."""
        known = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in known if _RARE.get(name) != value}


_RARE: Final[Mapping[str, Any]] = {"shorter_side": 0, "stretched": True}
