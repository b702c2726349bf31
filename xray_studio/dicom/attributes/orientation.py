"""Which way round the patient lies in the pictures of an object: letters of the four edges.

Image Orientation (Patient), PS3.3 C.7.6.2.1.1, else Patient Orientation, C.7.6.1.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydicom.dataset import Dataset

from xray_studio.core.orientation import Orientation
from xray_studio.core.per_frame import PerFrame, for_frames
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import numbers, text

KEYWORD = "PlaneOrientationSequence"
FRAME_KEYWORD = "PatientOrientationInFrameSequence"
LEAST = 0.2  # cosine; a letter whose axis turns away by more is left out
SQUARE = 0.05  # cosine of the angle between row and column that still counts as none
NEARLY_ONE = 0.01  # by which the length of a direction may differ from 1

# What the axes of the patient's space point to, each with its opposite.
BIPED = (("L", "R"), ("P", "A"), ("H", "F"))
QUADRUPED = (("LE", "RT"), ("D", "V"), ("CR", "CD"))
OPPOSITES = {a: b for pair in BIPED for a, b in (pair, pair[::-1])}
ANIMAL_OPPOSITES = {
    "LE": "RT", "RT": "LE", "D": "V", "V": "D", "CR": "CD", "CD": "CR", "R": "CD",
    "M": "L", "L": "M", "PR": "DI", "DI": "PR", "PA": "D", "PL": "D",
}  # fmt: skip
# Letters of limbs and heads: what lies opposite to D or CD there cannot be told from them.
LIMBS = frozenset(("M", "L", "PR", "DI", "PA", "PL"))
ANIMAL_WORDS = re.compile("LE|RT|CR|CD|PR|DI|PA|PL|[DVRML]")


def read_orientation(groups: Groups, frames: int) -> Orientation | PerFrame[Orientation]:
    """Return the letters at the edges of the pictures as stored; empty where nothing is told."""
    animal = text(groups.dataset, "AnatomicalOrientationType").upper() == "QUADRUPED"
    varies = groups.varies(KEYWORD) or groups.varies(FRAME_KEYWORD)
    return for_frames(
        _orientation(groups, frame, animal=animal) for frame in range(frames if varies else 1)
    )


def _orientation(groups: Groups, frame: int, *, animal: bool) -> Orientation:
    by_space = numbers(groups.macro(KEYWORD, frame), "ImageOrientationPatient")
    if len(by_space) == 6:
        return of_cosines(by_space, animal=animal)
    return _of_letters(groups.macro(FRAME_KEYWORD, frame), animal=animal)


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


def _of_letters(dataset: Dataset, *, animal: bool) -> Orientation:
    """Return what Patient Orientation says of right and bottom, and its opposites."""
    stated = [part.strip().upper() for part in text(dataset, "PatientOrientation").split("\\")]
    if len(stated) != 2 or _one_axis(stated, animal=animal):
        return Orientation()
    words = [_words(part, animal=animal) for part in stated]
    everything = [word for part in words for word in part]
    opposite = [_opposite(part, everything, animal=animal) for part in words]
    right, bottom = ("".join(part) for part in words)
    return Orientation(opposite[0], right, opposite[1], bottom)


def _one_axis(stated: Sequence[str], *, animal: bool) -> bool:
    """Tell whether rows and columns are said to run along the same axis, which cannot be."""
    first = {part[:1] for part in stated}
    return not animal and any(first <= {*axis} for axis in BIPED)


def _words(stated: str, *, animal: bool) -> list[str]:
    """Return the single directions of a value, none when it is no orientation."""
    found = ANIMAL_WORDS.findall(stated) if animal else [*stated]
    known = "".join(found) == stated and all(animal or word in OPPOSITES for word in found)
    return found if known else []


def _opposite(words: Sequence[str], everything: Sequence[str], *, animal: bool) -> str:
    if not animal:
        return "".join(OPPOSITES[word] for word in words)
    unsure = {"D", "CD"} if LIMBS & {*everything} or "R" in everything else set()
    return "" if unsure & {*words} else "".join(ANIMAL_OPPOSITES[word] for word in words)
