"""Which way round the patient lies in the pictures of an object: letters of the four edges.

Image Orientation (Patient), PS3.3 C.7.6.2.1.1, else Patient Orientation, C.7.6.1.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydicom.dataset import Dataset

from xray_studio.core.orientation import BIPED, Orientation, of_cosines
from xray_studio.core.per_frame import PerFrame, for_frames
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import numbers, text

KEYWORD = "PlaneOrientationSequence"
FRAME_KEYWORD = "PatientOrientationInFrameSequence"
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
