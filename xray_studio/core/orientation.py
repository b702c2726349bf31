"""Which way round the patient lies in a picture (PS3.3 C.7.6.1.1.1, C.7.6.2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xray_studio.core.presentation import Presentation

LEAST: Final = 0.2  # cosine; a letter whose axis turns away by more is left out
SQUARE: Final = 0.05  # cosine of the angle between row and column that still counts as none
NEARLY_ONE: Final = 0.01  # by which the length of a direction may differ from 1

# What the axes of the patient's space point to, each with its opposite.
BIPED: Final = (("L", "R"), ("P", "A"), ("H", "F"))
QUADRUPED: Final = (("LE", "RT"), ("D", "V"), ("CR", "CD"))


@dataclass(frozen=True, slots=True)
class Orientation:
    """The letters at the four edges of a picture as stored, "" where nothing is known.

    A human being has A, P, L, R, H and F, an animal LE, RT, D, V, CR, CD and others; a slanting
    edge has several, the first one most of it.
    """

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


def as_shown(stored: Orientation, presentation: Presentation) -> Orientation:
    """Return the letters at the edges of a picture that is turned and flipped as presented.

    Turned clockwise first, then flipped (PS3.3 C.10.6).
    """
    edges = (stored.top, stored.right, stored.bottom, stored.left)
    quarter = presentation.rotation // 90 % 4
    top, right, bottom, left = edges[4 - quarter :] + edges[: 4 - quarter]
    if presentation.flip_horizontal:
        left, right = right, left
    if presentation.flip_vertical:
        top, bottom = bottom, top
    return Orientation(left, right, top, bottom)


def of_cosines(cosines: Sequence[float], *, animal: bool = False) -> Orientation:
    """Return the letters of a row's and a column's direction, (x, y, z) each."""
    row, column = tuple(cosines[:3]), tuple(cosines[3:6])
    if not are_directions(cosines):
        return Orientation()
    return Orientation(
        left=letters([-v for v in row], animal=animal),
        right=letters(row, animal=animal),
        top=letters([-v for v in column], animal=animal),
        bottom=letters(column, animal=animal),
    )


def are_directions(cosines: Sequence[float]) -> bool:
    """Tell whether six cosines are two directions at right angles (PS3.3 C.7.6.2.1.1)."""
    row, column = tuple(cosines[:3]), tuple(cosines[3:6])
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return _is_direction(row) and _is_direction(column) and abs(across) < SQUARE


def _is_direction(vector: Sequence[float]) -> bool:
    return abs(sum(v * v for v in vector) - 1.0) < 2.0 * NEARLY_ONE


def letters(direction: Sequence[float], *, animal: bool = False) -> str:
    """Return where a direction (x, y, z) of the patient's space points to, most of it first."""
    axes = QUADRUPED if animal else BIPED
    by_size = sorted(zip(direction, axes, strict=True), key=lambda part: -abs(part[0]))
    return "".join(axis[part < 0.0] for part, axis in by_size if abs(part) >= LEAST)
