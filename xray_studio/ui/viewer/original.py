"""The unprocessed picture beside a processed one: as it is, or as the difference of both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.presentation import Presentation
from xray_studio.core.processed import values_seen

if TYPE_CHECKING:
    from xray_studio.ui.frame_worker import FrameRequest

_MOST = 99.5  # percentile of the differences of a frame that its scale reaches
_NICE = (1.0, 2.0, 5.0, 10.0)
LESS, NONE, MORE = (77, 163, 255), (18, 18, 18), (255, 143, 77)  # blue, near black, orange


@dataclass(frozen=True, slots=True)
class Original:
    """What is wanted of the unprocessed clip, and how it is shown.

    `difference` asks for processed minus unprocessed values instead; `limit` is the difference that
    has the full colour at least, None while no frame told one.
    """

    clip: Clip
    presentation: Presentation
    difference: bool = False
    limit: float | None = None

    def __eq__(self, other: object) -> bool:
        """Compare clips by what they are: they are large."""
        if not isinstance(other, Original):
            return NotImplemented
        same = self.clip is other.clip and self.presentation == other.presentation
        return same and (self.difference, self.limit) == (other.difference, other.limit)

    def __hash__(self) -> int:
        """Return a number that equal ones have in common."""
        return hash((id(self.clip), self.difference, self.limit))


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a difference: full colour stands for `limit` and more, in `unit`.

    A limit of 0 tells that nothing is different, in this frame and those that were seen before.
    """

    limit: float
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class OriginalFrame:
    """The unprocessed frame: its picture on screen, its stored values, the scale of a difference.

    There is a picture or a scale.
    """

    image: QImage | None
    stored: Frame
    scale: Scale | None = None


def difference_picture(
    request: FrameRequest, beside: Original, stored: Frame, original: Frame
) -> tuple[Scale, npt.NDArray[np.uint8]]:
    """Return the scale of a difference and its picture: uint8 (rows, columns, 3).

    Values that rose are orange, those that fell blue, those that stayed near black. The scale of
    frames before holds, unless this frame needs a larger one.
    """
    change = values_seen(request.clip, stored, request.index)
    change = change - values_seen(beside.clip, original, request.index)
    limit = max(nice_limit(change), beside.limit or 0.0)
    factor = 127.0 / limit if limit else 0.0
    parts = np.clip(np.rint(change * factor), -127, 127).astype(np.int16) + 127
    unit = "grey levels" if request.clip.is_colour else request.clip.unit
    return Scale(limit, unit), signed_table()[parts]


def nice_limit(change: npt.NDArray[np.float32]) -> float:
    """Return 1, 2 or 5 times a power of ten that nearly all differences stay below, 0 for none."""
    most = float(np.percentile(np.abs(change), _MOST))
    if most <= 0.0:
        most = float(np.abs(change).max())
    if not most > 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * nice for nice in _NICE if power * nice >= most * (1.0 - 1e-6))


def signed_table() -> npt.NDArray[np.uint8]:
    """Return 255 colours, (255, 3): from the one for less over nothing to the one for more."""
    away = np.linspace(0.0, 1.0, 128)[:, None]
    less, none, more = (np.array(colour, np.float64) for colour in (LESS, NONE, MORE))
    lower, upper = none + (less - none) * away, none + (more - none) * away
    table: npt.NDArray[np.uint8] = np.rint(np.concatenate([lower[:0:-1], upper])).astype(np.uint8)
    return table
