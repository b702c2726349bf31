"""One volume over another: whether they lie on one another, and how both are shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from xray_studio.core.clip import Identity
from xray_studio.core.colour_map import known_colour_map
from xray_studio.core.corner_text import NOT_REGISTERED
from xray_studio.core.errors import UsageError
from xray_studio.core.volume.volume import Volume

FUSED: Final = "FUSED"
_NEAR: Final = 1e-3  # mm by which voxels of one grid may differ
_STRANGERS: Final = (
    "The two volumes are of different patients as their files say; to lay them on one another all"
    " the same, ask for it (--force), and a badge says so."
)
_ELSEWHERE: Final = (
    "The two volumes do not share a frame of reference, so nothing says that they lie on one"
    " another; register them first (volume register), or ask for it all the same (--force), and a"
    " badge says so."
)


class Blend(Enum):
    """How two volumes share a picture. The values are those of the command line.

    In squares and beside a wipe each is seen alone, to check how well they fit.
    """

    OVER = "over"
    CHECKERBOARD = "checkerboard"
    WIPE = "wipe"


class Match(Enum):
    """Why two volumes may lie on one another. The values are for people."""

    FRAME = "same frame of reference"
    GRID = "same grid"
    FORCED = "not registered"


@dataclass(frozen=True, slots=True)
class FusionLook:
    """How the upper volume is shown over the lower one.

    `opacity` is 0 to 1; where it is `fading` it grows from nothing at the foot of the window to
    that at its top. `colour_map` is a name of `core.colour_map`, "" for greys. `square` are the mm
    of a square of the checkerboard, `wipe` the part of the width, from the left, that the lower
    volume takes. Raises UsageError for what cannot be.
    """

    blend: Blend = Blend.OVER
    opacity: float = 0.5
    colour_map: str = "hot-iron"
    fading: bool = False
    square: float = 20.0
    wipe: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "colour_map", known_colour_map(self.colour_map))
        if not (0.0 <= self.opacity <= 1.0 and 0.0 <= self.wipe <= 1.0):
            raise UsageError("Opacity and the place of a wipe are between 0 and 1.")
        if not self.square > 0.0:
            raise UsageError("Squares of a checkerboard are larger than 0 mm.")


def match(below: Volume, above: Volume, *, forced: bool = False) -> Match:
    """Return why one volume may be laid over another.

    They share the frame of reference that their files name, or one grid, as registered volumes and
    the contrasts of one case do. Raises UsageError where neither holds, or where the patients
    differ, unless that is `forced`.
    """
    apart = strangers(below.identity, above.identity)
    found = Match.FORCED if apart else matched(below, above)
    if found is Match.FORCED and not forced:
        raise UsageError(_STRANGERS if apart else _ELSEWHERE)
    return found


def matched(below: Volume, above: Volume) -> Match:
    """Return why one volume of a patient may be laid over another: FORCED where nothing says so."""
    told = (below.frame_of_reference, above.frame_of_reference)
    if all(told):
        return Match.FRAME if told[0] == told[1] else Match.FORCED
    one_grid = below.geometry.lies_as(above.geometry, _NEAR) and below.placed == above.placed
    return Match.GRID if one_grid else Match.FORCED


def badges(found: Match) -> tuple[str, ...]:
    """Return what stands on every picture of a fusion, in capitals."""
    return (FUSED, NOT_REGISTERED) if found is Match.FORCED else (FUSED,)


def strangers(one: Identity, other: Identity) -> bool:
    """Tell whether files name two different patients; one that names nobody differs from none."""
    pairs = (
        (one.patient_id, other.patient_id),
        (one.patient_name, other.patient_name),
        (one.birth_date, other.birth_date),
    )
    return any(a and b and a.strip().casefold() != b.strip().casefold() for a, b in pairs)
