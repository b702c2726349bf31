"""Where a region lies, in words: by the lungs where they are known, else in the picture."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.orientation import Orientation

Mask: TypeAlias = npt.NDArray[np.bool_]
ZONES: Final = ("upper", "middle", "lower")
_SIDES: Final = {"L": "left", "R": "right"}
USUAL: Final = Orientation("R", "L", "H", "F")
"""How a frontal film is looked at, whether or not its file says so."""


def place_words(
    place: tuple[int, int], shape: tuple[int, int], stored: Orientation, lungs: Mask | None = None
) -> str:
    """Return where a place (row, column) of a frame of (rows, columns) lies.

    `stored` are the letters at the edges of the frame, of the patient; `lungs`, (rows, columns),
    are those of a frontal film, whose usual orientation holds where its file tells none.
    """
    if lungs is not None and lungs.any():
        stored = stored if side_of(stored.left) else USUAL
        zone = _zone(place, lungs, stored)
        if zone:
            return zone
        return f"{_beside(place, shape, stored)}, outside the lungs"
    return _in_picture(place, shape, stored)


def _zone(place: tuple[int, int], lungs: Mask, stored: Orientation) -> str:
    """Return side and zone of a place in the lungs, "" beside them.

    Zones are thirds of the height of a lung.
    """
    row, column = place
    if not lungs[row, column] or not side_of(stored.left):
        return ""
    middle = _middle(lungs)
    at_left = column < middle
    own = lungs[:, : round(middle)] if at_left else lungs[:, round(middle) :]
    rows = np.flatnonzero(own.any(axis=1))
    if not rows.size:
        return ""
    part = (row - rows[0]) / max(1, rows[-1] - rows[0] + 1)
    upside_down = stored.top[:1] == "F"
    third = min(2, max(0, int(3 * (1 - part if upside_down else part))))
    return f"{side_of(stored.left if at_left else stored.right)} {ZONES[third]} zone"


def _middle(lungs: Mask) -> float:
    """Return the column that parts both lungs: where fewest pixels between them are lung."""
    columns = np.flatnonzero(lungs.any(axis=0))
    first, last = int(columns[0]), int(columns[-1])
    wide = last - first + 1
    inner = slice(first + wide // 4, max(first + wide // 4 + 1, last + 1 - wide // 4))
    counts = lungs[:, inner].sum(axis=0)
    return float(inner.start + np.flatnonzero(counts == counts.min()).mean())


def _beside(place: tuple[int, int], shape: tuple[int, int], stored: Orientation) -> str:
    """Return side of the patient and height of a place on a film, as zones are called."""
    down, across = (min(2, 3 * place[n] // shape[n]) for n in (0, 1))
    upside_down = stored.top[:1] == "F"
    height = ZONES[2 - down if upside_down else down]
    side = side_of((stored.left, "", stored.right)[across])
    return f"{side} {height}" if side else "middle" if down == 1 else f"{height} middle"


def _in_picture(place: tuple[int, int], shape: tuple[int, int], stored: Orientation) -> str:
    """Return a ninth of the picture; where its side of the patient is known, with that."""
    down = min(2, 3 * place[0] // shape[0])
    across = min(2, 3 * place[1] // shape[1])
    rows, columns = ("upper", "", "lower"), ("left", "", "right")
    words = " ".join(filter(None, (rows[down], columns[across]))) or "middle"
    if down != 1 and across == 1:
        words = f"{rows[down]} middle"
    side = side_of((stored.left, "", stored.right)[across])
    where = words if side and down != 1 else f"{words} of the picture"
    return f"{where}, patient's {side}" if side else where


def side_of(letters: str) -> str:
    """Return the side of the patient, "right" or "left", that letters at an edge begin with."""
    return _SIDES.get(letters[:1], "")
