"""One case: contrasts of one head on one grid, and a map that names what is where. Pure.

The layouts are those of the Brain Tumor Segmentation challenges (BraTS): until 2021
`NAME_t1.nii.gz` with `t1ce`, `t2`, `flair` and `seg`, since 2023 `NAME-t1n.nii.gz` with `t1c`,
`t2w`, `t2f` and `seg`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.volume import Volume

_CONTRASTS: Final = {
    "t1": "T1", "t1n": "T1",
    "t1ce": "T1 with contrast agent", "t1c": "T1 with contrast agent",
    "t1gd": "T1 with contrast agent",
    "t2": "T2", "t2w": "T2",
    "flair": "FLAIR", "t2f": "FLAIR",
}  # fmt: skip
_ORDER: Final = ("T1", "T1 with contrast agent", "T2", "FLAIR")
_LABELS: Final = frozenset(("seg", "segm", "label", "labels", "mask"))
_SINCE_2023: Final = frozenset(("t1n", "t1c", "t2w", "t2f"))
_NAME: Final = re.compile(r"(.+)[_-]([A-Za-z0-9]+)\.nii(?:\.gz)?", re.IGNORECASE)
_UNTIL_2021: Final = {
    1: "Necrotic and non-enhancing tumour core", 2: "Oedema", 3: "Non-enhancing tumour",
    4: "Enhancing tumour",
}  # fmt: skip
_FROM_2023: Final = {
    1: "Non-enhancing tumour core", 2: "Surrounding FLAIR hyperintensity", 3: "Enhancing tumour",
    4: "Resection cavity",
}  # fmt: skip
_COLOURS: Final[tuple[Colour, ...]] = (
    (0xE9, 0x5E, 0x5E), (0x62, 0xB8, 0x6B), (0x5B, 0x9B, 0xE0), (0xE8, 0xC2, 0x4A),
    (0xB0, 0x7C, 0xD9), (0x4F, 0xC4, 0xC4), (0xE8, 0x92, 0x4F), (0xD9, 0x7C, 0xB0),
)  # fmt: skip
_MOST: Final = 1000  # labels: a map of more is no map
_SAME: Final = 1e-2  # mm by which voxels of one case may lie apart: headers round


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """The files of a case: contrasts as (title, name of the file), in order.

    `labels` is the name of the file of labels, "" for none, `names` are what their numbers mean.
    """

    name: str
    contrasts: tuple[tuple[str, str], ...]
    labels: str
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the number of its voxels, what it is called, its colour and how much there is."""

    value: int
    name: str
    colour: Colour
    voxels: int
    millilitres: float


@dataclass(frozen=True, slots=True, eq=False)
class LabelMap:
    """Whole numbers on a grid, and what they mean; 0 means nothing."""

    volume: Volume
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One volume of a case, and what it is."""

    title: str
    volume: Volume


@dataclass(frozen=True, slots=True)
class Case:
    """Contrasts of one case on one grid; `labels` are None where the case has none."""

    name: str
    contrasts: tuple[Contrast, ...]
    labels: LabelMap | None


def case_of(names: Iterable[str]) -> CaseFiles | None:
    """Return the case that the names of a folder's files tell, None where they tell none.

    It has at least two contrasts, or one with a map of labels. Where the names tell several cases,
    or one thing twice, there is none.
    """
    contrasts: dict[str, str] = {}
    labels, stems, used = "", set[str](), set[str]()
    for name in sorted(names):
        told = _NAME.fullmatch(name)
        if told is None:
            continue
        stem, key = told[1], told[2].casefold()
        title = _CONTRASTS.get(key)
        twice = (title in contrasts) if title else bool(labels)
        if title is None and key not in _LABELS:
            continue
        if twice:
            return None
        stems.add(stem)
        used.add(key)
        if title is None:
            labels = name
        else:
            contrasts[title] = name
    if len(stems) != 1 or len(contrasts) + bool(labels) < 2 or not contrasts:
        return None
    meant = _FROM_2023 if used & _SINCE_2023 else _UNTIL_2021
    ordered = tuple((title, contrasts[title]) for title in _ORDER if title in contrasts)
    return CaseFiles(stems.pop(), ordered, labels, meant)


def label_map(volume: Volume, names: dict[int, str]) -> LabelMap:
    """Return a volume of whole numbers with what they mean.

    Raises UnsupportedError for numbers that are no labels.
    """
    found, counts = np.unique(volume.values, return_counts=True)
    whole = bool((found == np.rint(found)).all()) if len(found) <= _MOST else False
    if not whole or volume.moments > 1 or found.min() < 0:
        raise UnsupportedError(
            "The map of labels does not hold a whole number in each voxel, from 0 on; it is none."
        )
    labels = [
        _label(int(value), int(count), volume, names)
        for value, count in zip(found, counts, strict=True)
        if value != 0
    ]
    return LabelMap(volume, tuple(labels))


def _label(value: int, count: int, volume: Volume, names: dict[int, str]) -> Label:
    colour = _COLOURS[(value - 1) % len(_COLOURS)]
    amount = count * volume.geometry.voxel_volume / 1000.0
    return Label(value, names.get(value, f"Label {value}"), colour, count, amount)


def check_one_grid(named: Iterable[tuple[str, Volume]]) -> None:
    """Raise UnreadableError, with what differs, unless all volumes lie on one grid."""
    (first, wanted), *rest = named
    for title, volume in rest:
        if volume.geometry.lies_as(wanted.geometry, _SAME):
            continue
        sizes = [" x ".join(map(str, one.geometry.shape[::-1])) for one in (wanted, volume)]
        how = (
            f"{sizes[1]} voxels against {sizes[0]}"
            if sizes[0] != sizes[1]
            else "its voxels are of another size or lie elsewhere"
        )
        raise UnreadableError(
            f"{title} does not lie on the grid of {first} ({how}), so they make no case; register"
            " it first, or open the volumes one by one."
        )
